//===- Products.cpp - Convolutions and fully connected layers -------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Lanes are output channels, so that sums are in the order of TFLite's
// reference kernels, in floats too, and nothing is added across lanes.
//
//===----------------------------------------------------------------------===//

#include "FixedPoint.h"
#include "Kernels.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "serenity/Dialect/Serenity/IR/Accumulators.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::detail;

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// The factors from the accumulators of `op` to its quantised result.
template <typename ProductOp>
static SmallVector<double> getFactors(ProductOp op) {
  SmallVector<double> factors = getAccumulatorScales(op);
  const double scale = getScales(op.getType().getElementType()).front();
  for (double &factor : factors)
    factor /= scale;
  return factors;
}

/// Whether elements of `type` are stored bytes with a common zero point.
static bool isFilterByte(Type type) {
  if (isQuantizedByte(type))
    return true;
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  return perAxis && perAxis.getStorageTypeIntegralWidth() == 8 &&
         llvm::all_equal(perAxis.getZeroPoints());
}

/// Checks the operands of `op`, whose input is quantised.
template <typename ProductOp>
static LogicalResult checkQuantized(ProductOp op) {
  Type filter = op.getFilter().getType().getElementType();
  Type result = op.getType().getElementType();
  if (!isFilterByte(filter))
    return emitTypeError(op, filter);
  if (op.getBias() && getStoredElement(getElementTypeOrSelf(op.getBias())) !=
                          IntegerType::get(op.getContext(), 32))
    return emitTypeError(op, getElementTypeOrSelf(op.getBias()));
  if (isAccumulator(result))
    return success();
  if (!isQuantizedByte(result))
    return emitTypeError(op, result);
  if (op.getAccumulator())
    return op.emitOpError() << "accumulates in elements of type " << result
                            << ", which kernels have rounded already";
  for (double factor : getFactors(op))
    if (!isValidMultiplier(factor))
      return op.emitOpError()
             << "multiplies its accumulator by " << factor
             << ", more than the 2^30 that kernels can multiply by";
  return success();
}

template <typename ProductOp> static LogicalResult checkProduct(ProductOp op) {
  Type input = op.getInput().getType().getElementType();
  Type result = op.getType().getElementType();
  if (failed(checkActivation(op, result, op.getActivation())))
    return failure();
  if (isFloat(input))
    return success();
  return isQuantizedByte(input) ? checkQuantized(op) : emitTypeError(op, input);
}

//===----------------------------------------------------------------------===//
// Parts of kernels
//===----------------------------------------------------------------------===//

namespace {

/// Numbers to multiply: elements of an operand, less its zero point.
struct Factors {
  Value memref;
  Type elementType;

  Value load(KernelBuilder &b, ValueRange indices, int64_t lanes) const {
    return center(b, b.load(memref, indices, lanes, elementType));
  }
  Value loadSplat(KernelBuilder &b, ValueRange indices, int64_t lanes) const {
    return b.splat(center(b, b.loadScalar(memref, indices, elementType)),
                   lanes);
  }

private:
  Value center(KernelBuilder &b, Value value) const {
    if (isFloat(elementType))
      return value;
    return b.sub(value, b.integer(value.getType(), getZeroPoint(elementType)));
  }
};

/// The filters of a product, [filter, ...] or, if their contents are known
/// and so can be moved, [..., filter].
struct Filters {
  Factors factors;
  bool isFilterLast;

  /// The most lanes that can be loaded: filters beside each other.
  int64_t maxLanes() const {
    return isFilterLast ? KernelBuilder::maxLanes : 1;
  }
  Value load(KernelBuilder &b, Value filter, ArrayRef<Value> position,
             int64_t lanes) const {
    SmallVector<Value> indices(position);
    indices.insert(isFilterLast ? indices.end() : indices.begin(), filter);
    return factors.load(b, indices, lanes);
  }
};

/// What becomes of the sums of products: bias, accumulator, rounding,
/// activation, result.
class ProductEnd {
public:
  template <typename ProductOp> ProductEnd(Kernel &kernel, ProductOp op);

  /// A vector of `lanes` sums of nothing.
  Value getZero(KernelBuilder &b, int64_t lanes) const {
    auto type = VectorType::get({lanes}, getComputedElement(elementType));
    return isFloat(elementType) ? b.real(type, 0) : b.integer(type, 0);
  }
  /// Finishes `sums`, of output channels from the last of `indices` on.
  void build(KernelBuilder &b, Value sums, ValueRange indices) const;

private:
  Value result, bias, accumulator;
  Type elementType, biasType;
  Activation activation;
  std::optional<ChannelMultiplier> multiplier;
};

} // namespace

