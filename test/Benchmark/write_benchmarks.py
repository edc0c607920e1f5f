#!/usr/bin/env python3
# Part of Serenity, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the schedulers and writes docs/Benchmarks.md from what came of it.

  write_benchmarks.py BUILD            measures, one process at a time, and writes;
                                       half an hour, with --quick five minutes
  write_benchmarks.py BUILD --same OTHER_BUILD
                                       instead checks that two runs of BUILD and
                                       one of OTHER_BUILD print the same

Exits 0, or 1 if two builds differ, or 2 if something cannot be run.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRAPHS = ROOT / "test/Core/Graphs"
STRATEGIES = ["source", "kahn", "greedy", "depth-first", "post-order", "exact"]
NAMED = ["swiftnet", "swiftnet-a", "swiftnet-b", "swiftnet-c", "darts-v2-normal"]
# Nodes, stages, seeds and the limit in seconds.
WATTS_STROGATZ = [(32, 3, 10, 60), (64, 1, 10, 60), (100, 1, 10, 60),
                  (128, 1, 5, 60), (150, 1, 3, 20), (200, 1, 3, 10), (256, 1, 3, 10)]
QUICK_WATTS_STROGATZ = [(32, 3, 10, 10), (64, 1, 10, 10), (100, 1, 5, 10),
                        (128, 1, 1, 10), (200, 1, 1, 5)]
QUICK_OTHER_NODES = [(64, 5, 10), (100, 2, 5)]
OTHER_NODES = [(64, 10, 60), (100, 10, 60), (128, 5, 60), (150, 3, 20), (200, 3, 10)]
LARGE = ["chain-100000", "nasnet-60", "layered-1000-100-0", "trained-chain-222",
         "trained-chain-1100", "trained-residual-70", "trained-residual-140",
         "trained-residual-208", "trained-residual-345"]
SIZES = [1, 64]
TIME_LIMITS = [0.1, 1, 10]
TABLE_LIMITS = [1 << 20, 1 << 24, 1 << 26]
MEBIBYTE = 1 << 20


def run(build, network, **options):
    """The fields that ScheduleOne prints, and its peak resident bytes."""
    command = [str(build / "bin/ScheduleOne"), network]
    command += [f"{name.replace('_', '-')}={value}" for name, value in options.items()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"write_benchmarks.py: {' '.join(command)} exited {process.returncode}")
    print(" ".join(command[1:]), output, end="", file=sys.stderr)
    return json.loads(output) | {"resident_bytes": usage.ru_maxrss * 1024}


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def mebibytes(number):
    return f"{number / MEBIBYTE:,.0f} MiB"


def median_and_range(values, text="{:,}"):
    low, high = min(values), max(values)
    middle = statistics.median_low(values)
    return f"{text.format(middle)} ({text.format(low)} to {text.format(high)})"


def named_networks(build):
    rows = []
    for name in NAMED:
        for strategy in STRATEGIES + ["dynamic-programming"]:
            r = run(build, str(GRAPHS / f"{name}.graph"), strategy=strategy)
            rows.append([name, r["operations"], strategy, f"{r['peak_bytes']:,}",
                         f"{r['lower_bound_bytes']:,}", "yes" if r["proven"] else "no",
                         f"{r['states']:,}", f"{1000 * r['seconds']:.1f} ms",
                         f"{r['peak_bytes'] / r['source_peak_bytes']:.3f}",
                         mebibytes(r["resident_bytes"])])
    return table(["network", "operations", "strategy", "peak", "bound", "proven", "states",
                  "time", "of source order", "resident"], rows)


def family_row(build, label, names, limit):
    results = [run(build, name, max_seconds=limit) for name in names]
    gaps = [r["peak_bytes"] / r["lower_bound_bytes"] - 1 for r in results]
    ratios = [r["peak_bytes"] / r["source_peak_bytes"] for r in results]
    return [label, f"{sum(r['proven'] for r in results)} of {len(results)}", f"{limit} s",
            median_and_range([r["states"] for r in results]),
            median_and_range([r["seconds"] for r in results], "{:.3f}"),
            f"{100 * max(gaps):.0f} %", f"{statistics.mean(ratios):.2f}",
            mebibytes(max(r["resident_bytes"] for r in results))]


def random_networks(build, quick):
    rows = []
    for size in SIZES:
        sized = "" if size == 1 else ", sized"
        for nodes, stages, seeds, limit in QUICK_WATTS_STROGATZ if quick else WATTS_STROGATZ:
            names = [f"ws-{nodes}-{stages}-{size}-{seed}" for seed in range(seeds)]
            staged = f" x{stages}" if stages > 1 else ""
            rows.append(family_row(build, f"WS({nodes}){staged}{sized}", names, limit))
        for kind in ["er", "ba"]:
            for nodes, seeds, limit in QUICK_OTHER_NODES if quick else OTHER_NODES:
                names = [f"{kind}-{nodes}-{size}-{seed}" for seed in range(seeds)]
                rows.append(family_row(build, f"{kind.upper()}({nodes}){sized}", names, limit))
    return table(["networks", "proven", "limit", "states, median (range)",
                  "seconds, median (range)", "largest gap", "of source order", "resident"],
                 rows)


