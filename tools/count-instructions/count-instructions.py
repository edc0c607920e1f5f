#!/usr/bin/env python3
"""Counts the instructions that the variants of a network take on AArch64.

TABLE.csv is a table of serenity-select. Each variant that has a file and no
latency is compiled for AArch64 and run twice, first on zeros, by QEMU. What
counts is the second run: its instructions, and the lines of 64 bytes that a
cache of 512 KiB fetches in it. As microseconds at one instruction a nanosecond,
both are filled in. Counts are the same every time.

Exit status: 0 done, 2 bad input or a tool that is missing.
"""
import argparse
import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile

LLVM_TOOLS = "/usr/lib/llvm-22/bin"
COMPILER = "aarch64-linux-gnu-gcc"
EMULATOR = "qemu-aarch64"
PACKAGES = {EMULATOR: "the package qemu-user",
            COMPILER: "the packages gcc-aarch64-linux-gnu and libc6-dev-arm64-cross",
            "cc": "the package gcc", "opt": "the package llvm-22", "llc": "the package llvm-22",
            "llvm-objcopy": "the package llvm-22", "mlir-translate": "the package mlir-22-tools",
            "serenity-opt": "build/bin, to be added to PATH,"}
SOURCES = os.path.dirname(os.path.abspath(__file__))


class BadInput(Exception):
    pass


def find_tools():
    path = os.pathsep.join([LLVM_TOOLS, os.environ["PATH"]])
    tools = {name: shutil.which(name, path=path) for name in PACKAGES}
    for name, file in tools.items():
        if not file:
            raise BadInput(f"{name} is not found; {PACKAGES[name]} has it")
    return tools


class Counter:
    """Compiles and runs variants in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.tools = find_tools()
        self.run("cc", "-O2", "-shared", "-fPIC", os.path.join(SOURCES, "plugin.c"), "-o", self.path("plugin.so"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, tool, *arguments):
        """What `tool` prints, on both streams."""
        result = subprocess.run([self.tools[tool], *arguments], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, check=False)
        if result.returncode != 0:
            raise BadInput(f"{tool}: {(result.stdout.splitlines() or ['fails'])[0]}")
        return result.stdout

    def compile(self, module, function, arena_bytes):
        steps = [("serenity-opt", module, "--serenity-to-llvm"),
                 ("mlir-translate", self.path("0"), "--mlir-to-llvmir"),
                 ("opt", self.path("1"), "-O3", "-mtriple=aarch64-linux-gnu"),
                 ("llc", self.path("2"), "-O3", "-mtriple=aarch64-linux-gnu", "-relocation-model=pic",
                  "-filetype=obj")]
        for index, step in enumerate(steps):
            self.run(*step, "-o", self.path(str(index)))
        interface = f"_mlir_ciface_{function}"
        # No name of the network may clash with one of the C library.
        self.run("llvm-objcopy", f"--keep-global-symbol={interface}", f"--redefine-sym={interface}=network",
                 self.path("3"), self.path("network.o"))
        self.run(COMPILER, "-O2", "-static", f"-DARENA_BYTES={arena_bytes}", os.path.join(SOURCES, "run.c"),
                 self.path("network.o"), "-lm", "-o", self.path("run"))

    def execute(self, runs):
        counts = self.run(EMULATOR, "-plugin", self.path("plugin.so"), "-d", "plugin", self.path("run"), str(runs))
        found = re.fullmatch(r"(\d+) (\d+)\n", counts)
        if not found:
            raise BadInput(f"{EMULATOR} says {counts!r}, expected are two numbers")
        return [int(count) for count in found.groups()]

    def count(self, module, function):
        """The instructions and the fetched lines of a run in a warm cache."""
        self.compile(module, function, read_arena_bytes(module, function))
        return [after - before for before, after in zip(self.execute(runs=1), self.execute(runs=2))]


def read_arena_bytes(module, function):
    with open(module, encoding="utf-8") as file:
        found = re.search(rf'func\.func @"?{re.escape(function)}"?\(.*serenity\.arena_bytes = (\d+)', file.read())
    if not found:
        raise BadInput(f"{module}: no function '{function}' with an arena")
    return int(found.group(1))


def read_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    for name in ["id", "file", "latency_us"]:
        if name not in (reader.fieldnames or []):
            raise BadInput(f"{path}: no column '{name}'")
    for row in rows:
        if None in row or None in row.values():
            raise BadInput(f"{path}: variant '{row['id']}' has not as many cells as there are columns")
    return reader.fieldnames, rows


def write_table(path, columns, rows):
    with open(path + ".tmp", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(path + ".tmp", path)


def fill_table(path, fetch_cost):
    columns, rows = read_table(path)
    missing = [row for row in rows if row["file"] and row["latency_us"] in ("", "-1")]
    with tempfile.TemporaryDirectory() as folder:
        counter = Counter(folder)
        for row in missing:
            module = os.path.join(os.path.dirname(path), row["file"])
            instructions, lines = counter.count(module, row["id"].rpartition("-")[0])
            row["latency_us"] = f"{(instructions + fetch_cost * lines) / 1000:.3f}"
            # At once: nothing is lost if a later one fails.
            write_table(path, columns, rows)
            print(f"{row['id']}: {instructions:,} instructions, {lines:,} lines fetched")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", metavar="TABLE.csv")
    parser.add_argument("--fetch-cost", metavar="N", type=int, default=100,
                        help="what fetching a line takes, in instructions (100); 0 counts instructions alone")
    arguments = parser.parse_args()
    if arguments.fetch_cost < 0:
        parser.error(f"--fetch-cost is {arguments.fetch_cost}, expected is 0 or more")
    return arguments


def main():
    arguments = parse_arguments()
    try:
        fill_table(arguments.table, arguments.fetch_cost)
    except (BadInput, OSError, UnicodeError, csv.Error) as error:
        print(f"count-instructions: error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
