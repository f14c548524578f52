"use strict";
// The map: shapes, colours by class, legend, moving and zooming, choosing by click or by drawing around areas.

const SVG = "http://www.w3.org/2000/svg";
const view = { layer: "verdict", against: null, box: null, lasso: false };
const chosen = new Set();
let frame; // the svg

const LAYERS = ["actual", "underlying", "expected", "difference", "width", "chance", "verdict"];
const OVER_EXPECTATION = new Set(["expected", "difference", "width", "chance", "verdict"]);

const mainExpectations = () => content.study.expectations.filter((each) => each.main);
const expectation = (name) => content.study.expectations.find((each) => each.name === name);
/** The expectation of numbers beside the map: one that use is held against. */
const held = () => (expectation(view.against).main ? view.against : mainExpectations()[0].name);

/** Return the value of an area on a map: a number, a verdict's place, or null. */
function valueOf(area) {
  const { estimates, areas } = content;
  const people = areas.people[area];
  switch (view.layer) {
    case "actual": return areas.published[area] === null || !people ? null : 100 * areas.published[area] / people;
    case "underlying": return areas.missing[area] ? null : estimates.underlying[0][area];
    case "expected": return estimates.expected[view.against][0][area];
    case "difference": return areas.missing[area] ? null : estimates.difference[held()][0][area];
    case "width": {
      const [, low, high] = estimates.difference[held()];
      return areas.missing[area] || low[area] === null ? null : high[area] - low[area];
    }
    case "chance": {
      const value = estimates.chances[held()][0][area];
      return areas.missing[area] || value === null ? null : 100 * value;
    }
    default: return areas.missing[area] ? null : estimates.verdict[held()][area];
  }
}

/** Return labels and colours of the classes of the map, and the class of a value. */
function classesOf() {
  if (view.layer === "verdict") {
    return {
      labels: content.study.verdicts.map((each) => said(each.label)),
      colours: content.study.verdicts.map((each) => each.colour),
      place: (value) => value,
    };
  }
  const name = ["actual", "underlying", "expected"].includes(view.layer) ? "use" : view.layer;
  const { limits, colours } = content.classes[name];
  const decimals = limits.every((limit) => Math.abs(limit - Math.round(limit)) < 1e-9) ? 0 : 1;
  const sign = ["difference", "width"].includes(view.layer) ? "" : "%";
  const write = (limit) => figures(limit, decimals) + sign;
  const labels = colours.map((_, nth) => {
    if (nth === 0) return say("lessThan", { high: write(limits[0]) });
    if (nth === limits.length) return say("orMore", { low: write(limits[nth - 1]) });
    return say("fromTo", { low: write(limits[nth - 1]), high: write(limits[nth]) });
  });
  const place = (value) => {
    const first = limits.findIndex((limit) => value < limit);
    return first < 0 ? limits.length : first;
  };
  return { labels, colours, place };
}

const layerName = () => {
  const name = say(view.layer);
  return OVER_EXPECTATION.has(view.layer)
    ? `${name} (${said(expectation(view.layer === "expected" ? view.against : held()).label)})` : name;
};

/** Make the svg once: a path per area, hatches over hidden ones. */
function drawMap() {
  const { paths, width, height } = content.shapes;
  const pad = Math.round(0.02 * Math.max(width, height));
  view.whole = [-pad, -pad, width + 2 * pad, height + 2 * pad];
  view.box = [...view.whole];
  const shapes = paths.map((path, area) => (path ? `<path id="a${area}" data-area="${area}" d="${path}"/>` : ""));
  const hatched = paths.map((path, area) =>
    (path && content.areas.hidden[area] ? `<path data-hatch="${area}" d="${path}"/>` : ""));
  byId("map-frame").innerHTML =
    `<svg xmlns="${SVG}" id="map" tabindex="0" role="img" aria-describedby="map-help" focusable="true">` +
    `<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">` +
    `<line x1="0" y1="0" x2="0" y2="6" class="hatch-line"/></pattern>` +
    `<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" fill="#ececec"/>` +
    `<circle cx="3" cy="3" r="1" fill="#767676"/></pattern></defs>` +
    `<g id="shapes">${shapes.join("")}</g><g id="hatches" fill="url(#hatch)">${hatched.join("")}</g>` +
    `<g id="outlined"></g><polyline id="line" points=""/></svg>`;
  frame = byId("map");
  byId("map-frame").append(element("div", { id: "tip", "aria-hidden": "true", hidden: true }));
  listen();
  zoomTo(view.box);
}

