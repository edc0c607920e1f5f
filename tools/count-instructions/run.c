/*===- run.c - Runs a network so many times ------------------------------===*\
|*                                                                            *|
|* Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.      *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* Usage: run COUNT. The arena has ARENA_BYTES, all zeros at first.           *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include <stdint.h>
#include <stdlib.h>

/* The descriptor of a memref<Nxi8>. */
struct arena {
  void *allocated, *aligned;
  int64_t offset, size, stride;
};

/* `results` are the descriptors of what the network returns. */
void network(void *results, struct arena *arena);

static _Alignas(64) char memory[ARENA_BYTES];
static int64_t results[4096];

int main(int argc, char **argv) {
  struct arena arena = {memory, memory, 0, ARENA_BYTES, 1};
  for (int i = argc > 1 ? atoi(argv[1]) : 0; i > 0; --i)
    network(results, &arena);
  return 0;
}
