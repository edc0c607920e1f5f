//===- TextbookKernels.c - Kernels as a textbook writes them --------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TextbookKernels.h"

static int32_t scale(int64_t value, int32_t multiplier, int32_t shift) {
  const int64_t product = value * multiplier;
  const int64_t half = (int64_t)1 << 30;
  const int64_t high =
      (product + (product >= 0 ? half : 1 - half)) / ((int64_t)1 << 31);
  if (shift >= 0)
    return high;
  const int64_t rounding = (int64_t)1 << (-shift - 1);
  return high >= 0 ? (high + rounding) >> -shift
                   : -((-high + rounding) >> -shift);
}

static uint8_t requantize(int32_t sum, struct TextbookQuantization q) {
  const int32_t value = scale(sum, q.multiplier, q.shift) + q.outputZero;
  return value < q.low ? q.low : value > q.high ? q.high : value;
}

void textbookConvolution(const uint8_t *input, struct TextbookShape inputShape,
                         const uint8_t *filter, const int32_t *bias,
                         uint8_t *output, struct TextbookShape outputShape,
                         struct TextbookWindow window,
                         struct TextbookQuantization quantization) {
  for (int y = 0; y < outputShape.height; ++y)
    for (int x = 0; x < outputShape.width; ++x)
      for (int o = 0; o < outputShape.channels; ++o) {
        int32_t sum = bias ? bias[o] : 0;
        for (int ky = 0; ky < window.height; ++ky) {
          const int iy = y * window.strideY - window.padTop + ky;
          if (iy < 0 || iy >= inputShape.height)
            continue;
          for (int kx = 0; kx < window.width; ++kx) {
            const int ix = x * window.strideX - window.padLeft + kx;
            if (ix < 0 || ix >= inputShape.width)
              continue;
            for (int c = 0; c < inputShape.channels; ++c) {
              const int32_t value =
                  input[(iy * inputShape.width + ix) * inputShape.channels + c];
              const int32_t weight =
                  filter[((o * window.height + ky) * window.width + kx) *
                             inputShape.channels +
                         c];
              sum += (value - quantization.inputZero) *
                     (weight - quantization.filterZero);
            }
          }
        }
        output[(y * outputShape.width + x) * outputShape.channels + o] =
            requantize(sum, quantization);
      }
}

void textbookDepthwise(const uint8_t *input, struct TextbookShape inputShape,
                       const uint8_t *filter, const int32_t *bias,
                       uint8_t *output, struct TextbookShape outputShape,
                       struct TextbookWindow window,
                       struct TextbookQuantization quantization) {
  for (int y = 0; y < outputShape.height; ++y)
    for (int x = 0; x < outputShape.width; ++x)
      for (int c = 0; c < outputShape.channels; ++c) {
        int32_t sum = bias ? bias[c] : 0;
        for (int ky = 0; ky < window.height; ++ky) {
          const int iy = y * window.strideY - window.padTop + ky;
          if (iy < 0 || iy >= inputShape.height)
            continue;
          for (int kx = 0; kx < window.width; ++kx) {
            const int ix = x * window.strideX - window.padLeft + kx;
            if (ix < 0 || ix >= inputShape.width)
              continue;
            const int32_t value =
                input[(iy * inputShape.width + ix) * inputShape.channels + c];
            const int32_t weight =
                filter[(ky * window.width + kx) * inputShape.channels + c];
            sum += (value - quantization.inputZero) *
                   (weight - quantization.filterZero);
          }
        }
        output[(y * outputShape.width + x) * outputShape.channels + c] =
            requantize(sum, quantization);
      }
}

void textbookMaxPool(const uint8_t *input, struct TextbookShape inputShape,
                     uint8_t *output, struct TextbookShape outputShape,
                     struct TextbookWindow window) {
  for (int y = 0; y < outputShape.height; ++y)
    for (int x = 0; x < outputShape.width; ++x)
      for (int c = 0; c < outputShape.channels; ++c) {
        uint8_t largest = 0;
        for (int ky = 0; ky < window.height; ++ky)
          for (int kx = 0; kx < window.width; ++kx) {
            const int iy = y * window.strideY - window.padTop + ky;
            const int ix = x * window.strideX - window.padLeft + kx;
            if (iy < 0 || iy >= inputShape.height || ix < 0 ||
                ix >= inputShape.width)
              continue;
            const uint8_t value =
                input[(iy * inputShape.width + ix) * inputShape.channels + c];
            largest = value > largest ? value : largest;
          }
        output[(y * outputShape.width + x) * outputShape.channels + c] =
            largest;
      }
}

void textbookAveragePool(const uint8_t *input, struct TextbookShape inputShape,
                         uint8_t *output, struct TextbookShape outputShape,
                         struct TextbookWindow window) {
  for (int y = 0; y < outputShape.height; ++y)
    for (int x = 0; x < outputShape.width; ++x)
      for (int c = 0; c < outputShape.channels; ++c) {
        int32_t sum = 0, count = 0;
        for (int ky = 0; ky < window.height; ++ky)
          for (int kx = 0; kx < window.width; ++kx) {
            const int iy = y * window.strideY - window.padTop + ky;
            const int ix = x * window.strideX - window.padLeft + kx;
            if (iy < 0 || iy >= inputShape.height || ix < 0 ||
                ix >= inputShape.width)
              continue;
            sum +=
                input[(iy * inputShape.width + ix) * inputShape.channels + c];
            ++count;
          }
        output[(y * outputShape.width + x) * outputShape.channels + c] =
            (sum + count / 2) / count;
      }
}

void textbookAdd(struct TextbookSummand a, struct TextbookSummand b,
                 uint8_t *output, int32_t count,
                 struct TextbookQuantization quantization) {
  for (int i = 0; i < count; ++i) {
    const int64_t x = (int64_t)(a.data[i] - a.zero) * (1 << 20);
    const int64_t y = (int64_t)(b.data[i] - b.zero) * (1 << 20);
    output[i] = requantize(scale(x, a.multiplier, a.shift) +
                               scale(y, b.multiplier, b.shift),
                           quantization);
  }
}

void textbookConcatenate(const uint8_t *const *inputs, const int32_t *channels,
                         int32_t numInputs, int32_t numPixels,
                         uint8_t *output) {
  for (int i = 0; i < numPixels; ++i)
    for (int n = 0; n < numInputs; ++n)
      for (int c = 0; c < channels[n]; ++c)
        *output++ = inputs[n][i * channels[n] + c];
}
