//===- TextbookNetwork.h - A network of textbook kernels --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_BENCHMARK_TEXTBOOKNETWORK_H
#define SERENITY_TEST_BENCHMARK_TEXTBOOKNETWORK_H

#include "TFLiteSchema_generated.h"
#include "TextbookKernels.h"

#include <functional>
#include <string>
#include <vector>

namespace serenity::reference {

/// The first operators of SwiftNet, each a call of a textbook kernel whose
/// arguments were computed beforehand.
class TextbookNetwork {
public:
  /// `file` holds SwiftNet as TFLite, in uint8.
  TextbookNetwork(const std::string &file, int64_t numOperators);

  /// Where the input belongs.
  std::vector<uint8_t> &getInput();
  void run() const;
  /// What the last operator wrote.
  const std::vector<uint8_t> &getOutput() const { return contents[output]; }

private:
  void addOperator(const tflite::OperatorT &op);
  void addConvolution(const tflite::OperatorT &op, bool isDepthwise);
  void addFullyConnected(const tflite::OperatorT &op);
  void addPooling(const tflite::OperatorT &op, bool isMaximum);
  void addAddition(const tflite::OperatorT &op);
  void addConcatenation(const tflite::OperatorT &op);
  void addCopy(int32_t input, int32_t output);

  const tflite::TensorT &getTensor(int32_t index) const {
    return *model.subgraphs.front()->tensors[index];
  }
  TextbookShape getShape(int32_t tensor) const;
  TextbookQuantization
  getQuantization(const tflite::OperatorT &op,
                  tflite::ActivationFunctionType activation) const;
  const int32_t *getBias(const tflite::OperatorT &op) const;

  tflite::ModelT model;
  /// Of every tensor; biases are four bytes each.
  std::vector<std::vector<uint8_t>> contents;
  std::vector<std::function<void()>> calls;
  int32_t output = 0;
};

} // namespace serenity::reference

#endif // SERENITY_TEST_BENCHMARK_TEXTBOOKNETWORK_H
