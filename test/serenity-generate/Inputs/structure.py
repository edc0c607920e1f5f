#!/usr/bin/env python3
"""Reads a graph in the text format of docs/GraphFormat.md and prints its structure.

One line in all, then one for each kind of operation (its name without the number at its end), by name: how many there
are and how many read how many buffers. Fails unless every operation comes after the writers of what it reads, which
also shows that there is no cycle.
"""
import collections
import re
import sys


def fields(words):
    """The numbers after each keyword of an operation."""
    found, current = collections.defaultdict(list), None
    for word in words:
        if word.isdigit():
            found[current].append(int(word))
        else:
            current = word
    return found


def main():
    lines = sys.stdin.read().splitlines()
    assert lines[0] == "serenity-graph 1", lines[0]
    alive, outputs = set(), 0
    kinds = collections.defaultdict(collections.Counter)
    for line in lines[1:]:
        name = re.search(r'"([^"]*)"', line).group(1)
        if line.startswith("buffer"):
            if line.endswith(" input"):
                alive.add(int(line.split()[1]))
            outputs += line.endswith("output")
            continue
        op = fields(line.split('" ')[1].split())
        unwritten = [buffer for buffer in op["reads"] if buffer not in alive]
        assert not unwritten, f"{name} reads {unwritten}, which is not written yet"
        alive.update(op["writes"])
        kinds[re.sub(r"\d+$", "", name)][len(op["reads"])] += 1
    print(f"{sum(sum(reads.values()) for reads in kinds.values())} operations, {outputs} outputs")
    for kind, reads in sorted(kinds.items()):
        each = ", ".join(f"{count} read {number}" for number, count in sorted(reads.items()))
        print(f"{kind} {sum(reads.values())}: {each}")


main()
