"use strict";

// Draws the report that is embedded in the page. Names come from files of other
// people: they reach the page as text only, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const LARGEST_MOMENTS = 8;

function set(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    node.setAttribute(name, value);
  node.append(...children);
  return node;
}
const html = (tag, attributes, ...children) =>
  set(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
  set(document.createElementNS(SVG, tag), attributes, children);

/// `name` with places where a narrow page may break it.
const breakable = (name) => name.split(/(?<=[._/:#-])(?=\w)/)
  .flatMap((part) => [part, html("wbr", {})]);
const bytes = (count) => `${count.toLocaleString("en-US")} B`;
const percent = (part, whole) =>
  whole ? `${((100 * part) / whole).toFixed(1)} %` : "0 %";

// The tooltip -----------------------------------------------------------------

const tooltip = document.getElementById("tooltip");

function showTooltip(text, x, y) {
  tooltip.textContent = text;
  tooltip.hidden = false;
  const box = tooltip.getBoundingClientRect();
  const fits = (at, size, room) => Math.max(4, Math.min(at, room - size - 4));
  const below = y + 16 + box.height < innerHeight;
  tooltip.style.left = `${fits(x + 12, box.width, innerWidth)}px`;
  tooltip.style.top =
    `${fits(below ? y + 16 : y - box.height - 8, box.height, innerHeight)}px`;
}
function hideTooltip() {
  tooltip.hidden = true;
}
addEventListener("keydown", (event) => event.key === "Escape" && hideTooltip());
addEventListener("scroll", hideTooltip, { passive: true });

// What a function's object says -----------------------------------------------

/// A rectangle of the map: a buffer, or what an operation needs while it runs.
function residents(report) {
  const scratch = report.scratch.map((entry) => ({
    name: `${entry.name} (scratch)`, bytes: entry.bytes, first: entry.step,
    last: entry.step, offset: entry.offset, isScratch: true,
  }));
  return [...report.buffers, ...scratch];
}
const isAliveAt = (buffer, step) => buffer.first <= step && step <= buffer.last;
const operation = (report, step) =>
  report.order[step] ? report.order[step].name : "";
const sourceOrder = (report) =>
  [...report.order].sort((a, b) => a.index - b.index);
const peakStep = (report) =>
  report.footprint.indexOf(Math.max(...report.footprint));

function lifetime(report, buffer) {
  if (buffer.last < 0)
    return "before the first step";
  if (buffer.first === buffer.last)
    return `step ${buffer.first}, ${operation(report, buffer.first)}`;
  return `steps ${buffer.first} to ${buffer.last}, ` +
    `${operation(report, buffer.first)} to ${operation(report, buffer.last)}`;
}
function describe(report, buffer) {
  return `${buffer.name}\n${bytes(buffer.bytes)} at offset ` +
    `${buffer.offset.toLocaleString("en-US")}\n${lifetime(report, buffer)}`;
}

// Summary ---------------------------------------------------------------------

function tile(label, figure, note, isGood) {
  return html("div", { class: "tile" },
    html("dt", {}, label),
    html("dd", { class: "figure" }, figure),
    html("dd", { class: isGood ? "note good" : "note" }, note));
}
function orderNote(report) {
  if (report.proven_optimal)
    return "proven: no order needs less";
  const gap = report.peak_bytes - report.lower_bound_bytes;
  return `at most ${bytes(gap)} above the least possible`;
}
function arenaNote(report) {
  const { arena, arena_bytes: size, peak_bytes: peak } = report;
  if (size === peak)
    return "as small as the peak";
  const parts = [
    [arena.aligned_peak_bytes - peak, `alignment to ${arena.alignment}`],
    [arena.lower_bound_bytes - arena.aligned_peak_bytes,
     "fragmentation, proven unavoidable"],
    [size - arena.lower_bound_bytes, "not proven to be needed"],
  ];
  return "peak + " + parts.filter(([count]) => count > 0)
    .map(([count, why]) => `${bytes(count)} (${why})`).join(" + ");
}
function summary(report) {
  const saved = report.source_peak_bytes - report.peak_bytes;
  const tiles = [
    tile("Peak of the order that came in", bytes(report.source_peak_bytes),
      `${report.order.length.toLocaleString("en-US")} operations`),
    tile("Peak of the order chosen", bytes(report.peak_bytes),
      `${saved ? `${percent(saved, report.source_peak_bytes)} less; ` : ""}` +
      orderNote(report), report.proven_optimal),
  ];
  if (report.arena)
    tiles.push(tile("Arena", bytes(report.arena_bytes), arenaNote(report),
      report.arena.proven_optimal));
  return html("dl", { class: "tiles" }, ...tiles);
}

// Charts ----------------------------------------------------------------------

/// A round number of bytes of which some four make up `maximum`.
function tickDistance(maximum) {
  const rough = Math.max(1, maximum / 4);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  return Math.ceil([1, 2, 2.5, 5, 10].map((factor) => factor * magnitude)
    .find((size) => size >= rough));
}
/// A frame of `width` steps by `height` bytes with labelled axes.
function chart(kind, width, height, attributes, ...content) {
  const top = Math.max(1, height) * 1.03;
  const lines = [];
  const labels = [];
  for (let at = 0; at <= top; at += tickDistance(height)) {
    lines.push(svg("line", { class: "grid", x1: 0, x2: width, y1: top - at,
                             y2: top - at }));
    labels.push(html("span", { style: `bottom: ${(100 * at) / top}%` },
      at.toLocaleString("en-US")));
  }
  const flip = svg("g", { transform: `translate(0 ${top}) scale(1 -1)` },
    ...content);
  return html("div", { class: `chart ${kind}` },
    html("div", { class: "y-axis", "aria-hidden": "true",
                  style: `width: ${labels.at(-1).textContent.length}ch` },
      ...labels),
    svg("svg", { viewBox: `0 0 ${width} ${top}`, preserveAspectRatio: "none",
                 ...attributes }, ...lines, flip),
    html("div", { class: "x-axis", "aria-hidden": "true" },
      ...stepLabels(width).map((label) => html("span", {}, label))));
}
function stepLabels(width) {
  const count = Math.min(4, width - 1);
  const labels = [];
  for (let i = 1; i <= count; ++i)
    labels.push(`${Math.round((i * (width - 1)) / count)}`);
  return ["step 0", ...labels];
}
const levelLine = (width, level) =>
  svg("line", { class: "level", x1: 0, x2: width, y1: level, y2: level });
function legend(...entries) {
  return html("ul", { class: "legend" }, ...entries.map(([color, text]) =>
    html("li", { style: `--key: var(--${color})` }, text)));
}

/// The outline of one column a step.
const outline = (heights) =>
  `M0 ${heights[0]}` + heights.map((height, step) =>
    `V${height}H${step + 1}`).join("");

function footprintText(report, step) {
  const before = sourceOrder(report)[step];
  return `Step ${step}\nchosen: ${bytes(report.footprint[step])}, ` +
    `${operation(report, step)}\ncame in: ` +
    `${bytes(report.source_footprint[step])}, ${before.name}`;
}
/// Lets a pointer or the arrow keys walk along the steps.
function addCursor(report, frame) {
  const last = report.footprint.length - 1;
  const image = frame.querySelector("svg");
  const cursor = svg("line", { class: "cursor", y1: 0, y2: "100%",
                               visibility: "hidden" });
  image.append(cursor);
  let current = peakStep(report);
  const goTo = (step, x, y) => {
    current = Math.max(0, Math.min(last, step));
    const box = image.getBoundingClientRect();
    const middle = current + 0.5;
    set(cursor, { x1: middle, x2: middle, visibility: "visible",
                  y2: image.viewBox.baseVal.height }, []);
    const text = footprintText(report, current);
    set(image, { "aria-valuenow": current, "aria-valuetext": text }, []);
    showTooltip(text, x ?? box.left + (middle / (last + 1)) * box.width,
      y ?? box.top + box.height / 3);
  };
  const leave = () => {
    cursor.setAttribute("visibility", "hidden");
    hideTooltip();
  };
  image.addEventListener("pointermove", (event) => {
    const box = image.getBoundingClientRect();
    const step = Math.floor(((event.clientX - box.left) / box.width) * (last + 1));
    goTo(step, event.clientX, event.clientY);
  });
  image.addEventListener("pointerleave", leave);
  image.addEventListener("focus", () => goTo(current));
  image.addEventListener("blur", leave);
  image.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0,
                 End: last }[event.key];
    if (to === undefined)
      return;
    event.preventDefault();
    goTo(to);
  });
}
function footprintChart(report) {
  const { footprint, source_footprint: source } = report;
  const line = outline(footprint);
  const frame = chart("footprint", footprint.length,
    Math.max(...footprint, ...source),
    { tabindex: 0, role: "slider", "aria-valuemin": 0,
      "aria-valuemax": footprint.length - 1, "aria-valuenow": peakStep(report),
      "aria-valuetext": footprintText(report, peakStep(report)),
      "aria-label": "Bytes alive at each step: at most " +
        `${bytes(Math.max(...footprint))} in the order chosen, ` +
        `${bytes(Math.max(...source))} in the order that came in` },
    svg("path", { class: "after-area", d: `${line}V0H0Z` }),
    svg("path", { class: "before", d: outline(source) }),
    svg("path", { class: "after", d: line }),
    levelLine(footprint.length, report.peak_bytes));
  addCursor(report, frame);
  return [html("h3", {}, "Bytes alive at each step"),
          legend(["after", "order chosen"], ["before", "order that came in"],
                 ["blame", `peak, ${bytes(report.peak_bytes)}`]),
          frame];
}

// The arena -------------------------------------------------------------------

function rectangle(report, buffer, peak) {
  const kind = buffer.isScratch ? "scratch"
    : isAliveAt(buffer, peak) ? "blame" : "other";
  return svg("rect", {
    class: kind, x: Math.max(0, buffer.first), y: buffer.offset,
    // An input that nobody reads is gone before the first step.
    width: Math.max(0.25, buffer.last + 1 - buffer.first),
    height: buffer.bytes, tabindex: -1, role: "img",
    "aria-label": describe(report, buffer),
  });
}
/// One stop of the tab key; the arrow keys go from mark to mark.
function addRoving(frame, marks = "rect") {
  const rectangles = [...frame.querySelectorAll(marks)];
  const show = (rect, x, y) => {
    const box = rect.getBoundingClientRect();
    showTooltip(rect.getAttribute("aria-label"), x ?? box.left + box.width / 2,
      y ?? box.top + box.height / 2);
  };
  rectangles[0]?.setAttribute("tabindex", 0);
  rectangles.forEach((rect, i) => {
    rect.addEventListener("pointermove",
      (event) => show(rect, event.clientX, event.clientY));
    rect.addEventListener("pointerleave", hideTooltip);
    rect.addEventListener("focus", () => show(rect));
    rect.addEventListener("blur", hideTooltip);
    rect.addEventListener("keydown", (event) => {
      const to = { ArrowLeft: i - 1, ArrowUp: i - 1, ArrowRight: i + 1,
                   ArrowDown: i + 1, Home: 0,
                   End: rectangles.length - 1 }[event.key];
      if (rectangles[to] === undefined)
        return;
      event.preventDefault();
      rect.setAttribute("tabindex", -1);
      rectangles[to].setAttribute("tabindex", 0);
      rectangles[to].focus();
    });
  });
}
function arenaMap(report) {
  const heading = html("h3", {}, "The arena");
  if (!report.arena)
    return [heading, html("p", {},
      "No offsets are planned yet: serenity-plan-arena finds them.")];
  const peak = peakStep(report);
  const all = residents(report).sort((a, b) =>
    a.first - b.first || a.offset - b.offset);
  const frame = chart("map", report.order.length, report.arena_bytes,
    { role: "group", "aria-label": `Map of the arena of ` +
      `${bytes(report.arena_bytes)}: ${all.length} buffers, time across, ` +
      "address up. The arrow keys go from buffer to buffer." },
    ...all.map((buffer) => rectangle(report, buffer, peak)),
    levelLine(report.order.length, report.arena_bytes));
  addRoving(frame);
  const entries = [["blame", `alive at the peak, step ${peak}`],
                   ["other", "at other times"]];
  if (report.scratch.length)
    entries.push(["scratch", "scratch of an operation"]);
  return [heading,
          html("p", {}, "Time goes across, the address goes up; a rectangle is a buffer."),
          legend(...entries), frame];
}

// The variants ----------------------------------------------------------------

const microseconds = (value) =>
  `${value.toLocaleString("en-US", { maximumSignificantDigits: 5 })} µs`;

function variantText(selection, variant) {
  const sites = variant.sites.map((site) => selection.sites[site].name);
  const how = variant.measured_us === null
    ? `predicted, ± ${microseconds(variant.latency_stddev_us)}` : "measured";
  return `${variant.id}${variant.on_front ? ", on the front" : ""}\n` +
    `${bytes(variant.peak_bytes)}, ${microseconds(variant.latency_us)} (${how})\n` +
    `work ${microseconds(variant.work_us)}, traffic ` +
    `${microseconds(variant.traffic_us)} (${bytes(variant.traffic_bytes)})\n` +
    `${variant.launches} kernels, order: ${variant.strategy}` +
    `${variant.inplace ? ", in place" : ""}\n` +
    (sites.length ? `rewritten: ${sites.join(", ")}` : "nothing rewritten");
}
/// The ends of an axis with some room around `values`.
function rangeOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = (high - low || high || 1) * 0.06;
  return { low: low - room, size: high - low + 2 * room };
}
/// Labels at fractions of a range.
const rangeLabels = (range, unit, fractions) => fractions.map((at) =>
  html("span", { style: `bottom: ${100 * at}%` },
    unit(Math.round(range.low + at * range.size))));

