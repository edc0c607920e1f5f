//===- RandomNetwork.h - Small TFLite networks from seeds -------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_REFERENCE_RANDOMNETWORK_H
#define SERENITY_TEST_REFERENCE_RANDOMNETWORK_H

#include "NetworkBuilder.h"
#include "serenity/Core/Graph/RandomSource.h"

namespace serenity::reference {

/// Draws a network of a few operators over small images, with weights. It is
/// float, int8 (weights with one scale or one for each channel) or uint8. What
/// no operator reads is an output.
class RandomNetwork {
public:
  explicit RandomNetwork(uint64_t seed);

  std::string pack() const { return builder.pack(); }
  /// The network, which may be changed before it is packed.
  tflite::NetworkBuilder builder;
  /// Positions of the buffers of all filters.
  std::vector<int32_t> filterBuffers;

private:
  int32_t below(int32_t bound) { return random.below(bound); }
  /// A random element of `values`.
  template <typename T> T pick(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }

  const std::vector<int32_t> &getShape(int32_t tensor) {
    return builder.tensor(tensor).shape;
  }
  bool isFloat() const { return type == tflite::TensorType::FLOAT32; }
  /// An existing image.
  int32_t pickImage() { return images[below(images.size())]; }

  /// Adds a tensor, quantised like tensor `like` or, without one, by one of a
  /// few scales, so that many tensors can be concatenated.
  int32_t addTensor(std::vector<int32_t> shape,
                    std::optional<int32_t> like = std::nullopt);
  /// Adds weights, each output being a sum of `numTaps` products. Channels are
  /// dimension `axis`.
  int32_t addFilter(std::vector<int32_t> shape, int32_t axis, int32_t numTaps,
                    int32_t input, int32_t output);
  int32_t addBias(int32_t input, int32_t filter, int32_t size);

  void addConvolution();
  void addDepthwise();
  void addPooling();
  void addAddition();
  void addConcatenation();
  void addReshape();
  void addClassifier();
  void markOutputs();

  /// The size of a window along a dimension, how it moves, and what remains.
  struct Window {
    int32_t size, stride, dilation, output;
  };
  Window drawWindow(int32_t extent, tflite::Padding padding, bool mayDilate);
  tflite::Padding drawPadding() {
    return pick({tflite::Padding::SAME, tflite::Padding::VALID});
  }
  tflite::ActivationFunctionType drawActivation();

  core::RandomSource random;
  tflite::TensorType type;
  std::vector<int32_t> images;
};

} // namespace serenity::reference

#endif // SERENITY_TEST_REFERENCE_RANDOMNETWORK_H
