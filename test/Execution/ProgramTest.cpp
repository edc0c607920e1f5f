//===- ProgramTest.cpp - Modules run and their memory is counted ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "serenity/Execution/Program.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Parser/Parser.h"
#include "serenity/Execution/Measurement.h"
#include "serenity/InitAll.h"

#include <gmock/gmock.h>

using namespace mlir;
using namespace serenity;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

class ProgramTest : public ::testing::Test {
protected:
  ProgramTest() : context(createRegistry()) {}

  std::unique_ptr<Program> compile(StringRef source,
                                   const ProgramOptions &options = {}) {
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      if (error.empty())
        error = diagnostic.str();
    });
    auto program = Program::compile(
        parseSourceString<ModuleOp>(source, &context), options);
    return succeeded(program) ? std::move(*program) : nullptr;
  }

  /// The first error in compiling `source`.
  std::string getError(StringRef source) {
    EXPECT_FALSE(compile(source));
    return error;
  }

  /// The result of a run, which must succeed.
  RunResult run(StringRef source, ArrayRef<HostTensor> inputs) {
    std::unique_ptr<Program> program = compile(source);
    EXPECT_EQ(error, "");
    if (!program)
      return {};
    auto result = program->run(inputs);
    EXPECT_TRUE(static_cast<bool>(result));
    return result ? *result : RunResult();
  }

  static HostTensor makeBytes(std::vector<char> values) {
    const int64_t size = values.size();
    return {{{ElementType::Kind::Signless, 1}, {size}}, std::move(values)};
  }

private:
  static DialectRegistry createRegistry() {
    DialectRegistry registry;
    mlir::registerAllDialects(registry);
    serenity::registerAllDialects(registry);
    registerProgramTranslations(registry);
    return registry;
  }

  MLIRContext context;
  std::string error;
};

constexpr StringLiteral kIncrement = R"mlir(
  func.func @main(%x: memref<3xi8>) -> memref<3xi8> {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c3 = arith.constant 3 : index
    %one = arith.constant 1 : i8
    %y = memref.alloc() {alignment = 32 : i64} : memref<3xi8> loc("y")
    scf.for %i = %c0 to %c3 step %c1 {
      %0 = memref.load %x[%i] : memref<3xi8>
      %1 = arith.addi %0, %one : i8
      memref.store %1, %y[%i] : memref<3xi8>
    } loc("y")
    memref.dealloc %x : memref<3xi8> loc("end")
    return %y : memref<3xi8>
  })mlir";

TEST_F(ProgramTest, ComputesAndCounts) {
  const RunResult result = run(kIncrement, makeBytes({1, 2, 127}));
  ASSERT_EQ(result.outputs.size(), 1u);
  EXPECT_THAT(result.outputs[0].data, ElementsAre(2, 3, -128));
  // Alignment adds nothing.
  EXPECT_EQ(result.heap.peakBytes, 6);
  EXPECT_EQ(result.heap.numAllocations, 2);
  EXPECT_EQ(result.heap.leftBytes, 0);
}

TEST_F(ProgramTest, EveryRunHasItsOwnMemory) {
  std::unique_ptr<Program> program = compile(kIncrement);
  ASSERT_TRUE(program);
  for (char value : {1, 2}) {
    auto result = program->run(makeBytes({value, value, value}));
    ASSERT_TRUE(static_cast<bool>(result));
    EXPECT_EQ(result->outputs[0].data, std::vector<char>(3, value + 1));
    EXPECT_EQ(result->heap.peakBytes, 6);
  }
}

TEST_F(ProgramTest, SeesWhatIsLeft) {
  const RunResult result = run(R"mlir(
    func.func @main(%x: memref<3xi8>) -> (memref<5xi8>, memref<5xi8>) {
      %zero = arith.constant 0 : i8
      %y = memref.alloc() : memref<5xi8>
      %lost = memref.alloc() : memref<7xi8>
      linalg.fill ins(%zero : i8) outs(%lost : memref<7xi8>)
      return %y, %y : memref<5xi8>, memref<5xi8>
    })mlir",
                               makeBytes({1, 2, 3}));
  EXPECT_EQ(result.heap.peakBytes, 15);
  EXPECT_EQ(result.heap.leftBytes, 10);
}

