//===- DialectAttributes.cpp - Results that passes leave ------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifies the discardable attributes of the dialect, which SerenityDialect.td
// documents.
//
//===----------------------------------------------------------------------===//

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"

using namespace mlir;
using namespace serenity;

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

static bool isCount(Attribute value) {
  auto number = dyn_cast<IntegerAttr>(value);
  return number && number.getType().isSignlessInteger(64) &&
         !number.getValue().isNegative();
}

static bool isOffsets(Attribute value) {
  auto offsets = dyn_cast<DenseI64ArrayAttr>(value);
  return offsets && llvm::all_of(offsets.asArrayRef(),
                                 [](int64_t offset) { return offset >= -1; });
}

static bool isDuration(Attribute value) {
  auto number = dyn_cast<FloatAttr>(value);
  return number && number.getType().isF64() && number.getValue().isFinite() &&
         number.getValueAsDouble() >= 0;
}

static bool isBool(Attribute value) { return isa<BoolAttr>(value); }

static bool isString(Attribute value) { return isa<StringAttr>(value); }

static bool isOneOf(Attribute value, ArrayRef<StringRef> words) {
  auto string = dyn_cast<StringAttr>(value);
  return string && llvm::is_contained(words, string.getValue());
}

static bool isConcatModel(Attribute value) {
  return isOneOf(value, {"copy", "view", "slice"});
}

static bool isAccumulator(Attribute value) {
  return isOneOf(value, {"exact", "result"});
}

static bool isLimit(Attribute value) {
  return isOneOf(value, {"state-limit", "table-limit", "time-limit"});
}

static bool isArenaLimit(Attribute value) {
  return isOneOf(value, {"node-limit", "time-limit"});
}

//===----------------------------------------------------------------------===//
// Rules
//===----------------------------------------------------------------------===//

namespace {

/// The kind of operation that an attribute describes.
enum Subject { Function = 1, Kernel = 2 };

struct AttributeRule {
  StringLiteral name;
  /// A set of `Subject`s.
  unsigned subjects;
  bool (*isValid)(Attribute);
  /// Completes "expected ...".
  StringLiteral expected;
};

} // namespace

static constexpr StringLiteral count = "a non-negative i64";
static constexpr StringLiteral duration = "a finite non-negative f64";

static constexpr AttributeRule rules[] = {
    {"serenity.peak_bytes", Function, isCount, count},
    {"serenity.lower_bound_bytes", Function, isCount, count},
    {"serenity.proven_optimal", Function, isBool, "true or false"},
    {"serenity.concat_model", Function, isConcatModel,
     "\"copy\", \"view\" or \"slice\""},
    {"serenity.in_place", Function, isBool, "true or false"},
    {"serenity.accumulator", Function, isAccumulator,
     "\"exact\" or \"result\""},
    {"serenity.unmet_budget_bytes", Function, isCount, count},
    {"serenity.stopped_by", Function, isLimit,
     "\"state-limit\", \"table-limit\" or \"time-limit\""},
    {"serenity.arena_bytes", Function, isCount, count},
    {"serenity.arena_lower_bound_bytes", Function, isCount, count},
    {"serenity.unmet_capacity_bytes", Function, isCount, count},
    {"serenity.arena_stopped_by", Function, isArenaLimit,
     "\"node-limit\" or \"time-limit\""},
    {"serenity.latency_us", Function | Kernel, isDuration, duration},
    {"serenity.latency_stddev_us", Function | Kernel, isDuration, duration},
    {"serenity.traffic_us", Function | Kernel, isDuration, duration},
    {"serenity.device", Function, isString, "a string"},
    {"serenity.offset", Kernel, isOffsets, "an array of i64 of at least -1"},
    {"serenity.scratch_offset", Kernel, isCount, count},
    {"serenity.live_bytes", Kernel, isCount, count},
    {"serenity.source_index", Kernel, isCount, count},
};

static LogicalResult verifySubject(Operation *op, const AttributeRule &rule) {
  Subject subject = isa<FunctionOpInterface>(op) ? Function : Kernel;
  if (rule.subjects & subject)
    return success();
  return op->emitOpError() << "'" << rule.name << "' belongs on "
                           << (rule.subjects == Function ? "a function"
                                                         : "a kernel");
}

/// Offsets are one for each result.
static LogicalResult verifyOffsetCount(Operation *op,
                                       DenseI64ArrayAttr offsets) {
  if (offsets.size() == op->getNumResults())
    return success();
  return op->emitOpError() << "'serenity.offset' has " << offsets.size()
                           << " numbers, expected one for each of "
                           << op->getNumResults() << " results";
}

LogicalResult SerenityDialect::verifyOperationAttribute(Operation *op,
                                                        NamedAttribute attr) {
  const auto *rule = llvm::find_if(rules, [&](const AttributeRule &rule) {
    return rule.name == attr.getName();
  });
  if (rule == std::end(rules))
    return op->emitOpError()
           << "unknown attribute '" << attr.getName().strref() << "'";
  if (failed(verifySubject(op, *rule)))
    return failure();
  if (!rule->isValid(attr.getValue()))
    return op->emitOpError() << "'" << rule->name << "' is " << attr.getValue()
                             << ", expected " << rule->expected;
  if (rule->name == "serenity.offset")
    return verifyOffsetCount(op, cast<DenseI64ArrayAttr>(attr.getValue()));
  return success();
}

/// The name of a layout says what each dimension is, in order.
static LogicalResult verifySourceLayout(Operation *op, const Twine &subject,
                                        Attribute layout) {
  if (isOneOf(layout, {"NCHW"}))
    return success();
  return op->emitOpError() << "'serenity.source_layout' of " << subject
                           << " is " << layout << ", expected \"NCHW\"";
}

LogicalResult SerenityDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                        unsigned argument,
                                                        NamedAttribute attr) {
  if (attr.getName() == "serenity.source_layout")
    return verifySourceLayout(op, "argument #" + Twine(argument),
                              attr.getValue());
  if (attr.getName() != "serenity.offset")
    return op->emitOpError() << "unknown attribute '" << attr.getName().strref()
                             << "' of argument #" << argument;
  if (!isCount(attr.getValue()))
    return op->emitOpError()
           << "'serenity.offset' of argument #" << argument << " is "
           << attr.getValue() << ", expected " << count;
  return success();
}

LogicalResult SerenityDialect::verifyRegionResultAttribute(
    Operation *op, unsigned, unsigned result, NamedAttribute attr) {
  if (attr.getName() == "serenity.source_layout")
    return verifySourceLayout(op, "result #" + Twine(result), attr.getValue());
  return op->emitOpError() << "unknown attribute '" << attr.getName().strref()
                           << "' of result #" << result;
}
