//===- Interpreter.h - Runs TFLite files by textbook loops ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A second executor for tests. It shares nothing with the compiler but the
// schema of the files: it follows TFLite's reference kernels operator by
// operator, in the order of the file, in the simplest way there is.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_REFERENCE_INTERPRETER_H
#define SERENITY_TEST_REFERENCE_INTERPRETER_H

#include "TFLiteSchema_generated.h"
#include "serenity/Execution/HostTensor.h"

namespace serenity::reference {

/// The contents of a tensor: integers or floats, by its type.
struct Tensor {
  tflite::TensorType type;
  std::vector<int64_t> shape;
  /// One for the tensor, or one for each index of a dimension; none in floats.
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  std::vector<int64_t> integers;
  std::vector<float> floats;

  bool isFloat() const { return type == tflite::TensorType::FLOAT32; }
  int64_t countElements() const;
  /// Of element [i, j, k, l] of a tensor of four dimensions.
  int64_t indexOf(int64_t i, int64_t j, int64_t k, int64_t l) const {
    return ((i * shape[1] + j) * shape[2] + k) * shape[3] + l;
  }
};

/// An operator with its tensors; an absent input is null.
struct Call {
  const tflite::OperatorT &op;
  std::vector<const Tensor *> inputs;
  std::vector<Tensor *> outputs;
};

/// The kernels. They throw std::runtime_error on what no test needs.
void runConvolution(const Call &call);
void runDepthwiseConvolution(const Call &call);
void runFullyConnected(const Call &call);
void runPooling(const Call &call, bool isMaximum);
void runAddition(const Call &call);
void runSoftmax(const Call &call);
void runConcatenation(const Call &call);
/// Outputs that are the input's elements, in order.
void runCopy(const Call &call);

class Interpreter {
public:
  /// `file` holds a valid TFLite file of float, int8 and uint8 operators.
  explicit Interpreter(const std::string &file);

  /// What the network computes from `inputs`, which have the right shapes; or
  /// its first `numOperators` operators: then what the last of them writes.
  std::vector<HostTensor> run(const std::vector<HostTensor> &inputs,
                              std::optional<int64_t> numOperators = {});

private:
  tflite::BuiltinOperator getKind(const tflite::OperatorT &op) const;
  void runOperator(const tflite::OperatorT &op);

  tflite::ModelT model;
  std::vector<Tensor> tensors;
};

} // namespace serenity::reference

#endif // SERENITY_TEST_REFERENCE_INTERPRETER_H