/// A dot that keeps its shape however the chart is stretched.
function variantMark(selection, variant, i, x, y) {
  const kind = i === selection.chosen ? "chosen"
    : variant.on_front ? "front" : "beaten";
  return svg("path", { class: kind, d: `M${x} ${y}h0`, tabindex: -1, role: "img",
                       "aria-label": variantText(selection, variant) });
}
function selectionChart({ selection }) {
  if (!selection)
    return [];
  const { variants } = selection;
  const across = rangeOf(variants.map((variant) => variant.peak_bytes));
  const up = rangeOf(variants.map((variant) => variant.latency_us));
  const place = (variant) => [
    (100 * (variant.peak_bytes - across.low)) / across.size,
    100 - (100 * (variant.latency_us - up.low)) / up.size];
  const order = variants.map((variant, i) => i).sort((a, b) =>
    (a === selection.chosen) - (b === selection.chosen) ||
    variants[a].on_front - variants[b].on_front ||
    variants[a].peak_bytes - variants[b].peak_bytes || a - b);
  const front = order.filter((i) => variants[i].on_front)
    .sort((a, b) => variants[a].peak_bytes - variants[b].peak_bytes);
  const frame = html("div", { class: "chart variants" },
    html("div", { class: "y-axis", "aria-hidden": "true", style: "width: 9ch" },
      ...rangeLabels(up, microseconds, [0.06, 0.5, 0.94])),
    svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none",
                 role: "group", "aria-label":
        `${variants.length} variants, peak across, latency up; the arrow keys ` +
        "go from variant to variant" },
      svg("path", { class: "front-line", d: "M" + front.map((i) =>
        place(variants[i]).join(" ")).join("L") }),
      ...order.map((i) =>
        variantMark(selection, variants[i], i, ...place(variants[i])))),
    html("div", { class: "x-axis", "aria-hidden": "true" },
      ...rangeLabels(across, bytes, [0, 0.5, 1])));
  addRoving(frame, "path[tabindex]");
  return [html("h3", {}, "Variants"),
          html("p", {}, `Peak across, latency on “${selection.device}” up: ` +
            "less is better in both."),
          legend(["good", "chosen"], ["after", "on the front"],
                 ["other", "another variant is better"]),
          frame];
}

