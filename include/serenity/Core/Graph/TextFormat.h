//===- TextFormat.h - Graphs as text ----------------------------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One format for tests, benchmarks, tools and bug reports: a line a buffer, a
// line an operation. docs/GraphFormat.md describes it with an example.
//
//   graph  ::= "serenity-graph" "1" (buffer | op)*
//   buffer ::= "buffer" id name bytes ["input"] ["output"]
//   op     ::= "op" name ["reads" id+] ["writes" id+] ["scratch" bytes]
//              ["overwrites" id+]
//   id     ::= a decimal number below 2^31
//   bytes  ::= a decimal number below 2^63
//   name   ::= any text within double quotes, with the escapes of C for quotes,
//              backslashes and control characters
//
// The header, each buffer and each operation take a line each, ended by LF or
// CR LF. Words are separated by spaces or tabs; '#' before a word begins a
// comment; blank lines do not count.
// An id stands for one buffer, declared on an earlier line. Neither ids nor
// lines need be in any other order, so that lines can be deleted from a bug
// report without touching the rest. The operations' source order is that of
// their lines.
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_CORE_GRAPH_TEXTFORMAT_H
#define SERENITY_CORE_GRAPH_TEXTFORMAT_H

#include "absl/strings/string_view.h"
#include "serenity/Core/Graph/Graph.h"

namespace serenity::core {

/// Reads a graph. Fails with InvalidArgument and a message of one line: with
/// the number of the line for everything that the grammar excludes, a number
/// out of range, an id declared twice, not at all, or listed twice; as
/// GraphBuilder::build for what is wrong with the graph as a whole. Linear in
/// the size of the text.
absl::StatusOr<Graph> parseGraph(absl::string_view text);

/// Writes `graph` so that parseGraph gives the same graph, names included. Ids
/// are the indices of the buffers.
std::string printGraph(const Graph &graph);

} // namespace serenity::core

#endif // SERENITY_CORE_GRAPH_TEXTFORMAT_H
