/*===- plugin.c - Counts what an emulator executes and fetches -----------===*\
|*                                                                            *|
|* Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.      *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* A TCG plugin for QEMU (docs/devel/tcg-plugins.rst there) that prints, when *|
|* the program ends, how many instructions it has executed, and how many lines*|
|* of data a cache of 512 KiB, 16 ways and the least recently used line first *|
|* to go, like the second level of a Cortex-A53, has fetched. Debian's        *|
|* qemu-user comes without qemu-plugin.h, so what is used of it is declared   *|
|* here.                                                                      *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_RW = 3 };

void qemu_plugin_register_vcpu_tb_trans_cb(
    qemu_plugin_id_t id,
    void (*callback)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block,
                                          void (*callback)(unsigned, void *),
                                          enum qemu_plugin_cb_flags flags,
                                          void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id,
                                    void (*callback)(qemu_plugin_id_t, void *),
                                    void *data);
void qemu_plugin_register_vcpu_mem_cb(
    struct qemu_plugin_insn *instruction,
    void (*callback)(unsigned, uint32_t, uint64_t, void *),
    enum qemu_plugin_cb_flags flags, enum qemu_plugin_mem_rw accesses,
    void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
void qemu_plugin_outs(const char *text);

/* The interface of QEMU 4.2 to 8.1. */
int qemu_plugin_version = 1;

enum { LINE_BYTES = 64, NUM_WAYS = 16, NUM_SETS = 512 };

/* The program has one thread. */
static uint64_t executed = 0, fetched = 0;

/* The lines of each set, the most recently used one first. Line 0 is in no
   program's memory and stands for none. */
static uint64_t cache[NUM_SETS][NUM_WAYS];

static void access_memory(unsigned cpu, uint32_t info, uint64_t address,
                          void *data) {
  const uint64_t line = address / LINE_BYTES;
  uint64_t *set = cache[line % NUM_SETS];
  size_t way = 0;
  (void)cpu, (void)info, (void)data;
  while (way < NUM_WAYS - 1 && set[way] != line)
    ++way;
  fetched += set[way] != line;
  memmove(set + 1, set, way * sizeof *set);
  set[0] = line;
}

static void count_block(unsigned cpu, void *size) {
  (void)cpu;
  executed += (uintptr_t)size;
}

static void translate_block(qemu_plugin_id_t id,
                            struct qemu_plugin_tb *block) {
  const size_t size = qemu_plugin_tb_n_insns(block);
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_cb(
      block, count_block, QEMU_PLUGIN_CB_NO_REGS, (void *)(uintptr_t)size);
  for (size_t i = 0; i < size; ++i)
    qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(block, i),
                                     access_memory, QEMU_PLUGIN_CB_NO_REGS,
                                     QEMU_PLUGIN_MEM_RW, NULL);
}

static void print_counts(qemu_plugin_id_t id, void *data) {
  char text[64];
  (void)id, (void)data;
  snprintf(text, sizeof text, "%" PRIu64 " %" PRIu64 "\n", executed,
           fetched);
  qemu_plugin_outs(text);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                        int argc, char **argv) {
  (void)info, (void)argc, (void)argv;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
  qemu_plugin_register_atexit_cb(id, print_counts, NULL);
  return 0;
}
