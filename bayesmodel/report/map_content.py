"""What the map page carries: facts, estimates, sentences and shapes of areas, and the joint posterior."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import __version__
from bayesmodel.data import CONCEALED, Status
from bayesmodel.data.suppression import exposed, shown_windows
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.expectation import expectation_named, expectation_names, main_names
from bayesmodel.estimates.expected import expected, expected_definition
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.linear_predictor import thinned
from bayesmodel.estimates.peers import nearest
from bayesmodel.estimates.use import use
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.estimates.waterfall import waterfall
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES
from bayesmodel.plots.axes import display_of
from bayesmodel.plots.map_sheet import DIVERGING, centred_classes, polygons_of, sequential_classes
from bayesmodel.plots.maps import COLOURS
from bayesmodel.report.joint_draws import draws_that_fit, evenly, few_of, finer_that_fits, joint_draws
from bayesmodel.report.map_texts import NOT_FOR, TEXTS
from bayesmodel.report.outlines import outlines_of
from bayesmodel.study import Label
from bayesmodel.tables.notes import WARNING, reading_notes
from bayesmodel.tables.per_area import area_table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

DRAWS = 1000
"""Draws of a page at the most."""
MEGABYTES, PER_AREA, PER_AREA_WITH_SENTENCE = 5.65, 215e-6, 365e-6
"""Of a page, and of what it says of an area besides its draws, which have the rest."""
TYPICAL = 0.5
"""Widest step of a draw, in standard deviations of the use of a typical area."""
WATERFALL_DRAWS = 100
"""Draws behind the means of a waterfall."""
SENTENCES = 8_000
"""Areas up to which each has its sentence: of more they would be a fifth of the page, and the card says the same."""
PEERS = 5
CHANCES = (0.1, 0.2, 0.5, 0.8, 0.9)
Content = dict[str, Any]


def map_content(fit: Fit, polygons: str | Path | GeoDataFrame | Mapping[str, Any], code: str | None = None) -> Content:
    """Return what the map page carries, as plain lists and texts.

    Parameters
    ----------
    fit : Fit
    polygons : str, Path, GeoDataFrame, or mapping
        As in `area_map`.
    code : str, optional
        The column with the codes.

    Returns
    -------
    dict
        ``study`` (names, texts, rules), ``areas`` (facts), ``estimates`` (as in the table per area, in per cents),
        ``classes`` (limits and colours), ``draws`` (joint, see `joint_draws`), ``sentences``, ``waterfall``, ``peers``
        and ``shapes``.
    """
    codes = fit.counts.areas.codes
    with ThreadPoolExecutor(1) as beside:  # shapes take as long as half of the estimates, and do not need them
        shapes = beside.submit(
            copy_context().run, lambda: outlines_of(polygons_of(polygons, codes, code), codes)
        )  # the context holds the language of messages
        content = _estimated(fit)
        outlines = shapes.result()
    content["shapes"] = {
        "paths": outlines.paths,
        "centres": outlines.centres,
        "width": outlines.width,
        "height": outlines.height,
    }
    return content


def _estimated(fit: Fit) -> Content:
    """Return all that the page carries but the shapes."""
    table = area_table(fit)
    return {
        "study": _study(fit),
        "areas": _areas(fit, table),
        "estimates": _estimates(fit, table),
        "classes": _classes(fit, table),
        "draws": _draws(fit),
        "sentences": _sentences(fit),
        "waterfall": _waterfall(fit),
        "peers": nearest(fit, PEERS).tolist() if fit.design.names else [],
    }


def _both(label: Label) -> dict[str, str]:
    """Return a text in both languages."""
    return {reader: label[reader] for reader in LANGUAGES}


def _study(fit: Fit) -> Content:
    """Return what the page says of the study: names, texts, rules, what readers must be told."""
    study, outcome = fit.study, fit.study.outcome
    problems = "; ".join(fit.diagnostics.problems)
    notes = {
        reader: [
            *([WARNING[reader].format(problems=problems)] if problems else []),
            *reading_notes(fit.counts, reader, listing=False),
        ]
        for reader in LANGUAGES
    }
    return {
        "name": study.name,
        "language": study.report.language,
        "area": study.area,
        "areas": _both(study.areas_label),
        "count": _both(outcome.count),
        "population": _both(outcome.population),
        "year": outcome.year,
        "vintage": outcome.vintage,
        "interval": study.report.interval,
        "kind": study.report.interval_kind,
        "margin": study.report.margin,
        "converged": fit.diagnostics.converged,
        "marked": bool(problems or exposed(fit.counts)),
        "notes": notes,
        "notFor": {reader: [each[reader] for each in NOT_FOR] for reader in LANGUAGES},
        "texts": {reader: {name: label[reader] for name, label in TEXTS.items()} for reader in LANGUAGES},
        "version": __version__,
        "levels": [{"name": name, "label": _both(level_label(study, name))} for name in study.level_names],
        "verdicts": [{"name": str(each), "label": _both(each.label), "colour": COLOURS[each]} for each in VerdictClass],
        "expectations": [_expectation(fit, name) for name in expectation_names(study)],
    }


def _expectation(fit: Fit, name: str) -> Content:
    """Return what an expectation is called and answers, and whether use is held against it."""
    definition = expected_definition(fit.study, expectation_named(fit.study, name), "share")
    main = name in main_names(fit.study)
    return {"name": name, "label": _both(definition.label), "answers": _both(definition.answers), "main": main}


def _areas(fit: Fit, table: pd.DataFrame) -> Content:
    """Return the facts of the areas, groups as indices into lists of codes and names."""
    counts, levels = fit.counts, {}
    lower, upper = shown_windows(counts)
    for level in fit.study.level_names:
        index, codes = pd.factorize(table[level])
        names = table.drop_duplicates(level).set_index(level)[f"{level}_name"]
        levels[level] = {"index": index.tolist(), "codes": list(codes), "names": names.loc[codes].astype(str).tolist()}
    published = table["published_count"]
    flags = table["flags"].str.split("; ")
    return {
        "codes": table.index.tolist(),
        "names": table[f"{fit.study.area}_name"].astype(str).tolist(),
        "levels": levels,
        "people": counts.population.tolist(),
        "status": [str(status) for status in counts.status],
        "hidden": np.isin(counts.status, CONCEALED).astype(int).tolist(),
        "missing": (counts.status == Status.MISSING).astype(int).tolist(),
        "published": [None if pd.isna(number) else int(number) for number in published],
        "lower": lower.tolist(),
        "upper": upper.tolist(),
        "special": [int("special_area" in each) for each in flags],
        "doubtful": [int("hidden_unlikely" in each) for each in flags],
        "alone": [int("no_comparison" in each) for each in flags],
    }


def _rounded(values: pd.Series | NDArray[np.float64], decimals: int = 3) -> list[float | None]:
    """Return numbers with few decimals; None where there is none."""
    rounded = np.round(np.asarray(values, dtype=float), decimals)
    return [None if isnan(number) else number for number in rounded.tolist()]


def _three(table: pd.DataFrame, column: str, factor: Any = 1.0) -> list[list[float | None]]:
    """Return mean, lower and upper of a column, times a factor."""
    return [_rounded(table[column + suffix].to_numpy(dtype=float) * factor) for suffix in ("", "_lower", "_upper")]


def _estimates(fit: Fit, table: pd.DataFrame) -> Content:
    """Return the estimates of the table per area: shares and differences in per cents and points."""
    people = table["population"].to_numpy(dtype=float)
    per_cent = 100 / np.where(people > 0, people, np.nan)
    found: Content = {
        "actual": _three(table, "actual_count"),
        "underlying": _three(table, "underlying_share", 100),
        "expected": {name: _three(table, f"expected_{name}_count", per_cent) for name in expectation_names(fit.study)},
    }
    kinds = [str(each) for each in VerdictClass]
    for name in main_names(fit.study):
        verdicts = table[f"verdict_{name}"].to_numpy()
        found.setdefault("difference", {})[name] = _three(table, f"difference_{name}_points")
        found.setdefault("chances", {})[name] = [
            _rounded(table[f"p_{kind}_{name}"]) for kind in ("higher", "within", "lower")
        ]
        found.setdefault("verdict", {})[name] = [kinds.index(each) for each in verdicts]
    return found


def _classes(fit: Fit, table: pd.DataFrame) -> Content:
    """Return limits and colours of the maps: one set for all maps of use, so that they can be compared."""
    study, level = fit.study, use(fit, "underlying", "share")
    shares = display_of(level, None)
    main = main_names(study)
    gaps = pd.concat([table[f"difference_{name}_points"] for name in main]).dropna()
    widths = pd.concat(
        [table[f"difference_{name}_points_upper"] - table[f"difference_{name}_points_lower"] for name in main]
    ).dropna()
    in_use, wide = (
        sequential_classes(100 * table["underlying_share"].dropna(), shares),
        sequential_classes(widths, shares),
    )
    points = centred_classes(gaps, 0.0, shares)
    return {
        "use": {"limits": in_use.limits.tolist(), "colours": in_use.colours},
        "difference": {"limits": points.limits.tolist(), "colours": points.colours},
        "width": {"limits": wide.limits.tolist(), "colours": wide.colours},
        "chance": {"limits": [100 * each for each in CHANCES], "colours": (*DIVERGING[:2], "#d9d3ee", *DIVERGING[2:])},
    }


def _draws(fit: Fit) -> Content:
    """Return joint draws of underlying and expected use of all areas, and of the counts that are not known exactly."""
    main = main_names(fit.study)
    lower, upper = shown_windows(fit.counts)
    unsure = np.flatnonzero(lower != upper)
    level = _per_cent(use(fit, "underlying", "share").samples)
    beside = len(fit.counts) * (PER_AREA if len(fit.counts) > SENTENCES else PER_AREA_WITH_SENTENCE)
    size = len(fit.counts), 1 + len(main), MEGABYTES - beside
    room = draws_that_fit(*size, min(DRAWS, len(level)))
    taken = evenly(len(level), room)
    steps = TYPICAL * float(np.median(level.std(axis=0))), finer_that_fits(*size, room)
    found: Content = {
        "number": len(taken),
        "underlying": joint_draws(few_of(level, room), *steps).content(),
        "expected": {
            name: joint_draws(few_of(_per_cent(expected(fit, name, "share").samples), room), *steps).content()
            for name in main
        },
        "unsure": unsure.tolist(),
    }
    if len(unsure):
        codes = list(fit.counts.areas.codes[unsure])
        found["actual"] = joint_draws(use(fit, "actual", areas=codes).samples[taken]).content()
    return found


def _per_cent(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares in per cents; 0 where nobody lives, as such an area adds nobody to any set."""
    return np.nan_to_num(100 * shares)


def _sentences(fit: Fit) -> dict[str, list[str]]:
    """Return the sentence of each area, per language; none where there are very many areas."""
    if len(fit.counts) > SENTENCES:
        return {reader: [] for reader in LANGUAGES}
    said = explain(fit, fit.study.area, main_names(fit.study)[0])
    return {reader: said[reader].tolist() for reader in LANGUAGES}


def _waterfall(fit: Fit) -> Content:
    """Return the parts of use of each area, as means in points; nothing of areas where nobody lives."""
    lived = np.flatnonzero(fit.counts.population > 0)
    codes = list(fit.counts.areas.codes[lived])
    parts = waterfall(thinned(fit, WATERFALL_DRAWS), codes)
    means = np.full((len(fit.counts), len(parts.components)), np.nan)
    means[lived] = parts.parts.samples.mean(axis=0)
    return {
        "parts": [{"name": component.name, "label": _both(component.label)} for component in parts.components],
        "means": [[None if isnan(number) else number for number in row] for row in np.round(means, 2).tolist()],
    }