TEST_F(ProgramTest, ReadsStridedResults) {
  const RunResult result = run(R"mlir(
    func.func @main(%x: memref<6xi8>) -> memref<2x2xi8, strided<[3, 1], offset: 1>> {
      %y = memref.reinterpret_cast %x to offset: [1], sizes: [2, 2], strides: [3, 1]
         : memref<6xi8> to memref<2x2xi8, strided<[3, 1], offset: 1>>
      return %y : memref<2x2xi8, strided<[3, 1], offset: 1>>
    })mlir",
                               makeBytes({0, 1, 2, 3, 4, 5}));
  EXPECT_THAT(result.outputs[0].data, ElementsAre(1, 2, 4, 5));
}

TEST_F(ProgramTest, RunsInAnArena) {
  const RunResult result = run(R"mlir(
    func.func @main_inputs(%arena: memref<8xi8>) -> memref<2xi8, strided<[1], offset: 4>> {
      %x = memref.subview %arena[4] [2] [1] : memref<8xi8> to memref<2xi8, strided<[1], offset: 4>>
      return %x : memref<2xi8, strided<[1], offset: 4>>
    }
    func.func @main(%arena: memref<8xi8>) -> memref<3xi8, strided<[1], offset: 3>> {
      %y = memref.subview %arena[3] [3] [1] : memref<8xi8> to memref<3xi8, strided<[1], offset: 3>>
      return %y : memref<3xi8, strided<[1], offset: 3>>
    })mlir",
                               makeBytes({7, 9}));
  EXPECT_THAT(result.outputs[0].data, ElementsAre(testing::Ne(0), 7, 9));
  EXPECT_EQ(result.heap.peakBytes, 8);
  EXPECT_EQ(result.heap.numAllocations, 1);
  EXPECT_EQ(result.heap.leftBytes, 0);
}

TEST_F(ProgramTest, CopiesBetweenLayouts) {
  const RunResult result =
      run(R"mlir(
    func.func @main(%x: memref<2x2xi8>) -> memref<2x3xi8> {
      %y = memref.alloc() : memref<2x3xi8>
      %part = memref.subview %y[0, 1] [2, 2] [1, 1]
            : memref<2x3xi8> to memref<2x2xi8, strided<[3, 1], offset: 1>>
      memref.copy %x, %part : memref<2x2xi8> to memref<2x2xi8, strided<[3, 1], offset: 1>>
      return %y : memref<2x3xi8>
    })mlir",
          HostTensor{{{ElementType::Kind::Signed, 1}, {2, 2}}, {1, 2, 3, 4}});
  EXPECT_THAT(result.outputs[0].data,
              ElementsAre(testing::_, 1, 2, testing::_, 3, 4));
}

TEST_F(ProgramTest, RefusesInputsThatDoNotFit) {
  std::unique_ptr<Program> program = compile(kIncrement);
  ASSERT_TRUE(program);
  const auto getRunError = [&](ArrayRef<HostTensor> inputs) {
    auto result = program->run(inputs);
    return result ? "" : llvm::toString(result.takeError());
  };
  EXPECT_EQ(getRunError({}), "0 inputs where 'main' takes 1");
  EXPECT_EQ(getRunError(makeBytes({1, 2})),
            "input 0 is 2xi8 where 'main' takes 3xi8");
}

TEST_F(ProgramTest, RefusesProgramsThatFreeTwice) {
  std::unique_ptr<Program> program = compile(R"mlir(
    func.func @main(%x: memref<3xi8>) {
      memref.dealloc %x : memref<3xi8>
      memref.dealloc %x : memref<3xi8>
      return
    })mlir");
  ASSERT_TRUE(program);
  auto result = program->run(makeBytes({1, 2, 3}));
  ASSERT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(llvm::toString(result.takeError()),
            "'main' frees 1 blocks that it does not own");
}

TEST_F(ProgramTest, TimesRunsOfOneLocation) {
  ProgramOptions options;
  options.timeKernels = true;
  std::unique_ptr<Program> program = compile(kIncrement, options);
  ASSERT_TRUE(program);
  EXPECT_THAT(program->getKernels(), ElementsAre(Field(&Kernel::name, "y"),
                                                 Field(&Kernel::name, "end")));
  auto measurement =
      measure(*program, makeBytes({1, 2, 3}), 3, [](int64_t run) {});
  ASSERT_TRUE(static_cast<bool>(measurement));
  ASSERT_EQ(measurement->kernelSeconds.size(), 2u);
  EXPECT_GT(measurement->kernelSeconds[0], 0);
  EXPECT_GE(measurement->totalSeconds, measurement->kernelSeconds[0]);
  EXPECT_EQ(measurement->result.heap.peakBytes, 6);
}

