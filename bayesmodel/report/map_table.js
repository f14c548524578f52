"use strict";
// The table behind the map: every area with the same numbers; sorts, filters, pages, chooses by keyboard.

const PAGE_ROWS = 50;
const table = { by: 0, down: false, first: 0, text: "", verdict: "", onlyChosen: false };

/** Return the columns: a heading, what is shown, and what it is ordered by. */
function columnsOf() {
  const level = content.study.levels[0];
  const group = level ? content.areas.levels[level.name] : null;
  const { estimates, areas, study } = content;
  const three = (columns, write) => (area) => withInterval(columns.map((column) => column[area]), write);
  const name = held();
  return [
    { head: study.area, show: (area) => areaChoice(area), order: (area) => areas.names[area] },
    ...(group ? [{ head: said(level.label), show: (area) => group.names[group.index[area]], order: (area) => group.names[group.index[area]] }] : []),
    { head: said(study.population), show: (area) => figures(areas.people[area], 0), order: (area) => areas.people[area], number: true },
    { head: said(study.count), show: publishedOf, order: (area) => areas.published[area] ?? areas.upper[area] - 0.5, number: true },
    { head: say("use"), show: three(estimates.underlying, percent), order: (area) => estimates.underlying[0][area], number: true },
    { head: said(expectation(name).label), show: three(estimates.expected[name], percent), order: (area) => estimates.expected[name][0][area], number: true },
    { head: `${say("difference")} (${say("points")})`, show: three(estimates.difference[name], signed), order: (area) => estimates.difference[name][0][area], number: true },
    { head: say("verdict"), show: (area) => said(study.verdicts[estimates.verdict[name][area]].label), order: (area) => estimates.verdict[name][area] },
  ];
}

function areaChoice(area) {
  const box = element("input", { type: "checkbox", id: `choice${area}`, onchange: () => toggle(area) });
  box.checked = chosen.has(area);
  return element("label", { for: `choice${area}` }, box, ` ${nameOf(area)}`);
}

/** Return the areas that pass the filters, in order. */
function orderedAreas(columns) {
  const wanted = table.text.trim().toLowerCase();
  const verdicts = content.estimates.verdict[held()];
  const kept = content.areas.codes.map((_, area) => area).filter((area) =>
    (!wanted || `${nameOf(area)} ${groupsOf(area)}`.toLowerCase().includes(wanted)) &&
    (table.verdict === "" || verdicts[area] === Number(table.verdict)) &&
    (!table.onlyChosen || chosen.has(area)));
  const { order, number } = columns[Math.min(table.by, columns.length - 1)];
  const letters = new Intl.Collator(language, { numeric: true });
  const compared = number || typeof order(0) === "number"
    ? (one, other) => (order(one) ?? -Infinity) - (order(other) ?? -Infinity)
    : (one, other) => letters.compare(order(one), order(other));
  return kept.sort((one, other) => (table.down ? -1 : 1) * compared(one, other) || one - other);
}

/** Write the filters, once for each language. */
function writeTableTools() {
  const again = () => { table.first = 0; writeTable(); };
  const text = element("input", { type: "search", id: "filter", oninput: (event) => { table.text = event.target.value; again(); } });
  text.value = table.text;
  const verdict = element("select", { id: "filter-verdict", onchange: (event) => { table.verdict = event.target.value; again(); } },
    element("option", { value: "" }, "–"),
    ...content.study.verdicts.map((each, nth) => element("option", { value: nth }, said(each.label))));
  verdict.value = table.verdict;
  const only = element("input", { type: "checkbox", id: "only", onchange: (event) => { table.onlyChosen = event.target.checked; again(); } });
  only.checked = table.onlyChosen;
  byId("table").replaceChildren(
    element("h2", {}, say("table")),
    element("p", { class: "filters" },
      element("label", { for: "filter" }, say("filter")), " ", text, " ",
      element("label", { for: "filter-verdict" }, say("verdict")), " ", verdict, " ",
      element("label", { for: "only" }, only, ` ${say("onlySelected")}`)),
    element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("table") }, element("table", { id: "rows" })),
    element("p", { class: "buttons", id: "pages" }));
}

function writeTable() {
  const columns = columnsOf();
  const ordered = orderedAreas(columns);
  table.first = Math.min(table.first, Math.max(0, ordered.length - 1));
  table.first -= table.first % PAGE_ROWS;
  const shown = ordered.slice(table.first, table.first + PAGE_ROWS);
  const heads = columns.map((column, nth) => element("th", {
    scope: "col", "aria-sort": nth === table.by ? (table.down ? "descending" : "ascending") : "none",
  }, element("button", { type: "button", id: `sort${nth}`, onclick: () => sortBy(nth) },
    capital(column.head), element("span", { "aria-hidden": "true" }, nth === table.by ? (table.down ? " ▼" : " ▲") : ""))));
  const focus = document.activeElement?.id;
  byId("rows").replaceChildren(
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...shown.map((area) => element("tr", chosen.has(area) ? { class: "chosen" } : {},
      ...columns.map((column, nth) => element(nth ? "td" : "th", nth ? { class: column.number ? "number" : "" } : { scope: "row" }, column.show(area)))))));
  const turn = (by, name, able) => element("button", { type: "button", id: name, disabled: !able, onclick: () => { table.first += by; writeTable(); } }, say(name));
  byId("pages").replaceChildren(
    turn(-PAGE_ROWS, "previous", table.first > 0), " ",
    element("span", { role: "status" }, say("rows", { from: figures(Math.min(table.first + 1, ordered.length), 0), to: figures(Math.min(table.first + PAGE_ROWS, ordered.length), 0), all: figures(ordered.length, 0) })), " ",
    turn(PAGE_ROWS, "next", table.first + PAGE_ROWS < ordered.length));
  if (focus && /^(choice|sort|next|previous)/.test(focus)) byId(focus)?.focus(); // rows are new, the place is not
}

function sortBy(nth) {
  table.down = table.by === nth ? !table.down : Boolean(columnsOf()[nth].number);
  table.by = nth;
  table.first = 0;
  writeTable();
}
