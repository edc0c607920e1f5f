//===- Waists.h - Cutting a graph where every order is cut ------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_LIB_CORE_SCHEDULE_WAISTS_H
#define SERENITY_LIB_CORE_SCHEDULE_WAISTS_H

#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Splits `graph` into consecutive parts: every legal order of the graph runs
/// all of a part before any of the next. Optimal orders of the parts, taken
/// with extractPart, therefore concatenate to an optimal order of the graph.
///
/// A cut lies between two sets of operations if everybody in the second depends
/// on everybody in the first. This holds before and after every narrow waist of
/// Ahn et al. (an operation v with |V| - |anc(v)| - |desc(v)| - 1 = 0), and
/// also where there is no such operation, as around a buffer with several
/// writers and several readers. All such cuts are found. Neighbouring parts of
/// one operation each become one part, whose order is forced.
///
/// Operations keep their source order within a part. O(V + E) time, but for
/// O(W R) at a buffer whose W writers and R readers stand on the two sides of
/// a cut.
std::vector<std::vector<OpId>> splitAtWaists(const Graph &graph);

} // namespace serenity::core

#endif // SERENITY_LIB_CORE_SCHEDULE_WAISTS_H
