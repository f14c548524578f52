"use strict";
// The content of the page, texts and numbers in two languages, and what a set of areas adds up to, draw by draw.

let content; // as bayesmodel/report/map_content.py gives it
let language = "nl";
const draws = {};
const DITHER = [0.7548776662466927, 0.5698402909980532]; // as in joint_draws.py

const byId = (id) => document.getElementById(id);

/** Return an element; texts become text nodes, so that no name from the data can run as code. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const say = (name, values = {}) => filled(content.study.texts[language][name], values);
const said = (both) => both[language];
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const formats = new Map();

/** Return a number as text in the language of the reader. */
function figures(value, decimals = 1) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const key = language + decimals;
  if (!formats.has(key)) {
    const rule = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    formats.set(key, new Intl.NumberFormat(language === "nl" ? "nl-NL" : "en-GB", rule));
  }
  const text = formats.get(key).format(value).replace("-", "−");
  return /^−[0.,]*$/.test(text) ? text.slice(1) : text;
}

const percent = (value) => (value === null || Number.isNaN(value) ? "–" : `${figures(value)}%`);
const signed = (value) => (value > 0 ? "+" : "") + figures(value);

/** Return a probability in whole per cents, never as certain. */
function chance(value) {
  if (value === null || Number.isNaN(value)) return "–";
  if (value < 0.01) return "< 1%";
  return value > 0.99 ? "> 99%" : `${figures(100 * value, 0)}%`;
}

const to = () => (language === "nl" ? "tot" : "to");
const between = (bounds, write) => `${write(bounds[0])} ${to()} ${write(bounds[1])}`;

/** Return the bytes of a text in base64; `Uint8Array.from` takes a function call for each. */
function bytesOf(text) {
  const signs = atob(text);
  const bytes = new Uint8Array(signs.length);
  for (let k = 0; k < signs.length; k += 1) bytes[k] = signs.charCodeAt(k);
  return bytes;
}

/** Return the content of a page, which is gzipped JSON in base64. */
async function unpacked(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

/** Return steps, of which the text has a letter each, from the figure 0 up. */
function stepsOf(text) {
  const steps = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k += 1) steps[k] = text.charCodeAt(k) - 48;
  return steps;
}

/** Read the joint draws: a draw of an area is lowest + width * (step + dither), as in joint_draws.py. */
function readDraws() {
  const read = (packed) => ({
    lowest: floatsOf(packed.lowest), width: floatsOf(packed.width), steps: stepsOf(packed.steps),
    dithered: packed.dithered,
  });
  draws.number = content.draws.number;
  draws.begins = Float64Array.from({ length: draws.number }, (_, k) => (k * DITHER[0]) % 1);
  draws.underlying = read(content.draws.underlying);
  draws.expected = Object.fromEntries(
    Object.entries(content.draws.expected).map(([name, packed]) => [name, read(packed)]));
  draws.unsure = new Map(content.draws.unsure.map((area, place) => [area, place]));
  draws.actual = content.draws.actual ? read(content.draws.actual) : null;
}

/** Add the draws of areas up, each times its weight. */
function added(quantity, places, weights) {
  const total = new Float64Array(draws.number);
  places.forEach((place, nth) => {
    const start = place * draws.number;
    const lowest = quantity.lowest[place] * weights[nth];
    const width = quantity.width[place] * weights[nth];
    const begins = (place * DITHER[1]) % 1;
    for (let k = 0; k < draws.number; k += 1) {
      const dither = draws.begins[k] + begins;
      const from = quantity.dithered ? dither - (dither >= 1) : 0;
      total[k] += lowest + width * (quantity.steps[start + k] + from);
    }
  });
  return total;
}

/** Return mean, lower and upper of draws, by the interval of the study. */
function summary(values) {
  const ordered = Float64Array.from(values).sort();
  const mean = ordered.reduce((sum, value) => sum + value, 0) / ordered.length;
  return [mean, ...bounds(ordered)];
}