/** Colour every area and write the legend. */
function paint() {
  const { labels, colours, place } = classesOf();
  const counts = colours.map(() => 0);
  let blank = 0, hidden = 0, missing = 0;
  const hatching = view.layer !== "expected";
  const unsure = view.layer === "verdict" ? content.study.verdicts.findIndex((each) => each.name === "inconclusive") : -1;
  const rules = colours.map((colour, nth) => `#shapes .c${nth}{fill:${nth === unsure ? "url(#dots)" : colour}}`);
  byId("colours").textContent = rules.join("");
  for (const path of frame.querySelectorAll("#shapes path")) {
    const area = Number(path.dataset.area);
    const value = valueOf(area);
    if (value !== null) counts[place(value)] += 1;
    if (content.areas.hidden[area] && hatching) hidden += 1;
    else if (value === null && content.areas.missing[area]) missing += 1;
    else if (value === null) blank += 1;
    path.setAttribute("class", value === null ? "blank" : `c${place(value)}`);
  }
  byId("hatches").style.display = hatching ? "" : "none";
  frame.setAttribute("aria-label", `${layerName()}. ${labels.map((text, nth) => `${text}: ${counts[nth]}`).join("; ")}`);
  const row = (swatch, text, count) => element("li", {}, swatch, ` ${text} (${figures(count, 0)})`);
  const square = (style, name = "") => element("span", { class: `swatch ${name}`, style, "aria-hidden": "true" });
  const rows = labels.map((text, nth) =>
    row(nth === unsure ? square("", "spotted") : square(`background:${colours[nth]}`), text, counts[nth]));
  if (["actual", "underlying", "expected"].includes(view.layer) || view.layer === "difference") rows.reverse();
  if (hidden) rows.push(row(square("", "hatched"), say("legendHidden"), hidden));
  if (missing) rows.push(row(square("", "dotted"), say("legendMissing"), missing));
  if (blank) rows.push(row(square("", "dotted"), say("legendNone"), blank));
  const without = content.shapes.paths.filter((path) => !path).length;
  byId("legend").replaceChildren(
    element("h2", {}, capital(layerName()) + (["difference", "width"].includes(view.layer) ? `, ${say("points")}` : "")),
    element("ul", {}, ...rows),
    ...(OVER_EXPECTATION.has(view.layer) ? [element("p", {}, said(expectation(view.against).answers))] : []),
    ...(without ? [element("p", {}, say("noShape", { number: figures(without, 0) }))] : []));
  outline();
}

/** Draw the border of chosen areas over all others. */
function outline() {
  const copies = [...chosen].filter((area) => content.shapes.paths[area]).flatMap((area) =>
    ["under", "over"].map((name) => {
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", content.shapes.paths[area]);
      path.setAttribute("class", name);
      return path;
    }));
  byId("outlined").replaceChildren(...copies);
}

function zoomTo(box) {
  const [, , wide, high] = view.whole;
  const width = Math.min(Math.max(box[2], wide / 200), wide * 1.2);
  const height = width * high / wide;
  const middle = [box[0] + box[2] / 2, box[1] + box[3] / 2];
  view.box = [middle[0] - width / 2, middle[1] - height / 2, width, height];
  frame.setAttribute("viewBox", view.box.map(Math.round).join(" "));
  byId("hatch").setAttribute("patternTransform", `scale(${view.box[2] / 800}) rotate(45)`);
  byId("dots").setAttribute("patternTransform", `scale(${view.box[2] / 800})`);
}

const zoomBy = (factor, at = null) => {
  const [left, top, width, height] = view.box;
  const [x, y] = at ?? [left + width / 2, top + height / 2];
  zoomTo([x - (x - left) * factor, y - (y - top) * factor, width * factor, height * factor]);
};

const moveBy = (x, y) => {
  view.box[0] += x;
  view.box[1] += y;
  zoomTo(view.box);
};

