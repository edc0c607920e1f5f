//===- GraphFile.h - The networks under test/Core/Graphs --------*- C++ -*-===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef SERENITY_TEST_CORE_GRAPHFILE_H
#define SERENITY_TEST_CORE_GRAPHFILE_H

#include "serenity/Core/Graph/TextFormat.h"

#include <fstream>
#include <sstream>

namespace serenity::core {

/// The graph of test/Core/Graphs/<name>.graph, which must be there.
inline Graph readGraphFile(const std::string &name) {
  std::ostringstream text;
  text << std::ifstream(SERENITY_TEST_GRAPHS "/" + name + ".graph").rdbuf();
  return *parseGraph(text.str());
}

} // namespace serenity::core

#endif // SERENITY_TEST_CORE_GRAPHFILE_H
