#!/usr/bin/env python3
"""Lists functions and what serenity-annotate-latency says of them, in
microseconds rounded to the nanosecond: the sum over the operations may be taken
in any order."""
import re
import sys

for name, latency in re.findall(
        r"func\.func @(\S+?)\(.*?serenity\.latency_us = (\S+) : f64",
        sys.stdin.read()):
    print(name, f"{float(latency):.3f}")
