#!/usr/bin/env python3
# Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the schedulers and writes docs/Benchmarks.md from what came of it.

  write_benchmarks.py BUILD            measures, one process at a time, and writes;
                                       twenty minutes, with --quick five
  write_benchmarks.py BUILD --same OTHER_BUILD
                                       instead checks that two runs of BUILD and
                                       one of OTHER_BUILD print the same

BUILD has the targets ScheduleOne, serenity-opt and serenity-translate, OTHER_BUILD
needs ScheduleOne only. The networks in ONNX are those of ../shared/data; without
them their tables are left out.

Exits 0, or 1 if two builds differ, or 2 if something cannot be run.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRAPHS = ROOT / "test/Core/Graphs"
NETWORKS = ROOT.parent / "shared/data/networks"
HEURISTICS = ["source", "kahn", "greedy", "depth-first", "post-order"]
NAMED = ["swiftnet", "swiftnet-a", "swiftnet-b", "swiftnet-c", "darts-v2-normal"]
# What others have proved: as it is, and with activations fused.
KNOWN_OPTIMA = {
    "darts-cifar": (1_622_016, 1_622_016),
    "nasnet-cifar": (2_031_616, 2_031_616),
    "randwire-s0": (3_913_728, 3_913_728),
    "randwire-s1": (3_913_728, 3_669_120),
    "googlenet": (6_422_528, 4_014_080),
    "inception_v3": (11_063_808, 8_297_856),
    "shufflenet_v2_x1_0": (2_408_448, 1_806_336),
}
# How a network is seen: passes before, and options of those that see it.
MODELS = {"as it is": ([], ""), "fused": (["--serenity-fuse-activations"], ""),
          "in place": ([], "inplace=true")}
# Kind, nodes, stages, seeds and the limit in seconds.
RANDOM = [("ws", 32, 3, 10, 60), ("ws", 64, 1, 10, 60), ("ws", 100, 1, 10, 60),
          ("ws", 128, 1, 10, 60), ("ws", 150, 1, 5, 60), ("ws", 200, 1, 3, 10),
          ("ws", 256, 1, 3, 10)]
RANDOM += [(kind, *row) for kind in ["er", "ba"]
           for row in [(64, 1, 10, 60), (100, 1, 10, 60), (128, 1, 10, 60), (150, 1, 5, 30),
                       (200, 1, 3, 5), (256, 1, 3, 5)]]
QUICK_RANDOM = [("ws", 32, 3, 10, 10), ("ws", 64, 1, 10, 10), ("ws", 100, 1, 5, 10),
                ("ws", 128, 1, 2, 20), ("ws", 150, 1, 1, 20), ("ws", 200, 1, 1, 5),
                ("ws", 256, 1, 1, 5)]
QUICK_RANDOM += [(kind, *row) for kind in ["er", "ba"]
                 for row in [(64, 1, 5, 10), (100, 1, 2, 10), (128, 1, 1, 10)]]
DIRECTED = [(kind, nodes) for kind in ["ws", "er", "ba"] for nodes in [64, 100]]
DIRECTIONS = {"backward": {"forward": 0}, "forward": {"backward": 0}, "alternating": {}}
LARGE = ["chain-100000", "nasnet-60", "layered-1000-100-0", "trained-chain-222",
         "trained-chain-1100", "trained-residual-70", "trained-residual-140",
         "trained-residual-208", "trained-residual-345"]
SIZES = [1, 64]
TIME_LIMITS = [0.1, 1, 10]
TABLE_LIMITS = [1 << 20, 1 << 24, 1 << 26]
MEBIBYTE = 1 << 20


def fail(command, status):
    print(f"write_benchmarks.py: {' '.join(map(str, command))} exited {status}", file=sys.stderr)
    sys.exit(2)


def tool(build, *arguments):
    """What a tool prints; what it warns of is left out."""
    command = [build / "bin" / arguments[0], *arguments[1:]]
    process = subprocess.run(command, capture_output=True, text=True)
    if process.returncode != 0:
        fail(command, process.returncode)
    return process.stdout


