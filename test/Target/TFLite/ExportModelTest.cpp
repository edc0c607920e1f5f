//===- ExportModelTest.cpp - Real models, exported ------------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExportTestBase.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "serenity/Dialect/Serenity/IR/Serenity.h"
#include "serenity/Dialect/Serenity/Transforms/Passes.h"

#include <fstream>
#include <sstream>

using namespace mlir;
using namespace serenity;
using namespace serenity::tflite;
using ::testing::IsEmpty;

namespace {

/// A model in the shared data, and the arena that its best order needs.
struct SharedModel {
  const char *name;
  int64_t arenaBytes;
  bool isUint8 = false;
  bool dropIdentities = false;
};

/// For test names.
std::ostream &operator<<(std::ostream &os, const SharedModel &model) {
  return os << model.name;
}

/// The file of a shared model; empty if it is not there.
std::string readModel(const std::string &name) {
  std::ifstream stream(SERENITY_SHARED_DATA "/models/" + name + ".tflite",
                       std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class ExportModelTest : public ExportTestBase,
                        public ::testing::WithParamInterface<SharedModel> {
protected:
  void SetUp() override {
    base = readModel(GetParam().name);
    if (base.empty())
      GTEST_SKIP() << "the shared data is not there";
    scheduled = importFile(base);
    ASSERT_TRUE(scheduled);
    PassManager passes(&context);
    if (GetParam().dropIdentities)
      passes.addPass(createCanonicalizerPass());
    passes.addPass(createSchedulePass());
    ASSERT_TRUE(succeeded(passes.run(*scheduled)));
    TFLiteExportOptions options;
    options.toInt8 = GetParam().isUint8;
    exported = exportTo(*scheduled, base, options);
    ASSERT_TRUE(exported) << messages.front();
  }

  std::string base;
  OwningOpRef<ModuleOp> scheduled;
  std::optional<ExportedTFLite> exported;
};

INSTANTIATE_TEST_SUITE_P(
    All, ExportModelTest,
    ::testing::Values(
        SharedModel{"vww96-int8", 55296}, SharedModel{"kws-int8", 16000},
        SharedModel{"resnet8-int8", 49152},
        SharedModel{"resnet8-float", 196608},
        SharedModel{"person_detect-int8", 55296},
        SharedModel{"swiftnet-vww-uint8", 301056, /*isUint8=*/true},
        SharedModel{"swiftnet-vww-uint8", 275968, /*isUint8=*/true,
                    /*dropIdentities=*/true}));

/// Whether `op` and `other` do the same, from values that correspond.
bool isSame(Operation *op, Operation *other, bool isInt8Copy,
            IRMapping &values) {
  if (op->getName() != other->getName() ||
      op->getNumOperands() != other->getNumOperands() ||
      op->getNumResults() != other->getNumResults())
    return false;
  for (auto [result, twin] :
       llvm::zip_equal(op->getResults(), other->getResults()))
    values.map(result, twin);
  if (!llvm::all_of_zip(op->getOperands(), other->getOperands(),
                        [&](Value operand, Value twin) {
                          return values.lookupOrNull(operand) == twin;
                        }))
    return false;
  // Types differ, so attributes are compared by themselves.
  return isInt8Copy ? op->getPropertiesAsAttribute() ==
                          other->getPropertiesAsAttribute()
                    : OperationEquivalence::isEquivalentTo(
                          op, other,
                          OperationEquivalence::ignoreValueEquivalence, nullptr,
                          OperationEquivalence::IgnoreLocations |
                              OperationEquivalence::IgnoreDiscardableAttrs);
}

/// `count` tables at the same places of both files, counted from their ends.
template <typename T>
void expectSameTables(const flatbuffers::Vector<flatbuffers::Offset<T>> *list,
                      const std::string &file,
                      const flatbuffers::Vector<flatbuffers::Offset<T>> *others,
                      const std::string &other, int64_t shift) {
  ASSERT_EQ(list == nullptr, others == nullptr);
  if (!list)
    return;
  ASSERT_LE(list->size(), others->size());
  for (uint32_t i = 0; i < list->size(); ++i)
    EXPECT_EQ(reinterpret_cast<const char *>(list->Get(i)) - file.data() +
                  shift,
              reinterpret_cast<const char *>(others->Get(i)) - other.data());
}

} // namespace

TEST_P(ExportModelTest, TheRuntimeObeys) {
  EXPECT_EQ(exported->arenaBytes, GetParam().arenaBytes);
  EXPECT_EQ(exported->lowerBoundBytes, GetParam().arenaBytes);
  EXPECT_EQ(exported->numDropped, GetParam().dropIdentities ? 1 : 0);
  EXPECT_EQ(exported->numNew, 0);
  expectObeyed(*exported);
}

TEST_P(ExportModelTest, TheSameGraphComesBack) {
  OwningOpRef<ModuleOp> again = importFile(exported->file);
  ASSERT_TRUE(again);
  auto getKernels = [](ModuleOp module) {
    std::vector<Operation *> kernels;
    module.walk([&](Operation *op) {
      if (isa<SerenityDialect>(op->getDialect()) && !isa<WeightOp>(op))
        kernels.push_back(op);
    });
    return kernels;
  };
  std::vector<Operation *> wanted = getKernels(*scheduled);
  std::vector<Operation *> found = getKernels(*again);
  ASSERT_EQ(wanted.size(), found.size());
  IRMapping values;
  for (auto [argument, twin] :
       llvm::zip_equal(wanted[0]->getBlock()->getArguments(),
                       found[0]->getBlock()->getArguments()))
    values.map(argument, twin);
  for (size_t i = 0; i < wanted.size(); ++i) {
    for (auto [operand, twin] :
         llvm::zip(wanted[i]->getOperands(), found[i]->getOperands()))
      if (operand.getDefiningOp<WeightOp>() && twin.getDefiningOp<WeightOp>() &&
          getLocationName(operand.getLoc()) == getLocationName(twin.getLoc()))
        values.map(operand, twin);
    EXPECT_TRUE(isSame(wanted[i], found[i], GetParam().isUint8, values))
        << "operation " << i;
  }
}

// Nothing of the base has moved relative to the rest of it, so all its tables
// are there with all their fields.
TEST_P(ExportModelTest, AllTablesAreThere) {
  const std::string &file = exported->file;
  const Model &old = *GetModel(base.data());
  const Model &model = *GetModel(file.data());
  const int64_t shift =
      file.size() - static_cast<int64_t>((base.size() + 15) / 16 * 16);
  EXPECT_EQ(shift % 16, 0);
  expectSameTables(old.operator_codes(), base, model.operator_codes(), file,
                   shift);
  expectSameTables(old.buffers(), base, model.buffers(), file, shift);
  if (old.metadata())
    expectSameTables(old.metadata(), base, model.metadata(), file, shift);
  expectSameTables(old.signature_defs(), base, model.signature_defs(), file,
                   shift);
  expectSameTables(old.subgraphs()->Get(0)->tensors(), base,
                   model.subgraphs()->Get(0)->tensors(), file, shift);
  EXPECT_EQ(old.description() ? old.description()->str() : "",
            model.description() ? model.description()->str() : "");
  if (!GetParam().isUint8) {
    EXPECT_EQ(base, file.substr(shift, base.size()));
  }
}

// Every byte of every tensor stands for the same number as before.
TEST_P(ExportModelTest, ContentsMeanTheSame) {
  const ModelT old = unpack(base), model = unpack(exported->file);
  for (size_t i = 0; i < old.subgraphs[0]->tensors.size(); ++i) {
    const TensorT &before = *old.subgraphs[0]->tensors[i];
    const TensorT &after = *model.subgraphs[0]->tensors[i];
    const bool isByte = before.type == tflite::TensorType::UINT8;
    EXPECT_EQ(after.type, isByte ? tflite::TensorType::INT8 : before.type);
    EXPECT_EQ(before.name, after.name);
    EXPECT_EQ(before.shape, after.shape);
    ASSERT_EQ(before.buffer, after.buffer);
    if (before.quantization) {
      EXPECT_EQ(before.quantization->scale, after.quantization->scale);
      std::vector<int64_t> zeroPoints = before.quantization->zero_point;
      for (int64_t &zeroPoint : zeroPoints)
        zeroPoint -= isByte ? 128 : 0;
      EXPECT_EQ(zeroPoints, after.quantization->zero_point);
    }
    std::vector<uint8_t> contents = old.buffers[before.buffer]->data;
    for (uint8_t &byte : contents)
      byte -= isByte ? 128 : 0;
    EXPECT_EQ(contents, model.buffers[after.buffer]->data);
  }
}

// Operators and tensors that are not in the base obey the same rules.
TEST_F(ExportTestBase, TheRuntimeObeysARewrittenModel) {
  const std::string base = readModel("swiftnet-vww-uint8");
  if (base.empty())
    GTEST_SKIP() << "the shared data is not there";
  OwningOpRef<ModuleOp> module = importWithWeights(base);
  ASSERT_TRUE(module);
  RewritePassOptions rewriteOptions;
  rewriteOptions.select = SiteSelection::All;
  rewriteOptions.kinds = {"kernelwise"};
  PassManager passes(&context);
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createRewritePass(rewriteOptions));
  passes.addPass(createSchedulePass());
  ASSERT_TRUE(succeeded(passes.run(*module)));
  TFLiteExportOptions options;
  options.toInt8 = true;
  auto exported = exportTo(*module, base, options);
  ASSERT_TRUE(exported) << messages.front();
  EXPECT_EQ(exported->arenaBytes, 275968);
  EXPECT_EQ(exported->lowerBoundBytes, 275968);
  EXPECT_GT(exported->numNew, 0);
  expectObeyed(*exported);
}
