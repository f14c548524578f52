"use strict";
// The card: what is known of the chosen area, of two side by side, or of a set added up on every draw.

/** Choose areas instead of, or besides, those chosen before. */
function choose(areas, besides = false) {
  if (!besides) chosen.clear();
  areas.forEach((area) => chosen.add(area));
  changed();
}

function toggle(area) {
  if (!chosen.delete(area)) chosen.add(area);
  changed();
}

/** Show what follows from another choice. */
function changed() {
  outline();
  writeCard();
  writeTable();
  remember();
}

const facts = (rows) => element("dl", {}, ...rows.filter(Boolean).flatMap(([name, value]) =>
  [element("dt", {}, capital(name)), element("dd", {}, value)]));

const withInterval = ([mean, low, high], write) =>
  (mean === null ? "–" : `${write(mean)} (${between([low, high], write)})`);

/** Return what was published of an area, in words. */
function publishedOf(area) {
  const { published, lower, upper, hidden, missing, people } = content.areas;
  if (published[area] !== null) return figures(published[area], 0);
  if (missing[area]) return say("missing");
  if (!people[area]) return say("empty");
  if (hidden[area]) return say("hidden", { lower: figures(lower[area], 0), upper: figures(upper[area], 0) });
  return between([lower[area], upper[area]], (value) => figures(value, 0));
}

const prob = () => `${figures(100 * content.study.interval, 0)}%`;
const margin = () => `${figures(100 * content.study.margin, 0)}%`;
const intervalName = () => say("interval", { prob: prob() });

/** Return the rows that an area and a set have in common. */
function numbersOf(found) {
  const label = said(expectation(held()).label);
  const [higher, within, lower] = found.chances ?? [];
  return [
    [`${say("use")} (${intervalName()})`, withInterval(found.use, percent)],
    [`${label} (${intervalName()})`, withInterval(found.expected, percent)],
    [`${say("difference")}, ${say("points")} (${intervalName()})`, withInterval(found.difference, signed)],
    found.verdict ? [say("verdict"), element("strong", {}, said(found.verdict.label))] : null,
    ...(found.chances ? [
      [say("higher", { margin: margin() }), chance(higher)],
      [say("within", { margin: margin() }), chance(within)],
      [say("lower", { margin: margin() }), chance(lower)],
    ] : []),
  ];
}

/** Return the card of one area; without the parts that take room when it stands beside another. */
function cardOf(area, whole) {
  const { areas } = content;
  const marks = [["special", areas.special], ["doubtful", areas.doubtful]]
    .filter(([, which]) => which[area]).map(([name]) => element("p", { class: "mark" }, capital(say(name)) + "."));
  return element("article", {},
    element("h2", {}, areas.names[area]),
    element("p", { class: "where" }, [areas.codes[area], groupsOf(area)].join(" · ")),
    facts([
      [said(content.study.population), figures(areas.people[area], 0)],
      [say("published"), publishedOf(area)],
      ...numbersOf(ofArea(area, held())),
    ]),
    ...marks,
    ...(areas.alone[area] && held() !== mainExpectations()[0].name ? [element("p", { class: "mark" }, say("alone"))] : []),
    ...(whole ? [
      ...content.sentences[language].slice(area, area + 1).map((sentence) => element("p", { class: "sentence" }, sentence)),
      waterfallOf(area), peersOf(area), wholeGroups(area),
    ] : []));
}

