//===- ImportTest.cpp - The files of ONNX's own tests ---------------------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Debian's libonnx-testdata has a file for every operator of ONNX 1.12, and the
// tensors that it computes. Skipped where it is not installed.
//
//===----------------------------------------------------------------------===//

#include "serenity/Target/ONNX/Import.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include "gmock/gmock.h"
#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace serenity;

namespace {

constexpr StringLiteral kTestData = "/usr/share/libonnx-testdata/data";

/// Every model.onnx, by name.
std::vector<std::string> findModels() {
  std::vector<std::string> models;
  std::error_code error;
  for (llvm::sys::fs::recursive_directory_iterator file(kTestData, error), end;
       file != end && !error; file.increment(error))
    if (llvm::sys::path::filename(file->path()) == "model.onnx")
      models.push_back(file->path());
  llvm::sort(models);
  return models;
}

struct ImportedModel {
  OwningOpRef<ModuleOp> module;
  std::vector<std::string> errors;
};

ImportedModel import(StringRef path, MLIRContext &context) {
  ImportedModel result;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
      result.errors.push_back(diagnostic.str());
  });
  auto file = llvm::MemoryBuffer::getFile(path);
  if (file)
    result.module =
        importONNX(**file, {/*keepWeights=*/true, std::nullopt, {}}, &context);
  return result;
}

/// The shape of result `index` of the model at `path` as it was computed; empty
/// if that is not there as a tensor.
std::optional<SmallVector<int64_t>> readComputedShape(StringRef path,
                                                      unsigned index) {
  auto file = llvm::MemoryBuffer::getFile(llvm::sys::path::parent_path(path) +
                                          "/test_data_set_0/output_" +
                                          Twine(index) + ".pb");
  ::onnx::TensorProto tensor;
  if (!file || !tensor.ParseFromArray((*file)->getBufferStart(),
                                      (*file)->getBufferSize()))
    return std::nullopt;
  return SmallVector<int64_t>(tensor.dims().begin(), tensor.dims().end());
}

/// Compares the shapes of results with the tensors that were computed. Returns
/// how many were.
int checkShapes(ModuleOp module, StringRef path) {
  auto function = *module.getOps<func::FuncOp>().begin();
  int numCompared = 0;
  for (auto [index, type] : llvm::enumerate(function.getResultTypes())) {
    auto computed = readComputedShape(path, index);
    if (!computed)
      continue;
    if (function.getResultAttr(index, "serenity.source_layout"))
      std::rotate(computed->begin() + 1, computed->begin() + 2,
                  computed->end());
    EXPECT_EQ(cast<RankedTensorType>(type).getShape(), ArrayRef(*computed))
        << path.str() << ", result " << index;
    ++numCompared;
  }
  return numCompared;
}

bool isKnownLimit(StringRef error) {
  return error.contains("is not a tensor") ||
         error.contains("have no fixed size") ||
         error.contains("cannot be inferred") ||
         error.contains("expected to have tensor or sparse tensor type");
}

TEST(ImportTest, ReadsTheFilesOfTheFormatsOwnTests) {
  const std::vector<std::string> models = findModels();
  if (models.empty())
    GTEST_SKIP() << kTestData.str() << " is not there: no libonnx-testdata";
  int numImported = 0, numCompared = 0;
  for (const std::string &path : models) {
    MLIRContext context(MLIRContext::Threading::DISABLED);
    ImportedModel model = import(path, context);
    if (!model.module) {
      ASSERT_EQ(model.errors.size(), 1u) << path;
      EXPECT_TRUE(isKnownLimit(model.errors.front()))
          << path << ": " << model.errors.front();
      continue;
    }
    EXPECT_TRUE(succeeded(verify(*model.module))) << path;
    numCompared += checkShapes(*model.module, path);
    ++numImported;
  }
  // The others have sequences, optionals or strings, or windows whose length is
  // computed in floats.
  EXPECT_EQ(models.size() - numImported, 56u);
  EXPECT_GT(numCompared, 1000);
}

} // namespace
