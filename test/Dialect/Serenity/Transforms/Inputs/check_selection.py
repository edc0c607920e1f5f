#!/usr/bin/env python3
"""Checks the selections in a report: the front is the front of the variants,
and nothing beats what was chosen.

Usage: check_selection.py REPORT.json latency|knee|memory [BUDGET]
"""
import json
import math
import sys


def beats(a, b):
    pairs = [(a["peak_bytes"], b["peak_bytes"]), (a["latency_us"], b["latency_us"])]
    return all(x <= y for x, y in pairs) and any(x < y for x, y in pairs)


report, objective = json.load(open(sys.argv[1])), sys.argv[2]
budget = float(sys.argv[3]) if len(sys.argv) > 3 else math.inf
for entry in report:
    variants = entry["selection"]["variants"]
    chosen = variants[entry["selection"]["chosen"]]
    affordable = [v for v in variants if v["peak_bytes"] <= budget]
    for variant in variants:
        assert variant["on_front"] == (not any(beats(v, variant) for v in variants)), variant["id"]
    assert chosen["peak_bytes"] == entry["peak_bytes"] <= budget
    assert not any(beats(v, chosen) for v in affordable), chosen["id"]
    key = {"latency": "latency_us", "memory": "peak_bytes"}.get(objective)
    assert not key or chosen[key] == min(v[key] for v in affordable), chosen["id"]
    assert max(entry["footprint"]) == entry["peak_bytes"]
    print(entry["function"], len(variants))
