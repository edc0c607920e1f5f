#!/usr/bin/env python3
"""Prints JSON reports of serenity-schedule and serenity-plan-arena as a table.

Usage: print-report.py REPORT.json...

Reports of several passes on one function make one row: what one does not know
is taken from the others.
"""
import json
import sys

COLUMNS = ["function", "source order", "best order", "saved", "", "optimal", "arena", "", "states", "time"]


def proof(is_proven, gap):
    return "proven" if is_proven else f"within {gap:,} B"


def arena_cells(entry):
    arena = entry.get("arena")
    if not arena:
        return ["", ""]
    size, peak = entry["arena_bytes"], entry["peak_bytes"]
    gap = size - arena["lower_bound_bytes"]
    return [f"{size:,} B",
            "= peak" if size == peak else f"peak + {size - peak:,} B, {proof(gap == 0, gap)}"]


def row(entry):
    source, best = entry["source_peak_bytes"], entry["peak_bytes"]
    saved = source - best
    times = [entry["solve_ms"], (entry.get("arena") or {}).get("solve_ms")]
    return [entry["function"], f"{source:,} B", f"{best:,} B", f"{saved:,} B",
            f"{100 * saved / source if source else 0:.1f} %",
            proof(entry["proven_optimal"], best - entry["lower_bound_bytes"]),
            *arena_cells(entry),
            "" if entry["states"] is None else f"{entry['states']:,}",
            f"{sum(time for time in times if time is not None):.1f} ms"]


def read_entries(paths):
    """The objects of all reports, those of one function in one."""
    entries = {}
    for path in paths:
        try:
            with open(path) as file:
                for entry in json.load(file):
                    known = {key: value for key, value in entry.items() if value is not None}
                    entries[entry["function"]] = {**entry, **entries.get(entry["function"], {}), **known}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            sys.exit(fail(path, error))
    return entries.values()


def fail(path, error):
    print(f"{path}: not a report of serenity: {error}", file=sys.stderr)
    return 2


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    try:
        rows = [COLUMNS] + [row(entry) for entry in read_entries(sys.argv[1:])]
    except (KeyError, TypeError) as error:
        sys.exit(fail(sys.argv[-1], error))
    columns = [i for i in range(len(COLUMNS)) if any(cells[i] for cells in rows[1:])]
    widths = {i: max(len(cells[i]) for cells in rows) for i in columns}
    for cells in rows:
        print("  ".join(cells[i].rjust(widths[i]) if i else cells[i].ljust(widths[i]) for i in columns))


main()
