//===- KernelTest.cpp - Kernels run against textbook code -----------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelTest.h"

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Pass/PassManager.h"
#include "serenity/Conversion/Passes.h"
#include "serenity/InitAll.h"

#include <cmath>
#include <cstring>

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

static int64_t linearize(ArrayRef<int64_t> shape, ArrayRef<int64_t> indices) {
  int64_t place = 0;
  for (auto [size, index] : llvm::zip_equal(shape, indices))
    place = place * size + index;
  return place;
}

double Array::at(ArrayRef<int64_t> indices) const {
  return values[linearize(shape(), indices)];
}

double &Array::at(ArrayRef<int64_t> indices) {
  return values[linearize(shape(), indices)];
}

void serenity::forEachIndex(ArrayRef<int64_t> shape,
                            llvm::function_ref<void(ArrayRef<int64_t>)> body) {
  const int64_t count = llvm::product_of(shape);
  for (int64_t place = 0; place < count; ++place) {
    SmallVector<int64_t> indices(shape.size());
    int64_t rest = place;
    for (size_t i = shape.size(); i-- > 0; rest /= shape[i])
      indices[i] = rest % shape[i];
    body(indices);
  }
}

/// How far a result that should be `value` may be off, `largest` being the
/// largest of all.
static double getTolerance(Type element, double value, double largest) {
  if (element.isF64())
    return 1e-12 * largest;
  if (element.isF32())
    return 1e-5 * largest;
  if (!element.isF16())
    return 0;
  // Of 11 significant bits, or of the last one of the smallest numbers.
  const double rounding = std::max(std::ldexp(std::abs(value), -11), 0x1p-25);
  return 1e-5 * largest + rounding;
}

