#!/usr/bin/env python3
"""Runs a command and succeeds if it exits with the code that is expected.

Usage: exits.py CODE COMMAND [ARGUMENT...]
"""
import subprocess
import sys

expected, command = int(sys.argv[1]), sys.argv[2:]
code = subprocess.run(command).returncode
if code != expected:
    sys.exit(f"exit code {code} instead of {expected}: {' '.join(command)}")