def run(build, network, **options):
    """The fields that ScheduleOne prints, and its peak resident bytes."""
    command = [str(build / "bin/ScheduleOne"), str(network)]
    command += [f"{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        fail(command, process.returncode)
    print(" ".join(command[1:]), output, end="", file=sys.stderr)
    return json.loads(output) | {"resident_bytes": usage.ru_maxrss * 1024}


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def mebibytes(number):
    return f"{number / MEBIBYTE:,.0f} MiB"


def milliseconds(seconds):
    return f"{1000 * seconds:.1f} ms"


def yes(is_so):
    return "yes" if is_so else "no"


def median_and_range(values, text="{:,}"):
    low, high = min(values), max(values)
    middle = statistics.median_low(values)
    return f"{text.format(middle)} ({text.format(low)} to {text.format(high)})"


def number_proven(results):
    return f"{sum(r['proven'] for r in results)} of {len(results)}"


def most(results, field):
    return mebibytes(max(r[field] for r in results))


def random_names(kind, nodes, stages, seeds, size):
    stage = f"{stages}-" if kind == "ws" else ""
    return [f"{kind}-{nodes}-{stage}{size}-{seed}" for seed in range(seeds)]


def random_label(kind, nodes, stages, size):
    staged = f" x{stages}" if stages > 1 else ""
    return f"{kind.upper()}({nodes}){staged}" + ("" if size == 1 else ", sized")


class ImportedNetworks:
    """The networks in ONNX as modules, and as graphs under each model."""

    def __init__(self, build, directory):
        self.build, self.directory = build, directory
        self.names = [n for n in KNOWN_OPTIMA if (NETWORKS / f"{n}.onnx").exists()]
        for name in self.names:
            tool(build, "serenity-translate", "--import-onnx", NETWORKS / f"{name}.onnx",
                 "-o", self.module(name))
            for model, (passes, options) in MODELS.items():
                tool(build, "serenity-opt", self.module(name), *passes, "-o", os.devnull,
                     f"--serenity-dump-graph={options} output={self.graph(name, model)}")

    def module(self, name):
        return self.directory / f"{name}.mlir"

    def graph(self, name, model):
        return self.directory / f"{name}-{model.replace(' ', '-')}.graph"

    def graphs(self):
        return [self.graph(name, model) for name in self.names for model in MODELS]

    def seconds_of_serenity_opt(self, name, model):
        """The median of three runs by the clock, reading and writing included."""
        passes, options = MODELS[model]
        times = []
        for _ in range(3):
            start = time.monotonic()
            tool(self.build, "serenity-opt", self.module(name), *passes,
                 f"--serenity-schedule={options}", "-o", os.devnull)
            times.append(time.monotonic() - start)
        return statistics.median(times)


def named_networks(build):
    rows = []
    for name in NAMED:
        for strategy in HEURISTICS + ["exact", "dynamic-programming"]:
            r = run(build, GRAPHS / f"{name}.graph", strategy=strategy)
            rows.append([name, r["operations"], strategy, f"{r['peak_bytes']:,}",
                         f"{r['lower_bound_bytes']:,}", yes(r["proven"]), f"{r['states']:,}",
                         milliseconds(r["seconds"]),
                         f"{r['peak_bytes'] / r['source_peak_bytes']:.3f}",
                         mebibytes(r["resident_bytes"])])
    return table(["network", "operations", "strategy", "peak", "bound", "proven", "states",
                  "time", "of source order", "resident"], rows)


def imported_networks(build, networks):
    if not networks.names:
        return "Not measured: the networks are not at hand.\n"
    rows = []
    for name in networks.names:
        for model, known in zip(MODELS, (*KNOWN_OPTIMA[name], None)):
            graph = networks.graph(name, model)
            peaks = [run(build, graph, strategy=s)["peak_bytes"] for s in HEURISTICS]
            r = run(build, graph)
            rows.append([name, model, r["operations"], *(f"{peak:,}" for peak in peaks),
                         f"{r['peak_bytes']:,}", yes(r["proven"]),
                         f"{known:,}" if known else "", f"{r['peak_bytes'] / peaks[0]:.3f}",
                         f"{r['states']:,}", milliseconds(r["seconds"]),
                         milliseconds(networks.seconds_of_serenity_opt(name, model))])
    return table(["network", "model", "operations", *HEURISTICS, "exact", "proven",
                  "known optimum", "of source order", "states", "time", "`serenity-opt`"], rows)


def random_row(build, row, size):
    kind, nodes, stages, seeds, limit = row
    results = [run(build, name, max_seconds=limit)
               for name in random_names(kind, nodes, stages, seeds, size)]
    gaps = [100 * (r["peak_bytes"] / r["lower_bound_bytes"] - 1) for r in results]
    ratios = [r["peak_bytes"] / r["source_peak_bytes"] for r in results]
    return [random_label(kind, nodes, stages, size), number_proven(results), f"{limit} s",
            median_and_range([r["states"] for r in results]),
            median_and_range([r["seconds"] for r in results], "{:.3f}"),
            median_and_range(gaps, "{:.0f}") if max(gaps) else "0",
            f"{statistics.mean(ratios):.2f}", most(results, "table_bytes"),
            most(results, "resident_bytes")]


def random_networks(build, quick):
    rows = [random_row(build, row, size)
            for size in SIZES for row in (QUICK_RANDOM if quick else RANDOM)]
    return table(["networks", "proven", "limit", "states, median (range)",
                  "seconds, median (range)", "gap in %, median (range)", "of source order",
                  "tables", "resident"], rows)


def directions(build, quick):
    seeds, limit = (2, 2) if quick else (3, 5)
    rows = []
    for kind, nodes in DIRECTED:
        names = random_names(kind, nodes, 1, seeds, 1)
        for direction, switches in DIRECTIONS.items():
            results = [run(build, name, max_seconds=limit, **switches) for name in names]
            rows.append([random_label(kind, nodes, 1, 1), direction, number_proven(results),
                         median_and_range([r["states"] for r in results]),
                         median_and_range([r["seconds"] for r in results], "{:.3f}")])
    return table(["networks", "direction", f"proven within {limit} s", "states, median (range)",
                  "seconds, median (range)"], rows)


def large_graphs(build):
    rows = []
    for name in LARGE:
        peaks = {s: run(build, name, strategy=s)["peak_bytes"] for s in HEURISTICS}
        best = min(peaks, key=peaks.get)
        r = run(build, name, max_seconds=10)
        gain = 1 - r["peak_bytes"] / peaks[best]
        rows.append([name, f"{r['operations']:,}", f"{r['source_peak_bytes']:,}",
                     f"{peaks[best]:,} ({best})", f"{r['peak_bytes']:,}", f"{100 * gain:.1f} %",
                     f"{r['lower_bound_bytes']:,}", yes(r["proven"]), f"{r['seconds']:.2f} s",
                     mebibytes(r["resident_bytes"])])
    return table(["graph", "operations", "source order", "best heuristic", "exact, 10 s", "less",
                  "bound", "proven", "time", "resident"], rows)


def number_worse(results, before):
    return sum(now["peak_bytes"] > then["peak_bytes"]
               or now["lower_bound_bytes"] < then["lower_bound_bytes"]
               for then, now in zip(before, results))


def time_limits(build, names):
    rows, before = [], []
    for limit in TIME_LIMITS:
        results = [run(build, name, max_seconds=limit) for name in names]
        overshoot = max(r["seconds"] / limit - 1 for r in results)
        rows.append([f"{limit} s", number_proven(results), f"{max(100 * overshoot, 0):.1f} %",
                     number_worse(results, before)])
        before = results
    return table(["time limit", "proven", "longest overshoot", "worse than at the limit before"],
                 rows)


def table_limits(build, names):
    rows, before = [], []
    for limit in TABLE_LIMITS:
        results = [run(build, name, max_table_bytes=limit, max_seconds=10) for name in names]
        rows.append([mebibytes(limit), number_proven(results),
                     f"{max(r['table_bytes'] for r in results) / MEBIBYTE:.2f} MiB",
                     most(results, "resident_bytes"), number_worse(results, before)])
        before = results
    return table(["table limit", "proven", "tables, largest", "resident, largest",
                  "worse than at the limit before"], rows)


def write(build, path, quick, networks):
    command = "write_benchmarks.py BUILD" + (" --quick" if quick else "")
    limited = [name for size in SIZES for name in random_names("ws", 100, 1, 3 if quick else 10,
                                                                size)]
    text = f"""# Benchmarks of the schedulers

Written by `test/Benchmark/{command}` from one run; do not edit. Each line is one process of
`ScheduleOne`, whose comment explains the names of networks, one after the other on one thread; *time* is what
`computeSchedule` takes by the clock, on a machine that does other things as well; *tables* is the most memory that the
tables of the search have taken, *resident* that of the whole process. [Scheduling.md](Scheduling.md) explains the
strategies and what is counted.

## Networks under test/Core/Graphs

Published optima under the same models: SwiftNet 275,968 without the model's input (`copy`), A 200,704, B 81,536, C 32,536
and DARTS-V2 903,168 (`view`).

{named_networks(build)}
## Networks in ONNX

Peaks by strategy, under `copy`. *Fused*: after `serenity-fuse-activations`; *in place*: kernels overwrite an operand
that dies, where they can (`inplace=true`). States and time are those of `exact`; `serenity-opt` is the whole process
from file to file, which fuses and schedules.

{imported_networks(build, networks)}
## Random networks

`exact`. *sized* are results of 1 to 64 bytes, otherwise all have one. The gap is that of the peak over the proven bound.

{random_networks(build, quick)}
## Directions of the search

`exact` without the search forward, without that backward, and with both taking turns; unit sizes, from seed 0.

{directions(build, quick)}
## Deep and wide graphs

{large_graphs(build)}
## Limits

On WS(100), with unit sizes and sized, from seed 0.

{time_limits(build, limited)}
{table_limits(build, limited)}"""
    path.write_text(text)


def same(build, other, networks):
    """Whether two runs of one build and one of another print the same of all that
    is measured, to a limit that does not depend on time."""
    tasks = [(GRAPHS / f"{name}.graph", strategy) for name in NAMED
             for strategy in HEURISTICS + ["exact", "dynamic-programming"]]
    tasks += [(graph, strategy) for graph in [*networks.graphs(), *LARGE]
              for strategy in HEURISTICS + ["exact"]]
    tasks += [(name, "exact") for *row, _ in RANDOM for size in SIZES
              for name in random_names(*row, size)]
    differing = 0
    for name, strategy in tasks:
        outputs = []
        for where in [build, build, other]:
            result = run(where, name, strategy=strategy, max_states=100_000)
            del result["seconds"], result["resident_bytes"]
            outputs.append(result)
        if outputs.count(outputs[0]) != len(outputs):
            print(f"{name} by {strategy} differs: {outputs}")
            differing += 1
    print(f"{len(tasks) - differing} of {len(tasks)} the same in two runs and two builds")
    return 1 if differing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="fewer seeds, shorter limits")
    parser.add_argument("--same", type=pathlib.Path, metavar="OTHER_BUILD")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs/Benchmarks.md")
    arguments = parser.parse_args()
    needed = [arguments.build / "bin" / name
              for name in ["ScheduleOne", "serenity-opt", "serenity-translate"]]
    if arguments.same:
        needed.append(arguments.same / "bin/ScheduleOne")
    for program in needed:
        if not program.exists():
            parser.error(f"{program} does not exist; build the target {program.name}")
    with tempfile.TemporaryDirectory() as directory:
        networks = ImportedNetworks(arguments.build, pathlib.Path(directory))
        if arguments.same:
            return same(arguments.build, arguments.same, networks)
        write(arguments.build, arguments.output, arguments.quick, networks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