def large_graphs(build):
    rows = []
    for name in LARGE:
        peaks = {s: run(build, name, strategy=s)["peak_bytes"] for s in STRATEGIES[:-1]}
        best = min(peaks, key=peaks.get)
        r = run(build, name, max_seconds=10)
        gain = 1 - r["peak_bytes"] / peaks[best]
        rows.append([name, f"{r['operations']:,}", f"{r['source_peak_bytes']:,}",
                     f"{peaks[best]:,} ({best})", f"{r['peak_bytes']:,}", f"{100 * gain:.1f} %",
                     f"{r['lower_bound_bytes']:,}", "yes" if r["proven"] else "no",
                     f"{r['seconds']:.2f} s", mebibytes(r["resident_bytes"])])
    return table(["graph", "operations", "source order", "best heuristic", "exact, 10 s", "less",
                  "bound", "proven", "time", "resident"], rows)


def limits(build, quick):
    names = [f"ws-100-1-{size}-{seed}" for size in SIZES for seed in range(3 if quick else 10)]
    rows, last = [], None
    for limit in TIME_LIMITS:
        results = [run(build, name, max_seconds=limit) for name in names]
        worse = sum(now["peak_bytes"] > before["peak_bytes"]
                    or now["lower_bound_bytes"] < before["lower_bound_bytes"]
                    for before, now in zip(last or results, results))
        overshoot = max(r["seconds"] / limit - 1 for r in results)
        rows.append([f"{limit} s", f"{sum(r['proven'] for r in results)} of {len(names)}",
                     f"{max(100 * overshoot, 0):.1f} %", worse,
                     mebibytes(max(r["resident_bytes"] for r in results))])
        last = results
    text = table(["time limit", "proven", "longest overshoot", "worse than at the limit before",
                  "resident"], rows)
    rows, last = [], None
    for limit in TABLE_LIMITS:
        results = [run(build, name, max_table_bytes=limit, max_seconds=10) for name in names]
        worse = sum(now["peak_bytes"] > before["peak_bytes"]
                    for before, now in zip(last or results, results))
        rows.append([mebibytes(limit), f"{sum(r['proven'] for r in results)} of {len(names)}",
                     mebibytes(max(r["resident_bytes"] for r in results)), worse])
        last = results
    return text + "\n" + table(["table limit", "proven", "resident, largest",
                                "worse than at the limit before"], rows)


def write(build, path, quick):
    command = "write_benchmarks.py BUILD" + (" --quick" if quick else "")
    text = f"""# Benchmarks of the schedulers

Written by `test/Benchmark/{command}` from one run; do not edit. Each line is one process of
`ScheduleOne`, whose comment explains the names of networks, one after the other on one thread; *time* is what
`computeSchedule` takes by the clock, on a machine that does other things as well; *resident* is the most memory of the
whole process. [Scheduling.md](Scheduling.md) explains the strategies and what is counted.

## Networks under test/Core/Graphs

Published optima under the same models: SwiftNet 275,968 without the model's input (`copy`), A 200,704, B 81,536, C 32,536
and DARTS-V2 903,168 (`view`).

{named_networks(build)}
## Random networks

`exact`. *sized* are results of 1 to 64 bytes, otherwise all have one. The gap is that of the peak over the proven bound.

{random_networks(build, quick)}
## Deep and wide graphs

{large_graphs(build)}
## Limits

On WS(100), with unit sizes and sized, from seed 0.

{limits(build, quick)}"""
    path.write_text(text)


def same(build, other):
    """Whether two runs of one build and one of another print the same."""
    names = [str(GRAPHS / f"{name}.graph") for name in NAMED] + LARGE
    names += [f"ws-{n}-1-{size}-{seed}" for n in [64, 100, 200] for size in SIZES
              for seed in range(3)]
    names += [f"{kind}-100-{size}-0" for kind in ["er", "ba"] for size in SIZES]
    differing = 0
    for name in names:
        outputs = []
        for where in [build, build, other]:
            result = run(where, name, max_states=100_000)
            del result["seconds"], result["resident_bytes"]
            outputs.append(result)
        if outputs.count(outputs[0]) != len(outputs):
            print(f"{name} differs: {outputs}")
            differing += 1
    print(f"{len(names) - differing} of {len(names)} the same in two runs and two builds")
    return 1 if differing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="fewer seeds, shorter limits")
    parser.add_argument("--same", type=pathlib.Path, metavar="OTHER_BUILD")
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs/Benchmarks.md")
    arguments = parser.parse_args()
    for build in filter(None, [arguments.build, arguments.same]):
        if not (build / "bin/ScheduleOne").exists():
            parser.error(f"{build}/bin/ScheduleOne does not exist; build the target ScheduleOne")
    if arguments.same:
        return same(arguments.build, arguments.same)
    write(arguments.build, arguments.output, arguments.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