void serenity::expectSame(const Array &actual, const Array &expected) {
  ASSERT_EQ(actual.values.size(), expected.values.size());
  double largest = 0;
  for (double value : expected.values)
    largest = std::max(largest, std::abs(value));
  const Type element = expected.type.getElementType();
  for (auto [i, value] : llvm::enumerate(expected.values))
    ASSERT_NEAR(actual.values[i], value, getTolerance(element, value, largest))
        << "element " << i;
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static Type getStorage(Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  return quantized ? quantized.getStorageType() : element;
}

static bool isUnsigned(Type element) {
  auto quantized = dyn_cast<quant::QuantizedType>(element);
  return quantized && !quantized.isSigned();
}

/// The bits of `value` as `storage`, which must have it exactly if it is a
/// float.
static uint64_t toBits(Type storage, double value) {
  auto floatType = dyn_cast<FloatType>(storage);
  if (!floatType)
    return static_cast<uint64_t>(static_cast<int64_t>(value));
  llvm::APFloat number(value);
  bool losesInfo = false;
  number.convert(floatType.getFloatSemantics(),
                 llvm::APFloat::rmNearestTiesToEven, &losesInfo);
  EXPECT_FALSE(losesInfo) << value;
  return number.bitcastToAPInt().getZExtValue();
}

static double fromBits(Type element, uint64_t bits) {
  const Type storage = getStorage(element);
  const llvm::APInt integer(storage.getIntOrFloatBitWidth(), bits);
  if (auto floatType = dyn_cast<FloatType>(storage))
    return llvm::APFloat(floatType.getFloatSemantics(), integer)
        .convertToDouble();
  return static_cast<double>(isUnsigned(element)
                                 ? static_cast<int64_t>(integer.getZExtValue())
                                 : integer.getSExtValue());
}

static std::vector<char> toBytes(const Array &array) {
  const Type storage = getStorage(array.type.getElementType());
  std::vector<char> bytes;
  for (double value : array.values) {
    const uint64_t bits = toBits(storage, value);
    const char *first = reinterpret_cast<const char *>(&bits);
    bytes.insert(bytes.end(), first,
                 first + storage.getIntOrFloatBitWidth() / 8);
  }
  return bytes;
}

static Array fromBytes(RankedTensorType type, ArrayRef<char> bytes) {
  const Type element = type.getElementType();
  const size_t size = getStorage(element).getIntOrFloatBitWidth() / 8;
  Array array = {type, {}};
  for (size_t i = 0; i < bytes.size(); i += size) {
    uint64_t bits = 0;
    std::memcpy(&bits, &bytes[i], size);
    array.values.push_back(fromBits(element, bits));
  }
  return array;
}

static HostTensor toHost(const Array &array) {
  const Type storage = getStorage(array.type.getElementType());
  const auto kind = isa<FloatType>(storage) ? ElementType::Kind::Float
                                            : ElementType::Kind::Signless;
  return {{{kind, storage.getIntOrFloatBitWidth() / 8}, array.shape().vec()},
          toBytes(array)};
}

//===----------------------------------------------------------------------===//
// gemmlowp
//===----------------------------------------------------------------------===//

int32_t serenity::saturatingRoundingDoublingHighMul(int32_t a, int32_t b) {
  const int64_t product = static_cast<int64_t>(a) * b;
  const int32_t nudge = product >= 0 ? (1 << 30) : (1 - (1 << 30));
  return static_cast<int32_t>((product + nudge) / (int64_t(1) << 31));
}

int32_t serenity::roundingDivideByPOT(int32_t x, int exponent) {
  const int32_t mask = static_cast<int32_t>((int64_t(1) << exponent) - 1);
  const int32_t remainder = x & mask;
  const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

int32_t serenity::multiplyByQuantized(int32_t value, double factor) {
  int shift = 0;
  const double fraction = std::frexp(factor, &shift);
  int64_t significand =
      static_cast<int64_t>(std::round(fraction * (int64_t(1) << 31)));
  if (significand == int64_t(1) << 31) {
    significand /= 2;
    ++shift;
  }
  if (shift < -31) {
    shift = 0;
    significand = 0;
  }
  const uint32_t shifted = static_cast<uint32_t>(value) << std::max(shift, 0);
  return roundingDivideByPOT(
      saturatingRoundingDoublingHighMul(static_cast<int32_t>(shifted),
                                        static_cast<int32_t>(significand)),
      std::max(-shift, 0));
}

//===----------------------------------------------------------------------===//
// Fixture
//===----------------------------------------------------------------------===//

static DialectRegistry createRegistry() {
  DialectRegistry registry;
  mlir::registerAllDialects(registry);
  serenity::registerAllDialects(registry);
  registerProgramTranslations(registry);
  return registry;
}

KernelTest::KernelTest() : context(createRegistry()) {
  context
      .loadDialect<func::FuncDialect, quant::QuantDialect, SerenityDialect>();
}

quant::UniformQuantizedType KernelTest::drawByteType(bool isSigned,
                                                     double scale) {
  const int64_t least = isSigned ? -128 : 0;
  const int64_t zeroPoint =
      pick<int64_t>({least, least + 255, least + 128, least + draw(0, 255)});
  // A file has scales in float32.
  return quant::UniformQuantizedType::get(
      isSigned ? quant::QuantizationFlags::Signed : 0,
      IntegerType::get(&context, 8), Float32Type::get(&context),
      static_cast<float>(scale), zeroPoint, least, least + 255);
}

Array KernelTest::drawArray(RankedTensorType type) {
  Array array = {type, {}};
  const int64_t least = isUnsigned(type.getElementType()) ? 0 : -128;
  const bool isFloat = isa<FloatType>(type.getElementType());
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    const int64_t byte = pick<int64_t>(
        {least, least + 255, least + draw(0, 255), least + draw(0, 255)});
    array.values.push_back(
        isFloat ? draw(-floats.most, floats.most) * floats.step : byte);
  }
  return array;
}

Array KernelTest::drawBias(RankedTensorType type) {
  if (isa<FloatType>(type.getElementType()))
    return drawArray(type);
  Array array = {type, {}};
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    array.values.push_back(draw(-20000, 20000));
  return array;
}

Value KernelTest::weight(OpBuilder &builder, const Array &array) {
  RankedTensorType type = array.type;
  auto contents = DenseElementsAttr::getFromRawBuffer(
      type.clone(getStorage(type.getElementType())), toBytes(array));
  return WeightOp::create(builder, loc(builder), type, contents);
}

Array KernelTest::run(ArrayRef<Array> inputs, Body body,
                      ArrayRef<NamedAttribute> attributes) {
  return execute(build(inputs, body, attributes), inputs);
}

OwningOpRef<ModuleOp> KernelTest::build(ArrayRef<Array> inputs, Body body,
                                        ArrayRef<NamedAttribute> attributes) {
  OpBuilder builder(&context);
  OwningOpRef<ModuleOp> module(ModuleOp::create(loc(builder)));
  builder.setInsertionPointToStart(module->getBody());
  auto function = func::FuncOp::create(builder, loc(builder), "main",
                                       builder.getFunctionType({}, {}));
  for (NamedAttribute attribute : attributes)
    function->setAttr(attribute.getName(), attribute.getValue());
  Block *block = function.addEntryBlock();
  for (const Array &input : inputs)
    block->addArgument(input.type, loc(builder));
  builder.setInsertionPointToStart(block);
  Value result = body(builder, SmallVector<Value>(block->getArguments()));
  func::ReturnOp::create(builder, loc(builder), result);
  function.setFunctionType(
      builder.getFunctionType(block->getArgumentTypes(), result.getType()));
  return module;
}

Array KernelTest::execute(OwningOpRef<ModuleOp> module,
                          ArrayRef<Array> inputs) {
  auto main = module->lookupSymbol<func::FuncOp>("main");
  auto type = cast<RankedTensorType>(main.getResultTypes().front());
  PassManager pm(&context);
  pm.addPass(createConvertSerenityToMemRefPass());
  if (failed(verify(*module)) || failed(pm.run(*module))) {
    ADD_FAILURE() << "cannot be lowered";
    return {type, {}};
  }
  auto program = Program::compile(std::move(module), options);
  if (failed(program)) {
    ADD_FAILURE() << "cannot be compiled";
    return {type, {}};
  }
  SmallVector<HostTensor> hostInputs = llvm::map_to_vector(inputs, toHost);
  llvm::Expected<RunResult> ran = (*program)->run(hostInputs);
  if (!ran) {
    ADD_FAILURE() << llvm::toString(ran.takeError());
    return {type, {}};
  }
  heap = ran->heap;
  return fromBytes(type, ran->outputs.front().data);
}
