//===- KernelTest.h - Kernels run against textbook code ---------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CONVERSION_SERENITYTOMEMREF_KERNELTEST_H
#define SERENITY_TEST_CONVERSION_SERENITYTOMEMREF_KERNELTEST_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "serenity/Core/Graph/RandomSource.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Execution/Program.h"

#include "gtest/gtest.h"

namespace serenity {

/// The stored elements of a tensor: integers or floats, which fit a double.
struct Array {
  mlir::RankedTensorType type;
  std::vector<double> values;

  llvm::ArrayRef<int64_t> shape() const {
    return mlir::RankedTensorType(type).getShape();
  }
  /// The element at `indices`.
  double at(llvm::ArrayRef<int64_t> indices) const;
  double &at(llvm::ArrayRef<int64_t> indices);
};

/// Calls `body` with the indices of every element of an array of `shape`.
void forEachIndex(llvm::ArrayRef<int64_t> shape,
                  llvm::function_ref<void(llvm::ArrayRef<int64_t>)> body);

/// gemmlowp's functions, as it writes them.
int32_t saturatingRoundingDoublingHighMul(int32_t a, int32_t b);
int32_t roundingDivideByPOT(int32_t x, int exponent);

/// TFLite's MultiplyByQuantizedMultiplier for the real number `factor`, as
/// gemmlowp writes it.
int32_t multiplyByQuantized(int32_t value, double factor);

/// Runs single kernels.
class KernelTest : public ::testing::Test {
protected:
  KernelTest();

  int64_t draw(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(random.below(most - least + 1));
  }
  bool flip() { return draw(0, 1) == 1; }
  template <typename T> T pick(std::initializer_list<T> choices) {
    return choices.begin()[draw(0, choices.size() - 1)];
  }

  /// A type of bytes, its zero point often at an end of the range.
  mlir::quant::UniformQuantizedType drawByteType(bool isSigned, double scale);
  mlir::Type i32() { return mlir::IntegerType::get(&context, 32); }
  mlir::Type f16() { return mlir::Float16Type::get(&context); }
  mlir::Type f32() { return mlir::Float32Type::get(&context); }
  mlir::Type f64() { return mlir::Float64Type::get(&context); }
  mlir::Type pickFloat() { return pick({f16(), f32(), f64()}); }
  static mlir::RankedTensorType tensor(llvm::ArrayRef<int64_t> shape,
                                       mlir::Type element) {
    return mlir::RankedTensorType::get(shape, element);
  }
  /// Elements over the whole range of the type, extreme ones often; floats as
  /// `floats` says.
  Array drawArray(mlir::RankedTensorType type);
  /// Small integers for an accumulator or a bias.
  Array drawBias(mlir::RankedTensorType type);

  using Body = llvm::function_ref<mlir::Value(mlir::OpBuilder &,
                                              llvm::ArrayRef<mlir::Value>)>;
  /// The result of the function whose arguments hold `inputs` and that returns
  /// what `body` makes of them. `attributes` are the function's.
  Array run(llvm::ArrayRef<Array> inputs, Body body,
            llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  /// The two steps of `run`: a module with that function, and the result of
  /// running it.
  mlir::OwningOpRef<mlir::ModuleOp>
  build(llvm::ArrayRef<Array> inputs, Body body,
        llvm::ArrayRef<mlir::NamedAttribute> attributes = {});
  Array execute(mlir::OwningOpRef<mlir::ModuleOp> module,
                llvm::ArrayRef<Array> inputs);
  /// A weight with the contents of `array`.
  static mlir::Value weight(mlir::OpBuilder &builder, const Array &array);
  static mlir::Location loc(mlir::OpBuilder &builder) {
    return builder.getUnknownLoc();
  }

  mlir::MLIRContext context;
  core::RandomSource random{1};
  /// Floats are multiples of `step`, from -`most` to `most` of them: by default
  /// in [-1, 1], all of which half precision has.
  struct {
    int64_t most = 1024;
    double step = 1.0 / 1024;
  } floats;
  /// How `execute` compiles.
  ProgramOptions options;
  /// What the last run allocated.
  HeapUse heap;
};

/// Integers must be equal. Floats must differ by at most 1e-5 of the largest if
/// they are computed in 32 bits, or 1e-12 in 64; those of 16 bits are rounded
/// from 32, by at most half a unit in the last place in addition.
void expectSame(const Array &actual, const Array &expected);

} // namespace serenity

#endif // SERENITY_TEST_CONVERSION_SERENITYTOMEMREF_KERNELTEST_H
