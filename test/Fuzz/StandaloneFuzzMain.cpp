//===- StandaloneFuzzMain.cpp - Replays inputs without libFuzzer ----------===//
//
// Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Calls LLVMFuzzerTestOneInput on every file of the directories given. Fails if
// there is none, so that a corpus cannot go missing unnoticed.
//
//===----------------------------------------------------------------------===//

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv) {
  int numInputs = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto &entry : std::filesystem::directory_iterator(argv[i])) {
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      const std::string input = text.str();
      LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(input.data()),
                             input.size());
      ++numInputs;
    }
  std::cout << "replayed " << numInputs << " inputs\n";
  return numInputs == 0;
}
