//===- ModelFile.h - An ONNX file that was parsed ---------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_MODELFILE_H
#define SERENITY_LIB_TARGET_ONNX_MODELFILE_H

#include "../ImportSupport.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"
#include <onnx/onnx_pb.h>

namespace serenity::onnxformat {

/// An ONNX file in memory, of any version that protobuf can parse.
class ModelFile {
public:
  /// Parses `buffer`. Fails with a diagnostic if that is not an ONNX file, or
  /// if it holds functions that call each other in a circle or too often, which
  /// would bring down libonnx.
  static mlir::FailureOr<ModelFile> open(llvm::MemoryBufferRef buffer,
                                         mlir::MLIRContext *context);

  mlir::Location getLoc() const { return loc; }
  mlir::MLIRContext *getContext() const { return loc.getContext(); }
  mlir::InFlightDiagnostic emitError() const { return mlir::emitError(loc); }
  mlir::InFlightDiagnostic emitWarning() const {
    return mlir::emitWarning(loc);
  }

  const ::onnx::ModelProto &getModel() const { return *model; }
  const ::onnx::GraphProto &getGraph() const { return model->graph(); }
  /// The version of the operators of `domain`, "" being ONNX's own; 0 if the
  /// file imports none.
  int64_t getOpset(llvm::StringRef domain) const;

  /// What diagnostics call node `index`: its position, operator and name.
  std::string describeNode(int64_t index) const;

  /// The contents of `tensor` as they are in memory, little-endian, wherever
  /// the file keeps them. They may be too few or too many for its shape.
  llvm::Expected<std::string>
  readContents(const ::onnx::TensorProto &tensor) const;

private:
  ModelFile(llvm::StringRef name, mlir::Location loc)
      : name(name), loc(loc), model(std::make_unique<::onnx::ModelProto>()) {}

  mlir::LogicalResult checkFunctions() const;
  llvm::Expected<std::string>
  readExternal(const ::onnx::TensorProto &tensor) const;

  std::string name;
  mlir::Location loc;
  std::unique_ptr<::onnx::ModelProto> model;
};

/// The domain of `node` or of a set of operators: ONNX's own has two names.
inline llvm::StringRef getDomain(llvm::StringRef domain) {
  return domain == "ai.onnx" ? "" : domain;
}

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_MODELFILE_H
