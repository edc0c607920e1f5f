//===- SwiftNet.cpp - SwiftNet for visual wake words ----------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cheng et al., "SwiftNet: Using Graph Propagation as Meta-knowledge to Search
// Highly Representative Neural Architectures" (2019), as submitted to the
// Visual Wake Words Challenge. Kernels have the numbers of the TFLite file that
// was published there.
//
//===----------------------------------------------------------------------===//

#include "NetworkBuilder.h"
#include "Networks.h"

#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace serenity;
using namespace serenity::generate;

namespace {

enum class Kind {
  /// 1x1 convolution to the channels of the cell's inside.
  Conv,
  /// 1x1 convolution to the channels of the cell's result.
  Project,
  /// 3x3 depthwise convolution.
  Depthwise,
  Concat,
  Add,
};

/// One kernel of a cell.
struct Step {
  Kind kind;
  /// Numbers of the kernels whose results it reads. No cell reads kernel 0, so
  /// zeroes fill the rest.
  int inputs[8];
};

constexpr Step conv(int input) { return {Kind::Conv, {input}}; }
constexpr Step project(int input) { return {Kind::Project, {input}}; }
constexpr Step depthwise(int input) { return {Kind::Depthwise, {input}}; }
constexpr Step add(int lhs, int rhs) { return {Kind::Add, {lhs, rhs}}; }
template <typename... Ints> constexpr Step concat(Ints... inputs) {
  return {Kind::Concat, {inputs...}};
}

// clang-format off
constexpr Step kStepsOfA[] = {
    /* 5*/ conv(4), concat(4, 5), conv(5), conv(4), concat(4, 8),
    /*10*/ conv(5), conv(6), concat(10, 11), concat(4, 8, 10, 11), conv(12),
    /*15*/ concat(5, 14), concat(11, 14), conv(15), conv(13),
    /*19*/ concat(7, 11, 17, 18), depthwise(11), conv(20), depthwise(17),
    /*23*/ conv(22), depthwise(16), conv(24), depthwise(9), conv(26), conv(19),
    /*29*/ concat(21, 23, 25, 27, 28), project(4), project(29), add(30, 31),
};

constexpr Step kStepsOfB[] = {
    /*34*/ conv(33), conv(33), conv(33), conv(33), project(33), depthwise(34),
    /*40*/ depthwise(34), conv(39), concat(34, 41), concat(34, 41), conv(42),
    /*45*/ depthwise(43), conv(40), concat(46, 35), conv(47), conv(35),
    /*50*/ concat(33, 34, 41, 36), conv(50), conv(51), conv(45),
    /*54*/ concat(37, 44, 48, 52, 49, 53), project(54), add(38, 55),
};

constexpr Step kStepsOfC[] = {
    /*58*/ conv(57), project(57), depthwise(58), conv(58), depthwise(58),
    /*63*/ conv(58), depthwise(58), depthwise(58), conv(60), concat(57, 66),
    /*68*/ concat(58, 66), conv(67), depthwise(68), depthwise(61),
    /*72*/ depthwise(61), conv(62), conv(71), conv(72), conv(70), conv(64),
    /*78*/ conv(65), concat(69, 73, 74, 63, 75, 76, 77, 78), project(79),
    /*81*/ add(59, 80),
};
// clang-format on

struct CellInfo {
  StringRef functionName;
  /// Rows and columns, of every tensor in the cell.
  int64_t size;
  int64_t inputChannels;
  /// Of the convolutions inside.
  int64_t channels;
  int64_t resultChannels;
  /// Number of the first step; the kernel before it makes the cell's input.
  int64_t firstKernel;
  ArrayRef<Step> steps;
};

CellInfo describe(SwiftNetCell cell) {
  switch (cell) {
  case SwiftNetCell::A:
    return {"swiftnet_cell_a", 28, 32, 32, 48, 5, kStepsOfA};
  case SwiftNetCell::B:
    return {"swiftnet_cell_b", 14, 48, 48, 80, 34, kStepsOfB};
  case SwiftNetCell::C:
    return {"swiftnet_cell_c", 7, 80, 64, 76, 58, kStepsOfC};
  }
  llvm_unreachable("every cell is described");
}

Value addStep(NetworkBuilder &net, const CellInfo &cell, Kind kind,
              ArrayRef<Value> inputs) {
  switch (kind) {
  case Kind::Conv:
    return net.conv(inputs.front(), cell.channels);
  case Kind::Project:
    return net.conv(inputs.front(), cell.resultChannels);
  case Kind::Depthwise:
    return net.depthwise(inputs.front(), {/*size=*/3});
  case Kind::Concat:
    return net.concat(inputs);
  case Kind::Add:
    return net.add(inputs[0], inputs[1]);
  }
  llvm_unreachable("every kind of step is handled");
}

Value addCell(NetworkBuilder &net, const CellInfo &cell, Value input) {
  // The results of the kernels from the one before the first on.
  SmallVector<Value> results = {input};
  for (const Step &step : cell.steps) {
    SmallVector<Value, 8> inputs;
    for (int number : step.inputs)
      if (number != 0)
        inputs.push_back(results[number - cell.firstKernel + 1]);
    results.push_back(addStep(net, cell, step.kind, inputs));
  }
  return results.back();
}

/// From the image to the first cell: 224x224x3 to 28x28x32.
Value halve(NetworkBuilder &net, Value input) {
  return net.maxPool(input, {/*size=*/2, /*stride=*/2});
}

Value addStem(NetworkBuilder &net, Value image) {
  Value value = net.splitInOne(image);
  value = net.conv(value, 16, {/*size=*/7, /*stride=*/4});
  value = net.conv(net.depthwise(value, {/*size=*/3}), 32);
  return halve(net, value);
}

} // namespace

void serenity::generate::addSwiftNet(ModuleOp module) {
  NetworkBuilder net(module, "main", ElementTypes::uint8(module.getContext()));
  Value value = addStem(net, net.input(224, 224, 3));
  value = addCell(net, describe(SwiftNetCell::A), value);
  value = addCell(net, describe(SwiftNetCell::B), halve(net, value));
  value = addCell(net, describe(SwiftNetCell::C), halve(net, value));
  value = net.fullyConnected(net.globalAvgPool(value), 2);
  net.finish(net.softmax(value));
}

void serenity::generate::addSwiftNetCell(ModuleOp module, SwiftNetCell cell) {
  const CellInfo info = describe(cell);
  NetworkBuilder net(module, info.functionName,
                     ElementTypes::uint8(module.getContext()),
                     info.firstKernel);
  const Value input = net.input(info.size, info.size, info.inputChannels);
  net.finish(addCell(net, info, input));
}