/** Zoom to some areas, with room around them. */
function zoomToAreas(areas) {
  const boxes = areas.map((area) => byId(`a${area}`)).filter(Boolean).map((path) => path.getBBox());
  if (!boxes.length) return;
  const left = Math.min(...boxes.map((box) => box.x)), top = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const low = Math.max(...boxes.map((box) => box.y + box.height));
  const ratio = view.whole[2] / view.whole[3];
  const width = 1.3 * Math.max(right - left, (low - top) * ratio);
  zoomTo([(left + right) / 2 - width / 2, (top + low) / 2 - width / ratio / 2, width, width / ratio]);
}

/** Return where an event is, in units of the map. */
function spot(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(frame.getScreenCTM().inverse());
  return [point.x, point.y];
}

/** Whether a point lies within a line drawn around it. */
function inside([x, y], line) {
  let within = false;
  for (let k = 0, last = line.length - 1; k < line.length; last = k, k += 1) {
    const [x1, y1] = line[k], [x2, y2] = line[last];
    if ((y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
  }
  return within;
}

/** Return the areas whose middle lies within a line. */
const areasWithin = (line) => content.shapes.centres
  .map((centre, area) => (content.shapes.paths[area] && inside(centre, line) ? area : -1))
  .filter((area) => area >= 0);

function listen() {
  let from = null, moved = false, line = null;
  frame.addEventListener("pointerdown", (event) => {
    from = spot(event);
    moved = false;
    line = view.lasso ? [from] : null;
  });
  frame.addEventListener("pointermove", (event) => {
    tip(event);
    if (!from || !event.buttons) return;
    const here = spot(event);
    if (!moved && Math.hypot(here[0] - from[0], here[1] - from[1]) < view.box[2] / 150) return;
    if (!moved) frame.setPointerCapture(event.pointerId);
    moved = true;
    if (line) {
      line.push(here);
      byId("line").setAttribute("points", line.map((point) => point.map(Math.round).join(",")).join(" "));
    } else moveBy(from[0] - here[0], from[1] - here[1]);
  });
  frame.addEventListener("pointerup", (event) => {
    if (line && moved) {
      choose(areasWithin(line), event.shiftKey || event.ctrlKey || event.metaKey);
      lasso(false);
    } else if (!moved && event.target.dataset?.area) {
      const area = Number(event.target.dataset.area);
      if (event.shiftKey || event.ctrlKey || event.metaKey) toggle(area);
      else choose([area]);
    }
    byId("line").setAttribute("points", "");
    from = line = null;
  });
  frame.addEventListener("pointerleave", () => { byId("tip").hidden = true; });
  frame.addEventListener("wheel", (event) => {
    if (document.activeElement !== frame && !event.ctrlKey) return; // the page scrolls until the map is chosen
    event.preventDefault();
    zoomBy(event.deltaY > 0 ? 1.25 : 0.8, spot(event));
  }, { passive: false });
  frame.addEventListener("keydown", (event) => {
    const step = view.box[2] / 8;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (moves[event.key]) moveBy(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") zoomBy(0.7);
    else if (event.key === "-") zoomBy(1.4);
    else if (event.key === "0") zoomTo(view.whole);
    else if (event.key === "Escape") lasso(false);
    else return;
    event.preventDefault();
  });
}

/** Say beside the pointer which area it is on. */
function tip(event) {
  const box = byId("tip");
  const area = event.target.dataset?.area;
  box.hidden = area === undefined || event.buttons > 0;
  if (box.hidden) return;
  const value = valueOf(Number(area));
  const { labels } = classesOf();
  const shown = value === null ? (content.areas.hidden[area] ? say("legendHidden") : say("legendNone"))
    : view.layer === "verdict" ? labels[value]
      : figures(value) + (["difference", "width"].includes(view.layer) ? ` ${say("points")}` : "%");
  box.textContent = `${content.areas.names[area]}: ${shown}`;
  const around = byId("map-frame").getBoundingClientRect();
  box.style.left = `${Math.min(event.clientX - around.left + 12, around.width - 160)}px`;
  box.style.top = `${event.clientY - around.top + 12}px`;
}

function lasso(on) {
  view.lasso = on;
  byId("lasso").setAttribute("aria-pressed", String(on));
  byId("lasso-help").textContent = on ? say("lassoing") : "";
  frame.classList.toggle("drawing", on);
}
