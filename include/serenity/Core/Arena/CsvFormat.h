//===- CsvFormat.h - Arena problems and plans as CSV ------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format of google/minimalloc's benchmarks:
//
//   id,lower,upper,size
//   b1,0,3,4
//
// A header names the columns, in any order: `id`, `lower`, `upper` and `size`
// are required; `alignment`, `offset` (a fixed one) and `benefit` are optional
// and may be empty in a row. An id is 1 to 200 printable ASCII characters, and
// used once. No quoting, no blanks around numbers; a line may end in CR LF.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_ARENA_CSVFORMAT_H
#define SERENITY_CORE_ARENA_CSVFORMAT_H

#include "serenity/Core/Arena/Memories.h"

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace serenity::core {

/// Reads a problem and checks it (checkProblem). Fails with InvalidArgument and
/// one line of text, which begins with the number of the offending line if
/// there is one.
absl::StatusOr<ArenaProblem> parseArenaCsv(absl::string_view text);

/// The buffers of `problem` with the offsets of `plan`, in the order given. The
/// column `alignment` appears if any buffer has one. What parseArenaCsv reads
/// back is the same problem with all offsets fixed; pairs and groups have no
/// form in CSV and are left out.
std::string printArenaCsv(const ArenaProblem &problem, const ArenaPlan &plan);

/// The buffers of `problem` with a name from `memories` and an offset each, in
/// the order given.
std::string printMemoriesCsv(const ArenaProblem &problem,
                             const std::vector<ArenaMemory> &memories,
                             const MemoriesPlan &plan);

} // namespace serenity::core

#endif // SERENITY_CORE_ARENA_CSVFORMAT_H
