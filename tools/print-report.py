#!/usr/bin/env python3
"""Prints the JSON report of serenity-schedule as a table.

Usage: print-report.py REPORT.json
"""
import json
import sys

COLUMNS = ["function", "source order", "best order", "saved", "", "optimal", "states", "time"]


def row(entry):
    source, best = entry["source_peak_bytes"], entry["peak_bytes"]
    saved = source - best
    gap = best - entry["lower_bound_bytes"]
    return [entry["function"], f"{source:,} B", f"{best:,} B", f"{saved:,} B",
            f"{100 * saved / source if source else 0:.1f} %",
            "proven" if entry["proven_optimal"] else f"within {gap:,} B",
            f"{entry['states']:,}", f"{entry['solve_ms']:.1f} ms"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        with open(sys.argv[1]) as file:
            rows = [COLUMNS] + [row(entry) for entry in json.load(file)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{sys.argv[1]}: not a report of serenity-schedule: {error}", file=sys.stderr)
        sys.exit(2)
    widths = [max(len(cells[i]) for cells in rows) for i in range(len(COLUMNS))]
    for cells in rows:
        print("  ".join([cells[0].ljust(widths[0])] +
                        [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]))


main()
