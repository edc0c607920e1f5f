#!/usr/bin/env python3
"""Opens a report page in a headless Chromium and checks what a reader gets.

Usage: look_at_page.py CHROMIUM REPORT.json REPORT.html

The page is shown in a frame of each width, where a script that is added to a
copy of it measures and reports to the page around. Exit code 1 names what is
wrong.
"""
import argparse
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--enable-logging=stderr"]
PHONE, DESKTOP = 360, 1200

PROBE = """<script>
"use strict";
const found = { errors: [] };
addEventListener("error", (event) => found.errors.push(event.message));
addEventListener("load", () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const tooltip = document.getElementById("tooltip");
  const step = (from, key) => from.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true }));
  found.functions = all("main > section").map((section) => ({
    title: section.querySelector("h2").textContent,
    rectangles: section.querySelectorAll(".map rect").length,
    labelled: section.querySelectorAll(".map rect[aria-label]").length,
    tabStops: section.querySelectorAll(".map rect[tabindex='0']").length,
    variants: section.querySelectorAll(".variants path[aria-label]").length,
  }));
  found.markup = all("main img, main b, main script").length;
  found.inner = document.documentElement.clientWidth;
  found.overflow = document.documentElement.scrollWidth;
  found.unlabelled = all("svg").filter((image) => !image.ariaLabel).length;
  const rect = document.querySelector(".map rect[tabindex='0']");
  if (rect) {
    rect.focus();
    found.focusShows = tooltip.hidden ? "" : tooltip.textContent;
    step(rect, "ArrowRight");
    found.arrowShows = tooltip.hidden ? "" : tooltip.textContent;
    step(document.activeElement, "Escape");
    found.escapeHides = tooltip.hidden;
  }
  const variant = document.querySelector(".variants path[tabindex='0']");
  if (variant) {
    variant.focus();
    step(variant, "ArrowRight");
    found.variantShows = tooltip.hidden ? "" : tooltip.textContent;
  }
  const slider = document.querySelector("[role=slider]");
  if (slider) {
    slider.focus();
    step(slider, "Home");
    found.sliderShows = tooltip.hidden ? "" : tooltip.textContent;
  }
  parent.postMessage(JSON.stringify(found), "*");
});
</script>"""

FRAME = """<!DOCTYPE html><meta charset="utf-8"><pre id="found"></pre><script>
addEventListener("message", (event) => {
  document.getElementById("found").textContent = event.data;
});
</script><iframe src="probed.html" style="border: 0; width: %dpx; height: 800px"></iframe>"""


def browse(chromium, arguments, folder):
    """Runs Chromium on its own profile below `folder`; returns what it prints."""
    with tempfile.TemporaryDirectory(dir=folder) as profile:
        return subprocess.run([chromium, *FLAGS, f"--user-data-dir={profile}", *arguments],
                              capture_output=True, text=True, timeout=120, check=True)


def probe(chromium, page, width, folder):
    """What a reader finds on `page` in a window of `width` pixels."""
    probed = page.replace("<head>", "<head>" + PROBE, 1)
    (folder / "probed.html").write_text(probed, encoding="utf-8")
    frame = folder / "frame.html"
    frame.write_text(FRAME % width, encoding="utf-8")
    run = browse(chromium, ["--virtual-time-budget=2000", "--dump-dom", frame.as_uri()], folder)
    found = re.search(r'<pre id="found">(.*?)</pre>', run.stdout, re.DOTALL).group(1)
    if not found:
        raise SystemExit(f"the page did not load: {run.stderr}")
    result = json.loads(html.unescape(found))
    result["errors"] += [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    return result


def expected_functions(report):
    """By function: how many rectangles its map should have."""
    for entry in report:
        places = [item for item in entry["buffers"] + entry["scratch"] if item["offset"] is not None]
        yield {"title": entry["function"], "rectangles": len(places), "labelled": len(places),
               "tabStops": 1 if places else 0,
               "variants": len(entry.get("selection", {}).get("variants", []))}


def check(found, report, width):
    """Yields what is wrong with the page."""
    def expect(what, actual, wanted):
        if actual != wanted:
            yield f"at {width} pixels: {what} is {actual!r}, expected {wanted!r}"
    yield from expect("the list of errors", found["errors"], [])
    yield from expect("the list of functions", found["functions"], list(expected_functions(report)))
    yield from expect("the markup that came from names", found["markup"], 0)
    yield from expect("the width", found["inner"], width)
    yield from expect("the width with all its contents", found["overflow"], width)
    yield from expect("the number of charts without a label", found["unlabelled"], 0)
    if any(entry["rectangles"] for entry in found["functions"]):
        yield from expect("whether focus shows a tooltip", bool(found["focusShows"]), True)
        yield from expect("whether escape hides it", found["escapeHides"], True)
    if any(entry["variants"] > 1 for entry in found["functions"]):
        yield from expect("whether a variant shows a tooltip", "kernels, order" in found["variantShows"], True)
    if any(entry["order"] for entry in report):
        yield from expect("whether the slider shows a tooltip", "Step 0" in found.get("sliderShows", ""), True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("chromium")
    parser.add_argument("report", type=pathlib.Path)
    parser.add_argument("page", type=pathlib.Path)
    arguments = parser.parse_args()
    report = json.loads(arguments.report.read_text(encoding="utf-8"))
    page = arguments.page.read_text(encoding="utf-8")
    if re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//|@import|url\(", page):
        sys.exit("the page asks for something on the network")
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for width in (PHONE, DESKTOP):
            wrong += check(probe(arguments.chromium, page, width, pathlib.Path(folder)), report, width)
    if wrong:
        sys.exit("\n".join(wrong))
    print("looks fine")


main()
