//===- TensorTypes.h - Types of ONNX tensors --------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_TARGET_ONNX_TENSORTYPES_H
#define SERENITY_LIB_TARGET_ONNX_TENSORTYPES_H

#include "ModelFile.h"
#include "mlir/IR/BuiltinTypes.h"
#include "serenity/Target/ONNX/Import.h"

namespace serenity::onnxformat {

/// The type of a tensor, its dimensions in the order of the file.
struct SourceType {
  /// A number of `TensorProto::DataType`, or a later one.
  int32_t element = 0;
  llvm::SmallVector<int64_t> shape;

  int64_t getRank() const { return shape.size(); }
  bool operator==(const SourceType &other) const {
    return element == other.element && shape == other.shape;
  }
};

/// The element type that stores `element`, an ONNX number; null if there is
/// none of a fixed size that the dialect knows.
mlir::Type getElementType(int32_t element, mlir::MLIRContext *context);

/// `type` with its dimensions in another order: dimension i of the result is
/// dimension `order[i]`. Without an order they stay as they are. Fails with the
/// reason if the type cannot be stored.
llvm::Expected<mlir::RankedTensorType>
getTensorType(const SourceType &type, mlir::MLIRContext *context,
              llvm::ArrayRef<int64_t> order = {});

/// The order of dimensions that makes NHWC of NCHW.
inline constexpr int64_t kImageOrder[] = {0, 2, 3, 1};

/// The elements of `shape`; nothing if they are more than 2^63.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

/// The sizes that a file leaves open.
class OpenDimensions {
public:
  /// Gives sizes to all that the inputs in `names` leave open. Fails with a
  /// diagnostic if there is none to give, or if a size given is not wanted.
  static mlir::FailureOr<OpenDimensions> find(const ModelFile &file,
                                              const ONNXImportOptions &options);

  /// The shape of a tensor declared as `type`; nothing if it is not a tensor or
  /// if some size remains open.
  std::optional<SourceType> resolve(const ::onnx::TypeProto &type,
                                    bool isInput) const;

  /// The size of dimension `dim`; nothing if it remains open.
  std::optional<int64_t> getSize(const ::onnx::TensorShapeProto &shape, int dim,
                                 bool isInput) const;

private:
  int64_t batch = 1;
  llvm::StringMap<int64_t> sizes;
};

} // namespace serenity::onnxformat

#endif // SERENITY_LIB_TARGET_ONNX_TENSORTYPES_H
