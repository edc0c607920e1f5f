//===- TextbookKernels.h - Kernels as a textbook writes them ----*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What generated code is measured against: quantised kernels of uint8 in plain
// C, a loop for each dimension, nothing unrolled, blocked or specialised.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_BENCHMARK_TEXTBOOKKERNELS_H
#define SERENITY_TEST_BENCHMARK_TEXTBOOKKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An image of height, width and channels; the batch is one.
struct TextbookShape {
  int32_t height, width, channels;
};

/// A window of one kernel.
struct TextbookWindow {
  int32_t height, width;
  int32_t strideY, strideX;
  int32_t padTop, padLeft;
};

/// Products are `(x - inputZero) * (w - filterZero)`; sums times
/// multiplier * 2^(shift - 31), plus outputZero, are clamped to [low, high].
struct TextbookQuantization {
  int32_t inputZero, filterZero, outputZero;
  int32_t multiplier, shift;
  int32_t low, high;
};

void textbookConvolution(const uint8_t *input, struct TextbookShape inputShape,
                         const uint8_t *filter, const int32_t *bias,
                         uint8_t *output, struct TextbookShape outputShape,
                         struct TextbookWindow window,
                         struct TextbookQuantization quantization);

/// As many output as input channels.
void textbookDepthwise(const uint8_t *input, struct TextbookShape inputShape,
                       const uint8_t *filter, const int32_t *bias,
                       uint8_t *output, struct TextbookShape outputShape,
                       struct TextbookWindow window,
                       struct TextbookQuantization quantization);

void textbookMaxPool(const uint8_t *input, struct TextbookShape inputShape,
                     uint8_t *output, struct TextbookShape outputShape,
                     struct TextbookWindow window);

void textbookAveragePool(const uint8_t *input, struct TextbookShape inputShape,
                         uint8_t *output, struct TextbookShape outputShape,
                         struct TextbookWindow window);

/// One summand: its zero point and the factor that brings it to a common scale
/// with 20 more bits.
struct TextbookSummand {
  const uint8_t *data;
  int32_t zero, multiplier, shift;
};

/// The quantisation is that of the sum; it has no filter and input.
void textbookAdd(struct TextbookSummand a, struct TextbookSummand b,
                 uint8_t *output, int32_t count,
                 struct TextbookQuantization quantization);

/// Pixels of several images side by side.
void textbookConcatenate(const uint8_t *const *inputs, const int32_t *channels,
                         int32_t numInputs, int32_t numPixels, uint8_t *output);

#ifdef __cplusplus
}
#endif

#endif // SERENITY_TEST_BENCHMARK_TEXTBOOKKERNELS_H
