//===- NetworkBuilder.h - Small TFLite files for tests ----------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_TARGET_TFLITE_NETWORKBUILDER_H
#define SERENITY_TEST_TARGET_TFLITE_NETWORKBUILDER_H

#include "TFLiteSchema_generated.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "serenity/Target/TFLite/Import.h"

#include <gtest/gtest.h>

namespace serenity::tflite {

/// A network of one subgraph in the making. Tests may change `model` as they
/// like before it is packed.
class NetworkBuilder {
public:
  NetworkBuilder() {
    model.version = 3;
    model.buffers.push_back(std::make_unique<BufferT>());
    addSubgraph();
  }

  /// Starts another subgraph, to which all that follows is added.
  SubGraphT &addSubgraph(const std::string &name = "") {
    model.subgraphs.push_back(std::make_unique<SubGraphT>());
    graph().name = name;
    return graph();
  }
  SubGraphT &graph() { return *model.subgraphs.back(); }
  TensorT &tensor(int32_t index) { return *graph().tensors[index]; }

  /// Adds a tensor that is named after its position.
  int32_t addTensor(std::vector<int32_t> shape,
                    TensorType type = TensorType::FLOAT32) {
    auto tensor = std::make_unique<TensorT>();
    tensor->shape = std::move(shape);
    tensor->type = type;
    tensor->name = "t" + std::to_string(graph().tensors.size());
    graph().tensors.push_back(std::move(tensor));
    return graph().tensors.size() - 1;
  }
  int32_t addInput(std::vector<int32_t> shape,
                   TensorType type = TensorType::FLOAT32) {
    graph().inputs.push_back(addTensor(std::move(shape), type));
    return graph().inputs.back();
  }
  int32_t addOutput(std::vector<int32_t> shape,
                    TensorType type = TensorType::FLOAT32) {
    graph().outputs.push_back(addTensor(std::move(shape), type));
    return graph().outputs.back();
  }
  /// Adds a constant with these bytes.
  int32_t addConstant(std::vector<int32_t> shape, TensorType type,
                      std::vector<uint8_t> bytes) {
    const int32_t index = addTensor(std::move(shape), type);
    tensor(index).buffer = model.buffers.size();
    model.buffers.push_back(std::make_unique<BufferT>());
    model.buffers.back()->data = std::move(bytes);
    return index;
  }
  /// Adds a one-dimensional constant.
  int32_t addIntegers(const std::vector<int32_t> &values) {
    std::vector<uint8_t> bytes(4 * values.size());
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return addConstant({static_cast<int32_t>(values.size())}, TensorType::INT32,
                       std::move(bytes));
  }
  /// Adds a constant of zeros.
  int32_t addFloats(std::vector<int32_t> shape) {
    size_t size = sizeof(float);
    for (int32_t dim : shape)
      size *= dim;
    return addConstant(std::move(shape), TensorType::FLOAT32,
                       std::vector<uint8_t>(size, 0));
  }
  void quantize(int32_t index, std::vector<float> scales,
                std::vector<int64_t> zeroPoints = {}, int32_t dimension = 0) {
    auto parameters = std::make_unique<QuantizationParametersT>();
    parameters->scale = std::move(scales);
    parameters->zero_point = std::move(zeroPoints);
    parameters->quantized_dimension = dimension;
    tensor(index).quantization = std::move(parameters);
  }

  OperatorT &addOperator(BuiltinOperator builtin, std::vector<int32_t> inputs,
                         std::vector<int32_t> outputs) {
    auto op = std::make_unique<OperatorT>();
    op->opcode_index = model.operator_codes.size();
    op->inputs = std::move(inputs);
    op->outputs = std::move(outputs);
    model.operator_codes.push_back(std::make_unique<OperatorCodeT>());
    model.operator_codes.back()->builtin_code = builtin;
    graph().operators.push_back(std::move(op));
    return *graph().operators.back();
  }
  template <typename OptionsT>
  OperatorT &addOperator(BuiltinOperator builtin, std::vector<int32_t> inputs,
                         std::vector<int32_t> outputs, OptionsT options) {
    OperatorT &op = addOperator(builtin, std::move(inputs), std::move(outputs));
    op.builtin_options.Set(std::move(options));
    return op;
  }

  /// The file.
  std::string pack() const {
    flatbuffers::FlatBufferBuilder builder;
    FinishModelBuffer(builder, Model::Pack(builder, &model));
    return std::string(
        reinterpret_cast<const char *>(builder.GetBufferPointer()),
        builder.GetSize());
  }

  ModelT model;
};

/// Imports files and keeps what was said.
class ImportTest : public ::testing::Test {
protected:
  /// Null if the import fails; what it returns is valid.
  mlir::OwningOpRef<mlir::ModuleOp>
  importFile(const std::string &file, const TFLiteImportOptions &options = {}) {
    messages.clear();
    mlir::ScopedDiagnosticHandler handler(
        &context, [&](mlir::Diagnostic &diagnostic) {
          messages.push_back(diagnostic.str());
          return mlir::success();
        });
    auto module = importTFLite(llvm::MemoryBufferRef(file, "test.tflite"),
                               options, &context);
    EXPECT_TRUE(!module || mlir::succeeded(mlir::verify(*module)));
    return module;
  }
  mlir::OwningOpRef<mlir::ModuleOp>
  import(const NetworkBuilder &builder,
         const TFLiteImportOptions &options = {}) {
    return importFile(builder.pack(), options);
  }

  /// The only operation of its kind in `module`.
  template <typename OpTy> static OpTy only(mlir::ModuleOp module) {
    OpTy found;
    int count = 0;
    module.walk([&](OpTy op) {
      found = op;
      ++count;
    });
    EXPECT_EQ(count, 1) << OpTy::getOperationName().str();
    return found;
  }

  static std::string toString(mlir::Type type) {
    std::string text;
    llvm::raw_string_ostream(text) << type;
    return text;
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  std::vector<std::string> messages;
};

} // namespace serenity::tflite

#endif // SERENITY_TEST_TARGET_TFLITE_NETWORKBUILDER_H