template <typename ProductOp>
ProductEnd::ProductEnd(Kernel &kernel, ProductOp op)
    : result(kernel.getMemRef(op.getResult())),
      elementType(op.getType().getElementType()),
      activation(op.getActivation()) {
  if (op.getBias()) {
    bias = kernel.getMemRef(op.getBias());
    biasType = getElementTypeOrSelf(op.getBias());
  }
  if (op.getAccumulator())
    accumulator = kernel.getMemRef(op.getAccumulator());
  if (isQuantizedByte(elementType))
    multiplier.emplace(kernel, kernel.getConstants(), getFactors(op));
}

void ProductEnd::build(KernelBuilder &b, Value sums, ValueRange indices) const {
  const int64_t lanes = cast<VectorType>(sums.getType()).getNumElements();
  if (bias)
    sums = b.add(sums, b.load(bias, indices.back(), lanes, biasType));
  if (accumulator)
    sums = b.add(b.load(accumulator, indices, lanes, elementType), sums);
  if (multiplier) {
    sums = multiplier->build(b, sums, indices.back());
    sums = b.add(sums, b.integer(sums.getType(), getZeroPoint(elementType)));
  }
  if (!isAccumulator(elementType))
    sums = buildActivation(b, sums, elementType, activation);
  b.store(sums, result, indices, elementType);
}

static Factors getInputFactors(Kernel &kernel,
                               TypedValue<RankedTensorType> input) {
  return {kernel.getMemRef(input), input.getType().getElementType()};
}

