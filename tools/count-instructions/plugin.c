/*===- plugin.c - Counts what an emulator executes -----------------------===*\
|*                                                                            *|
|* Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.      *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|*===----------------------------------------------------------------------===*|
|*                                                                            *|
|* A TCG plugin for QEMU (docs/devel/tcg-plugins.rst there) that prints the   *|
|* number of executed instructions when the program ends. Debian's qemu-user  *|
|* comes without qemu-plugin.h, so what is used of it is declared here.       *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info_t;
struct qemu_plugin_tb;

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

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
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
void qemu_plugin_outs(const char *text);

/* The interface of QEMU 4.2 to 8.1. */
int qemu_plugin_version = 1;

/* The program has one thread. */
static uint64_t executed = 0;

static void count_block(unsigned cpu, void *size) {
  (void)cpu;
  executed += (uintptr_t)size;
}

static void translate_block(qemu_plugin_id_t id,
                            struct qemu_plugin_tb *block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_cb(
      block, count_block, QEMU_PLUGIN_CB_NO_REGS,
      (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

static void print_count(qemu_plugin_id_t id, void *data) {
  char text[32];
  (void)id, (void)data;
  snprintf(text, sizeof text, "%" PRIu64 "\n", executed);
  qemu_plugin_outs(text);
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info_t *info,
                        int argc, char **argv) {
  (void)info, (void)argc, (void)argv;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translate_block);
  qemu_plugin_register_atexit_cb(id, print_count, NULL);
  return 0;
}
