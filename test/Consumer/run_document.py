"""Keeps a Markdown document true.

Its ```sh blocks are run in order, in a new directory, as one user would; what
they print must be the ```text block that follows, if there is one. All other
blocks must be found, as they stand, in one of the files given.

usage: run_document.py DOCUMENT SCRATCH-DIRECTORY FILE...
"""

import pathlib
import re
import shutil
import subprocess
import sys


def fail(message):
    sys.exit(f"error: {message}")


def run(commands, expected, directory):
    result = subprocess.run(["sh", "-euc", commands], cwd=directory, text=True,
                            stdout=subprocess.PIPE)
    if result.returncode != 0:
        fail(f"exit code {result.returncode} of\n{commands}{result.stdout}")
    if expected is not None and result.stdout != expected:
        fail(f"{commands}printed\n{result.stdout}and not\n{expected}")


def main(document, scratch, *files):
    shutil.rmtree(scratch, ignore_errors=True)
    pathlib.Path(scratch).mkdir(parents=True)
    sources = [pathlib.Path(name).read_text() for name in files]
    text = pathlib.Path(document).read_text()
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    if not blocks:
        fail(f"{document} has no code blocks")
    for (language, body), following in zip(blocks, blocks[1:] + [("", "")]):
        if language == "sh":
            run(body, following[1] if following[0] == "text" else None, scratch)
        elif language != "text" and not any(body in source for source in sources):
            fail(f"no file has this block:\n{body}")


main(*sys.argv[1:])