static Filters getFilters(Kernel &kernel, TypedValue<RankedTensorType> filter) {
  Type elementType = filter.getType().getElementType();
  auto weight = filter.getDefiningOp<WeightOp>();
  if (!weight)
    return {{kernel.getMemRef(filter), elementType}, /*isFilterLast=*/false};
  Value moved = kernel.getConstant(getContentsFiltersLast(weight));
  return {{moved, elementType}, /*isFilterLast=*/true};
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

namespace {

/// The window of a convolution at one position of the result.
class Window {
public:
  template <typename ConvOp> explicit Window(ConvOp op) {
    for (int d : {0, 1})
      sides[d] = {op.getInput().getType().getDimSize(1 + d),
                  op.getFilter().getType().getDimSize(1 + d),
                  op.getStrides()[d], op.getDilations()[d],
                  op.getPadding()[2 * d]};
  }

  /// `body(position, input, sums)` gets the two indices in the window, the
  /// batch, row and column of the input there, and the sums so far.
  using Body = llvm::function_ref<Value(ValueRange, ValueRange, Value)>;

  /// Adds up the window of the result's batch, row and column `at`.
  Value build(KernelBuilder &b, ValueRange at, Value zero, Body body) const {
    const WindowSide::Bounds rows = sides[0].buildBounds(b, at[1]);
    const WindowSide::Bounds columns = sides[1].buildBounds(b, at[2]);
    return b.accumulate(rows.first, rows.end, zero, [&](Value ky, Value sums) {
      Value y = sides[0].buildInputIndex(b, at[1], ky);
      return b.accumulate(columns.first, columns.end, sums,
                          [&](Value kx, Value sums) {
                            Value x = sides[1].buildInputIndex(b, at[2], kx);
                            return body({ky, kx}, {at[0], y, x}, sums);
                          });
    });
  }

private:
  WindowSide sides[2];
};

/// A convolution in groups; channel multipliers of depthwise convolutions are
/// groups of one input channel.
struct GroupedConvolution {
  Window window;
  Factors input;
  Filters filters;
  int64_t groups, inputsPerGroup, filtersPerGroup;

  /// Sums of `lanes` filters of group `group` from `filter` on, counted in all.
  Value build(KernelBuilder &b, ValueRange at, Value group, Value filter,
              Value zero) const;
};

} // namespace

/// The indices `outer` followed by `last`.
static SmallVector<Value> append(ValueRange outer, Value last) {
  SmallVector<Value> indices(outer);
  indices.push_back(last);
  return indices;
}

Value GroupedConvolution::build(KernelBuilder &b, ValueRange at, Value group,
                                Value filter, Value zero) const {
  const int64_t lanes = cast<VectorType>(zero.getType()).getNumElements();
  return window.build(
      b, at, zero, [&](ValueRange position, ValueRange source, Value sums) {
        return b.accumulate(
            b.index(0), b.index(inputsPerGroup), sums,
            [&](Value i, Value sums) {
              Value channel = b.createOrFold<arith::AddIOp>(
                  b.scaleIndex(group, inputsPerGroup, 0), i);
              Value factor = input.loadSplat(b, append(source, channel), lanes);
              Value weights =
                  filters.load(b, filter, append(position, i), lanes);
              return b.add(sums, b.mul(factor, weights));
            });
      });
}

/// Builds all results of `convolution`, which are those of `op`.
template <typename ConvOp>
static void buildGrouped(Kernel &b, ConvOp op,
                         const GroupedConvolution &convolution) {
  const ProductEnd end(b, op);
  auto pixels = op.getType().getShape().drop_back();
  b.forEachIndex(pixels, [&](ValueRange at) {
    b.forEach(convolution.groups, [&](Value group) {
      b.forEachBlock(
          convolution.filtersPerGroup,
          [&](Value first, int64_t lanes) {
            Value filter = b.createOrFold<arith::AddIOp>(
                b.scaleIndex(group, convolution.filtersPerGroup, 0), first);
            Value sums =
                convolution.build(b, at, group, filter, end.getZero(b, lanes));
            end.build(b, sums, append(at, filter));
          },
          convolution.filters.maxLanes());
    });
  });
}

LogicalResult serenity::detail::lower(Kernel &kernel, Conv2DOp op) {
  if (failed(checkProduct(op)))
    return failure();
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  const int64_t groups = op.getGroups();
  buildGrouped(kernel, op,
               {Window(op), getInputFactors(kernel, op.getInput()),
                getFilters(kernel, op.getFilter()), groups, filter[3],
                filter[0] / groups});
  return success();
}

/// A depthwise convolution with one filter for each channel: lanes are channels
/// of the input too.
static void buildDepthwise(Kernel &b, DepthwiseConv2DOp op) {
  const ProductEnd end(b, op);
  const Window window(op);
  const Factors input = getInputFactors(b, op.getInput());
  const Factors filter = getInputFactors(b, op.getFilter());
  ArrayRef<int64_t> shape = op.getType().getShape();
  b.forEachIndex(shape.drop_back(), [&](ValueRange at) {
    b.forEachBlock(shape.back(), [&](Value channel, int64_t lanes) {
      Value sums = window.build(
          b, at, end.getZero(b, lanes),
          [&](ValueRange position, ValueRange source, Value sums) {
            Value factors = input.load(b, append(source, channel), lanes);
            Value weights = filter.load(
                b, {b.index(0), position[0], position[1], channel}, lanes);
            return b.add(sums, b.mul(factors, weights));
          });
      end.build(b, sums, append(at, channel));
    });
  });
}

LogicalResult serenity::detail::lower(Kernel &kernel, DepthwiseConv2DOp op) {
  if (failed(checkProduct(op)))
    return failure();
  const int64_t channels = op.getInput().getType().getDimSize(3);
  ArrayRef<int64_t> filter = op.getFilter().getType().getShape();
  if (filter[3] == channels) {
    buildDepthwise(kernel, op);
    return success();
  }
  // The filters are beside each other already: 1HWO is HWIO with one input.
  Factors input = getInputFactors(kernel, op.getInput());
  Factors factors = getInputFactors(kernel, op.getFilter());
  factors.memref =
      kernel.reshape(factors.memref, {filter[1], filter[2], 1, filter[3]});
  buildGrouped(kernel, op,
               {Window(op), input, Filters{factors, /*isFilterLast=*/true},
                channels, 1, filter[3] / channels});
  return success();
}

//===----------------------------------------------------------------------===//
// Fully connected
//===----------------------------------------------------------------------===//

/// The number of the element at `indices` of an array of `shape`.
static Value linearize(KernelBuilder &b, ValueRange indices,
                       ArrayRef<int64_t> shape) {
  Value number = b.index(0);
  for (auto [index, size] : llvm::zip_equal(indices, shape))
    number =
        b.createOrFold<arith::AddIOp>(b.scaleIndex(number, size, 0), index);
  return number;
}

LogicalResult serenity::detail::lower(Kernel &b, FullyConnectedOp op) {
  if (failed(checkProduct(op)))
    return failure();
  const ProductEnd end(b, op);
  const Filters filters = getFilters(b, op.getFilter());
  const int64_t length = op.getFilter().getType().getDimSize(1);
  const int64_t rows = op.getInput().getType().getNumElements() / length;
  Factors input = getInputFactors(b, op.getInput());
  input.memref = b.reshape(input.memref, {rows, length});
  ArrayRef<int64_t> shape = op.getType().getShape();
  auto buildRow = [&](ValueRange at, Value row, Value filter, int64_t lanes) {
    Value sums = b.accumulate(
        b.index(0), b.index(length), end.getZero(b, lanes),
        [&](Value i, Value sums) {
          Value factor = input.loadSplat(b, {row, i}, lanes);
          return b.add(sums, b.mul(factor, filters.load(b, filter, i, lanes)));
        });
    end.build(b, sums, append(at, filter));
  };
  b.forEachIndex(shape.drop_back(), [&](ValueRange at) {
    Value row = linearize(b, at, shape.drop_back());
    b.forEachBlock(
        shape.back(),
        [&](Value filter, int64_t lanes) { buildRow(at, row, filter, lanes); },
        filters.maxLanes());
  });
  return success();
}
