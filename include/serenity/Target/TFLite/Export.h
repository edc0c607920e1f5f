//===- Export.h - Back into a TFLite file -----------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TARGET_TFLITE_EXPORT_H
#define SERENITY_TARGET_TFLITE_EXPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <optional>
#include <string>
#include <vector>

namespace serenity {

/// Bytes that kernels ask the runtime for while they run, beside their tensors.
struct KernelScratch {
  /// The kernel's public name, or a position in the base file as a decimal
  /// number. A position counts before a name.
  std::string kernel;
  int64_t bytes = 0;
};

struct TFLiteExportOptions {
  /// Whether uint8 tensors become int8.
  bool toInt8 = false;
  /// Whether a kernel that can may write its result over an input that dies.
  bool inPlace = false;
  /// Room that the plan leaves beside the tensors.
  std::vector<KernelScratch> scratch;
};

/// A TFLite file with the plan that is in it.
struct ExportedTFLite {
  std::string file;
  /// What the plan takes from the head of the runtime's arena, with the room
  /// that was asked for.
  int64_t arenaBytes = 0;
  /// Proved: no plan for this order takes less.
  int64_t lowerBoundBytes = 0;
  /// Operators of the base that the file no longer has, and those it has new.
  int64_t numDropped = 0, numNew = 0;
};

/// Writes `module`, which was imported from `base` and then scheduled or
/// rewritten, as a TFLite file: the base file with its operators in the order
/// of the module, without those that the module no longer has, and with the
/// metadata entry "OfflineMemoryAllocation". All else in the file stays as it
/// is. `base` may be at any address.
///
/// Operations that are not in the base become new operators with tensors,
/// weights and options of their own. Offsets are those in `serenity.offset`
/// where a function has `serenity.arena_bytes`, else they are found by
/// core::planArena, under the lifetimes of TFLite for Microcontrollers. In
/// files of several subgraphs some tensors are left to the runtime, because it
/// takes the offsets of the first subgraph for all.
///
/// Fails with a diagnostic of one line if the base is damaged, if the module
/// does not belong to it or has what no TFLite kernel computes, if the offsets
/// break the runtime's rules, and if a uint8 tensor has no exact counterpart.
mlir::FailureOr<ExportedTFLite>
exportTFLite(mlir::ModuleOp module, llvm::MemoryBufferRef base,
             const TFLiteExportOptions &options);

/// Registers `--export-tflite` and its options with mlir-translate's driver.
void registerExportTFLite();

} // namespace serenity

#endif // SERENITY_TARGET_TFLITE_EXPORT_H