TEST_F(ProgramTest, MeasuresInTurns) {
  ProgramOptions options;
  options.timeKernels = true;
  std::vector<MeasuredProgram> programs(2);
  for (MeasuredProgram &subject : programs) {
    subject.program = compile(kIncrement, options);
    subject.inputs = {makeBytes({1, 2, 3})};
  }
  ASSERT_TRUE(programs[0].program && programs[1].program);
  std::vector<int64_t> turns;
  auto latencies =
      measureInTurns(programs, 3, [&](int64_t turn) { turns.push_back(turn); });
  ASSERT_TRUE(static_cast<bool>(latencies));
  EXPECT_THAT(turns, ElementsAre(1, 2, 3));
  EXPECT_THAT(*latencies, ElementsAre(Gt(0), Gt(0)));
}

TEST_F(ProgramTest, FailsToMeasureOnOtherInputs) {
  std::vector<MeasuredProgram> programs(1);
  programs[0].program = compile(kIncrement);
  programs[0].inputs = {makeBytes({1, 2})};
  ASSERT_TRUE(programs[0].program);
  auto latencies = measureInTurns(programs, 1, [](int64_t) {});
  ASSERT_FALSE(static_cast<bool>(latencies));
  EXPECT_THAT(llvm::toString(latencies.takeError()), HasSubstr("input 0 is"));
}

TEST_F(ProgramTest, RefusesModulesThatCannotRun) {
  EXPECT_EQ(getError("func.func @other() { return }"),
            "no function 'main' with a body");
}

TEST_F(ProgramTest, RefusesDeclarations) {
  EXPECT_EQ(getError("func.func private @main()"),
            "no function 'main' with a body");
}

TEST_F(ProgramTest, RefusesOtherTypes) {
  EXPECT_THAT(getError("func.func @main(%x: index) { return }"),
              StartsWith("argument 0 of 'main' has type 'index', which is"));
}

TEST_F(ProgramTest, RefusesOpenShapes) {
  EXPECT_THAT(getError("func.func @main(%x: memref<?xi8>) { return }"),
              StartsWith("argument 0 of 'main' has type 'memref<?xi8>'"));
}

TEST_F(ProgramTest, RefusesStridedArguments) {
  EXPECT_THAT(
      getError("func.func @main(%x: memref<2xi8, strided<[2]>>) { return }"),
      AllOf(StartsWith("argument 0 of 'main'"), HasSubstr("not contiguous")));
}

TEST_F(ProgramTest, RefusesTwoArenas) {
  EXPECT_EQ(getError(R"mlir(
    func.func @main_inputs(%arena: memref<8xi8>) { return }
    func.func @main(%arena: memref<9xi8>) { return })mlir"),
            "'main_inputs' and 'main' do not take the same arena");
}

TEST_F(ProgramTest, RefusesMissingContents) {
  EXPECT_EQ(getError(R"mlir(
    memref.global "private" constant @w : memref<2xi8> = dense_resource<missing>
    func.func @main() { return })mlir"),
            "resource 'missing' without contents");
}

TEST_F(ProgramTest, RefusesElidedWeights) {
  EXPECT_THAT(getError(R"mlir(
    func.func @main() -> tensor<2xi8> {
      %0 = serenity.weight : tensor<2xi8>
      return %0 : tensor<2xi8>
    })mlir"),
              HasSubstr("no contents"));
}

TEST_F(ProgramTest, KnowsTheSignsOfQuantisedTypes) {
  std::unique_ptr<Program> program = compile(R"mlir(
    !u8 = !quant.uniform<u8:f32, 0.5:128>
    !i8 = !quant.uniform<i8:f32, 0.5>
    func.func @main(%x: tensor<2x!u8>, %y: tensor<3x!i8>)
        -> (tensor<3x!i8>, tensor<2x!u8>) {
      %0 = serenity.clamp %y min 0.0 : (tensor<3x!i8>) -> tensor<3x!i8>
      return %0, %x : tensor<3x!i8>, tensor<2x!u8>
    })mlir");
  ASSERT_TRUE(program);
  EXPECT_EQ(program->getSignature().inputs[0].str(), "2xui8");
  EXPECT_EQ(program->getSignature().outputs[0].str(), "3xsi8");
  auto result =
      program->run({{{{ElementType::Kind::Unsigned, 1}, {2}}, {1, -1}},
                    {{{ElementType::Kind::Signed, 1}, {3}}, {-5, 0, 5}}});
  ASSERT_TRUE(static_cast<bool>(result));
  EXPECT_THAT(result->outputs[0].data, ElementsAre(0, 0, 5));
  EXPECT_THAT(result->outputs[1].data, ElementsAre(1, -1));
}

} // namespace
