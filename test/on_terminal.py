#!/usr/bin/env python3
"""Runs a command whose standard error is a terminal and prints what it shows
there.

Usage: on_terminal.py COMMAND [ARGUMENT...]
"""
import os
import pty
import subprocess
import sys

shown, terminal = pty.openpty()
process = subprocess.Popen(
    sys.argv[1:], stdout=subprocess.DEVNULL, stderr=terminal)
os.close(terminal)
with os.fdopen(shown, "rb", buffering=0) as stream:
    try:
        while text := stream.read(4096):
            sys.stdout.write(text.decode())
    except OSError:  # Linux: nobody has the terminal open any more.
        pass
sys.exit(process.wait())