/** Return the parts of use as a table with bars. */
function waterfallOf(area) {
  const means = content.waterfall.means[area];
  if (means[0] === null) return null;
  const widest = Math.max(...means.slice(1).map(Math.abs), 0.1);
  const total = means.reduce((sum, value) => sum + value, 0);
  const { parts } = content.waterfall;
  const bar = (value) => element("span", {
    class: `bar ${value < 0 ? "down" : "up"}`, style: `width:${(50 * Math.abs(value)) / widest}%`, "aria-hidden": "true",
  });
  const rows = parts.map((part, nth) => element("tr", {},
    element("th", { scope: "row" }, said(part.label)),
    element("td", {}, nth ? signed(means[nth]) : figures(means[nth])),
    element("td", { class: "bars" }, nth ? bar(means[nth]) : "")));
  const hidden = content.areas.hidden[area] || content.areas.missing[area];
  const end = hidden ? null : element("tr", { class: "total" },
    element("th", { scope: "row" }, say("sum")), element("td", {}, figures(total)), element("td", {}));
  return element("details", { open: true }, element("summary", {}, say("waterfall")),
    element("table", { class: "waterfall" }, element("tbody", {}, ...rows, end)));
}

const areaButton = (area) =>
  element("button", { type: "button", class: "link", onclick: () => { choose([area]); zoomToAreas([area]); } }, nameOf(area));

function peersOf(area) {
  const others = (content.peers[area] ?? []).filter((other) => other >= 0);
  if (!others.length) return null;
  return element("details", {}, element("summary", {}, say("peers")),
    element("ul", {}, ...others.map((other) => element("li", {}, areaButton(other), ` ${percent(content.estimates.underlying[0][other])}`))));
}

function wholeGroups(area) {
  const buttons = Object.values(content.areas.levels).map((level) => {
    const group = level.index[area];
    const members = () => level.index.flatMap((each, nth) => (each === group ? [nth] : []));
    return element("button", { type: "button", onclick: () => { choose(members()); zoomToAreas(members()); } },
      say("wholeGroup", { name: level.names[group] }));
  });
  return element("p", { class: "buttons" }, ...buttons);
}

/** Return the card of a set of areas, added up within each joint draw. */
function cardOfSet(areas) {
  const found = addedUp(areas, held());
  if (!found) return element("article", {}, element("h2", {}, say("several", { number: areas.length })), say("empty"));
  const whole = (value) => figures(value, 0);
  const [mean, low, high] = found.actual;
  const counted = low === high ? whole(low) : found.pointless ? between([low, high], whole) : withInterval([mean, low, high], whole);
  const listed = areas.slice(0, 40).map((area) => element("li", {}, areaButton(area), " ",
    element("button", { type: "button", class: "remove", "aria-label": say("remove", { name: nameOf(area) }), onclick: () => toggle(area) }, "×")));
  return element("article", { id: "set" },
    element("h2", {}, say("several", { number: figures(areas.length, 0) })),
    facts([
      [said(content.study.population), figures(found.people, 0)],
      [said(content.study.count), counted],
      found.hidden ? [say("legendHidden"), figures(found.hidden, 0)] : null,
      found.missing ? [say("legendMissing"), figures(found.missing, 0)] : null,
      ...numbersOf(found),
      found.chances ? [say("above"), chance(found.above)] : null,
    ]),
    ...(found.chances ? [] : [element("p", { class: "mark" }, say("everything"))]),
    ...(found.pointless ? [element("p", { class: "mark" }, say("onlyBounds"))] : []),
    element("p", { class: "where" }, say("jointly", { draws: figures(draws.number, 0) })),
    element("details", {}, element("summary", {}, capital(said(content.study.areas))),
      element("ul", { class: "chosen" }, ...listed, areas.length > 40 ? element("li", {}, `+ ${areas.length - 40}`) : null)));
}

function writeCard() {
  const areas = [...chosen];
  const parts = areas.length === 0 ? [element("p", {}, say("none"))]
    : areas.length === 1 ? [cardOf(areas[0], true)]
      : areas.length === 2 ? [element("div", { class: "beside" }, ...areas.map((area) => cardOf(area, false))), cardOfSet(areas)]
        : [cardOfSet(areas)];
  byId("card").replaceChildren(...parts, ...(areas.length ? [element("p", { class: "buttons" },
    element("button", { type: "button", onclick: () => choose([]) }, say("clear")))] : []));
}
