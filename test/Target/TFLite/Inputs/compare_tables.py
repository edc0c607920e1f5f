#!/usr/bin/env python3
"""Compares two TFLite files that were written out as JSON.

Usage: compare_tables.py BASE EXPORTED

All tables of BASE must be in EXPORTED with all their fields, at the same
positions, but for operators, which may be in another order or gone.
"""
import json
import sys

PLAN = "OfflineMemoryAllocation"


def without(table, *names):
    return {name: value for name, value in table.items() if name not in names}


def expect(condition, what):
    if not condition:
        sys.exit(f"{what} differ")


def compare_subgraphs(base, exported):
    expect(without(base, "operators") == without(exported, "operators"), "subgraphs")
    left = list(base["operators"])
    for operator in exported["operators"]:
        expect(operator in left, "operators")
        left.remove(operator)


base, exported = (json.load(open(name)) for name in sys.argv[1:])
lists = ["subgraphs", "buffers", "metadata"]
expect(without(base, *lists) == without(exported, *lists), "fields of the model")
expect(base["buffers"] == exported["buffers"][: len(base["buffers"])], "buffers")
expect(base["metadata"] == [entry for entry in exported["metadata"] if entry["name"] != PLAN], "metadata")
expect(len(base["subgraphs"]) == len(exported["subgraphs"]), "numbers of subgraphs")
for pair in zip(base["subgraphs"], exported["subgraphs"]):
    compare_subgraphs(*pair)