function bounds(ordered) {
  const { interval, kind } = content.study;
  if (kind === "highest-density") {
    const inside = Math.floor(interval * ordered.length);
    let best = 0;
    for (let k = 0; k + inside < ordered.length; k += 1) {
      if (ordered[k + inside] - ordered[k] < ordered[best + inside] - ordered[best]) best = k;
    }
    return [ordered[best], ordered[Math.min(best + inside, ordered.length - 1)]];
  }
  const quantile = (probability) => {
    const position = probability * (ordered.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, ordered.length - 1);
    return ordered[below] + (position - below) * (ordered[above] - ordered[below]);
  };
  return [quantile((1 - interval) / 2), quantile((1 + interval) / 2)];
}

const share = (values, holds) => values.reduce((count, value) => count + (holds(value) ? 1 : 0), 0) / values.length;

/**
 * Return what a set of areas adds up to: people, counts between bounds, use, expectation and difference in per cents
 * with their intervals, and probabilities; of all areas together none, as they have only themselves to be compared with.
 * Null where nobody lives.
 */
function addedUp(areas, expectation) {
  const weights = areas.map((area) => content.areas.people[area]);
  const people = weights.reduce((sum, number) => sum + number, 0);
  if (!people) return null;
  const scaled = weights.map((number) => number / people);
  const use = added(draws.underlying, areas, scaled);
  const expected = added(draws.expected[expectation], areas, scaled);
  const { margin } = content.study;
  const ratio = use.map((value, k) => value / expected[k]);
  const known = areas.filter((area) => !draws.unsure.has(area));
  const unsure = areas.filter((area) => draws.unsure.has(area));
  const certain = known.reduce((sum, area) => sum + content.areas.lower[area], 0);
  let actual = [certain, certain, certain];
  let pointless = false;
  if (unsure.length) {
    const counts = added(draws.actual, unsure.map((area) => draws.unsure.get(area)), unsure.map(() => 1));
    const ordered = Float64Array.from(counts).sort();
    const tail = (1 - content.study.interval) / 2;
    const at = (probability) => ordered[Math.max(Math.ceil(probability * ordered.length) - 1, 0)];
    const [mean] = summary(counts);
    actual = [certain + mean, certain + at(tail), certain + at(1 - tail)];
    // as in the tables: a mean less the published counts would be a hidden count
    const limit = Math.max(...unsure.map((area) => (content.areas.hidden[area] ? content.areas.upper[area] : 0)));
    const hidden = unsure.filter((area) => content.areas.hidden[area]).map((area) => draws.unsure.get(area));
    pointless = hidden.length > 0 && summary(added(draws.actual, hidden, hidden.map(() => 1)))[0] <= limit;
  }
  return {
    people, actual, pointless,
    hidden: areas.filter((area) => content.areas.hidden[area]).length,
    missing: areas.filter((area) => content.areas.missing[area]).length,
    use: summary(use),
    expected: summary(expected),
    difference: summary(use.map((value, k) => value - expected[k])),
    chances: areas.length === content.areas.codes.length ? null : [
      share(ratio, (value) => value > 1 + margin),
      share(ratio, (value) => value >= 1 - margin && value <= 1 + margin),
      share(ratio, (value) => value < 1 - margin),
    ],
    above: share(ratio, (value) => value > 1),
  };
}

/** Return an area's own estimates, as in the tables. */
function ofArea(area, expectation) {
  const pick = (three) => three.map((column) => column[area]);
  const { estimates } = content;
  return {
    people: content.areas.people[area],
    actual: pick(estimates.actual),
    use: pick(estimates.underlying),
    expected: pick(estimates.expected[expectation]),
    difference: pick(estimates.difference[expectation]),
    chances: pick(estimates.chances[expectation]),
    verdict: content.study.verdicts[estimates.verdict[expectation][area]],
  };
}

const nameOf = (area) => `${content.areas.names[area]} (${content.areas.codes[area]})`;
const groupsOf = (area) =>
  Object.values(content.areas.levels).map((level) => level.names[level.index[area]]).join(", ");
