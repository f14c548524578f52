"use strict";
// The start: unpack, read the view from the address, write what does not change with a choice, in either language.

function writeControls() {
  const layers = element("select", { id: "layer", onchange: (event) => { view.layer = event.target.value; repaint(); } },
    ...LAYERS.map((name) => element("option", { value: name }, say(name))));
  layers.value = view.layer;
  const against = element("select", { id: "against", onchange: (event) => { view.against = event.target.value; repaint(); } },
    ...content.study.expectations.map((each) => element("option", { value: each.name }, said(each.label))));
  against.value = view.against;
  const options = new Map();
  content.areas.codes.forEach((_, area) => options.set(nameOf(area), [area]));
  for (const level of content.study.levels) {
    const { index, codes, names } = content.areas.levels[level.name];
    names.forEach((name, group) => options.set(`${said(level.label)} ${name} (${codes[group]})`, () =>
      index.flatMap((each, area) => (each === group ? [area] : []))));
  }
  const find = (event) => {
    const found = meant(event.target.value, options);
    if (!found) return;
    const areas = typeof found === "function" ? found() : found;
    choose(areas);
    zoomToAreas(areas);
  };
  const search = element("input", { type: "search", id: "search", list: "names", autocomplete: "off", onchange: find });
  byId("controls").replaceChildren(
    element("p", {}, element("label", { for: "layer" }, say("view")), layers),
    element("p", {}, element("label", { for: "against" }, say("against")), against),
    element("p", {}, element("label", { for: "search" }, say("search")), search,
      element("datalist", { id: "names" }, ...[...options.keys()].map((name) => element("option", { value: name })))));
}

/** Return what a text means among names with what they stand for: itself, a code, a name, or the only one it is part of. */
function meant(text, options) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return null;
  const names = [...options.keys()];
  const tests = [
    (name) => name.toLowerCase() === wanted,
    (name) => name.toLowerCase().endsWith(`(${wanted})`),
    (name) => name.toLowerCase().replace(/ \([^()]*\)$/, "") === wanted,
    (name) => name.toLowerCase().includes(wanted),
  ];
  const found = tests.map((test) => names.filter(test)).find((matches) => matches.length);
  return found && found.length === 1 ? options.get(found[0]) : null;
}

function writeTools() {
  const button = (name, label, action) =>
    element("button", { type: "button", id: name, "aria-label": say(name), title: say(name), onclick: action }, label);
  byId("tools").replaceChildren(
    button("zoomIn", "+", () => zoomBy(0.6)), button("zoomOut", "−", () => zoomBy(1.6)),
    button("home", "⌂", () => zoomTo(view.whole)),
    element("button", { type: "button", id: "lasso", "aria-pressed": "false", onclick: () => lasso(!view.lasso) }, say("lasso")),
    element("button", { type: "button", id: "print", onclick: () => window.print() }, say("print")),
    element("span", { id: "lasso-help", role: "status" }),
    element("p", { id: "map-help", class: "unseen" }, say("mapHelp")));
}

function writeNotes() {
  const { notes, notFor, version, name } = content.study;
  byId("notes").replaceChildren(
    element("h2", {}, say("notFor")), element("ul", { class: "not-for" }, ...notFor[language].map((text) => element("li", {}, text))),
    element("h2", {}, say("reading")), element("ul", {}, ...notes[language].map((text) => element("li", { class: "note" }, text))),
    element("p", {}, element("a", { id: "link", href: "#" }, say("link"))),
    element("p", { class: "where" }, `bayesmodel ${version} · ${name}`));
}

function writeAll() {
  const { study } = content;
  document.documentElement.lang = language;
  const title = `${capital(said(study.count))}, ${study.year}`;
  document.title = title;
  byId("title").textContent = title;
  byId("subtitle").textContent = study.marked ? study.notes[language][0] : "";
  byId("skip").textContent = say("skip");
  byId("language").textContent = say("language");
  byId("language").lang = language === "nl" ? "en" : "nl";
  writeControls();
  writeTools();
  writeTableTools();
  writeNotes();
  paint();
  changed();
}

function repaint() {
  paint();
  changed();
}

/** Keep the view in the address, so that it can be linked to. */
function remember() {
  const codes = [...chosen].slice(0, 100).map((area) => content.areas.codes[area]).join(",");
  const view_ = new URLSearchParams({ map: view.layer, against: view.against, language, areas: codes });
  try {
    window.history.replaceState(null, "", `#${view_}`);
  } catch { /* some browsers refuse it for a file; the link still holds it */ }
  byId("link").href = `#${view_}`;
}

/** Take the view from the address; what is not known there is left as it was. */
function recall() {
  const asked = new URLSearchParams(window.location.hash.slice(1));
  if (LAYERS.includes(asked.get("map"))) view.layer = asked.get("map");
  if (expectation(asked.get("against"))) view.against = asked.get("against");
  if (["nl", "en"].includes(asked.get("language"))) language = asked.get("language");
  const places = new Map(content.areas.codes.map((code, area) => [code, area]));
  const areas = (asked.get("areas") ?? "").split(",").map((code) => places.get(code)).filter((area) => area !== undefined);
  chosen.clear();
  areas.forEach((area) => chosen.add(area));
}

async function start() {
  language = document.documentElement.lang;
  if (!("DecompressionStream" in window)) {
    byId("loading").textContent = byId("loading").dataset.old;
    return;
  }
  content = await unpacked(byId("content").textContent);
  content.draws = await unpacked(byId("draws").textContent);
  readDraws();
  view.against = mainExpectations()[0].name;
  document.head.append(element("style", { id: "colours" }));
  for (const id of ["controls", "both", "table", "notes"]) byId(id).hidden = false;
  writeTools();
  drawMap();
  recall();
  byId("language").addEventListener("click", () => {
    language = language === "nl" ? "en" : "nl";
    writeAll();
  });
  window.addEventListener("hashchange", () => { recall(); writeAll(); });
  writeAll();
  if (chosen.size) zoomToAreas([...chosen]);
  byId("loading").remove();
  document.body.dataset.ready = "yes";
}

start();