// Tables ----------------------------------------------------------------------

function table(caption, columns, rows) {
  const cell = ([content, kind]) =>
    html("td", kind ? { class: kind } : {},
      ...(Array.isArray(content) ? content : breakable(content)));
  return html("div", { class: "table", tabindex: 0, role: "region",
                       "aria-label": caption },
    html("table", {}, html("caption", {}, caption),
      html("thead", {}, html("tr", {}, ...columns.map(([name, kind]) =>
        html("th", { scope: "col", class: kind || "" }, name)))),
      html("tbody", {}, ...rows.map(({ cells, kind }) =>
        html("tr", kind ? { class: kind } : {},
          ...cells.map(cell))))));
}
function largestMoments(report) {
  const peak = Math.max(...report.footprint);
  const all = residents(report);
  const rows = report.footprint.map((count, step) => ({ count, step }))
    .sort((a, b) => b.count - a.count || a.step - b.step)
    .slice(0, LARGEST_MOMENTS)
    .map(({ count, step }) => ({
      kind: count === peak ? "peak" : "",
      cells: [[`${step}`, "number"], [operation(report, step), "name"],
              [bytes(count), "number"], [percent(count, peak), "number optional"],
              [`${all.filter((buffer) => isAliveAt(buffer, step)).length}`,
               "number"]],
    }));
  return [html("h3", {}, "The largest moments"),
          table("Steps with most bytes alive",
            [["step", "number"], ["operation"], ["alive", "number"],
             ["of the peak", "number optional"], ["buffers", "number"]], rows)];
}
function reasonAt(report, buffer, step) {
  if (buffer.isScratch)
    return "scratch of the operation";
  const birth = buffer.first === step ? "written here" : "";
  const death = buffer.last === step ? "last used here"
    : `kept until step ${buffer.last}, ${operation(report, buffer.last)}`;
  return [birth, death].filter(Boolean).join("; ");
}
function blame(report) {
  const step = peakStep(report);
  const peak = report.footprint[step];
  const rows = residents(report).filter((buffer) => isAliveAt(buffer, step))
    .sort((a, b) => b.bytes - a.bytes || a.first - b.first)
    .map((buffer) => ({ cells: [
      [buffer.name, "name"], [bytes(buffer.bytes), "number"],
      [[percent(buffer.bytes, peak), html("span", { class: "bar",
        style: `width: ${(100 * buffer.bytes) / peak}%` })], "share optional"],
      [reasonAt(report, buffer, step), "name"]] }));
  return [html("h3", {}, "Who is to blame for the peak"),
          table(`Alive at step ${step}, ${operation(report, step)}`,
            [["buffer"], ["size", "number"], ["share", "optional"], ["why"]], rows)];
}
function allBuffers(report) {
  const rows = residents(report).map((buffer) => ({ cells: [
    [buffer.name, "name"], [bytes(buffer.bytes), "number"],
    [buffer.last < 0 ? "start" : `${buffer.first}–${buffer.last}`, "number"],
    [buffer.offset === null ? "" : buffer.offset.toLocaleString("en-US"),
     "number"]] }));
  return html("details", {}, html("summary", {}, `All ${rows.length} buffers`),
    table("All buffers in the order of the graph",
      [["buffer"], ["size", "number"], ["steps", "number"],
       ["offset", "number"]], rows));
}

// The page --------------------------------------------------------------------

function section(report, i) {
  const title = html("h2", { id: `function-${i}` },
    ...breakable(report.function));
  const model = `Concatenations are stored as “${report.concat_model}”` +
    `${report.inplace ? ", kernels work in place" : ""}. Weights are not counted.`;
  const body = report.order.length
    ? [...selectionChart(report), ...footprintChart(report), ...arenaMap(report), ...largestMoments(report),
       ...blame(report), allBuffers(report)]
    : [html("p", {}, "This function has no operations.")];
  return html("section", { "aria-labelledby": `function-${i}` }, title,
    html("p", {}, model), summary(report), ...body);
}
function draw() {
  const reports = JSON.parse(document.getElementById("report").textContent);
  if (reports.length > 1)
    document.getElementById("contents").append(...reports.map((report, i) =>
      html("a", { href: `#function-${i}` }, report.function)));
  document.getElementById("functions").replaceChildren(
    ...(reports.length ? reports.map(section)
      : [html("p", {}, "No function was planned.")]));
  if (reports.length)
    document.title = `${reports[0].function}: memory report`;
}
draw();
