"""The sheet of one area, such as a wijk: one page of A4 to lay on the table of a dialogue session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import pandas as pd

from bayesmodel.checks.page import Section
from bayesmodel.data import Status
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.disclosure import not_for_publication
from bayesmodel.estimates.expectation import expectation_named
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.linear_predictor import thinned
from bayesmodel.estimates.lookup import area_indices
from bayesmodel.estimates.peers import distances
from bayesmodel.estimates.rank import ranks_of
from bayesmodel.estimates.waterfall import waterfall as made_of
from bayesmodel.format import between, interval_name, percent
from bayesmodel.messages import Language
from bayesmodel.plots.decompositions import waterfall
from bayesmodel.report import report_texts as say
from bayesmodel.report.country_estimates import WATERFALL_DRAWS, Country
from bayesmodel.report.document import Document
from bayesmodel.report.group_cut import Cut, estimates_row, published, whole_row

SIMILAR = 3
"""Areas like the area that stand beside it."""
INCHES, LETTERS = (7.1, 0.5, 0.14), 7
"""Width of the picture, its height without steps, and of each step; points of its letters."""


@dataclass(frozen=True, eq=False)
class AreaSheet(Document):
    """A sheet on one area, in one language: one page of A4."""

    css: ClassVar[str] = (
        "body{font-size:14px;max-width:52rem}h1{font-size:1.35rem;margin:.2rem 0}p{margin:.2rem 0}"
        "h2{font-size:1rem;margin:.7rem 0 .2rem}ul{margin:.2rem 0;padding-left:1.2rem}.facts th{width:13rem}"
        ".facts table,table{font-size:.86rem}.wide{margin-top:.2rem}th,td{padding:.12rem .4rem}"
        "section:last-of-type ul{font-size:.8rem}section:nth-of-type(n+3) .wide table{width:100%}"
        "section:nth-last-of-type(3) .wide tr>*+*{white-space:nowrap}"
        "section:nth-last-of-type(2) table{table-layout:fixed}section:nth-last-of-type(2) tbody tr{height:4.4em}"
        "section:nth-last-of-type(2) thead th:first-child{width:14%}"
        "section:nth-last-of-type(2) thead th:nth-child(2){width:38%}"
        "section:nth-last-of-type(2) td{text-align:left;border-left:1px solid #c9c9c9}"
        "@page{margin:1.1cm 1.5cm;@bottom-right{content:none}}"
        "@media print{body{font-size:8.4pt;line-height:1.35}h1{font-size:13pt;margin:0}.logo{max-height:1cm}"
        "h2{font-size:9.5pt;margin:.38rem 0 .05rem}table,.facts table{font-size:7.6pt}section:last-of-type ul,small{"
        "font-size:6.8pt}img:not(.logo){width:100%}section:nth-last-of-type(2) tbody tr{height:3.9em}}"
    )
    compact: ClassVar[bool] = True


def area_sheet(country: Country, code: str, language: Language | None = None) -> AreaSheet:
    """Return the sheet of an area: what is known of it, and what to discuss with room to write.

    Parameters
    ----------
    country : Country
        As `country_of` gives it.
    code : str
        Of the area.
    language : {"nl", "en"}, optional
        That of the study when left out.

    Returns
    -------
    AreaSheet

    Raises
    ------
    UnknownNameError
        There is no such area.

    Examples
    --------
    >>> from bayesmodel.report.country_estimates import country_of
    >>> from bayesmodel.testing import invented_fit
    >>> made = area_sheet(country_of(invented_fit()), "WK000100", language="en")
    >>> [section.heading for section in made.sections][-2:]
    ['To discuss: can it be ...', 'How to read this']
    """
    study = country.fit.study
    codes = country.fit.counts.areas.codes
    if code not in codes:
        raise UnknownNameError(study.area, code, map(str, codes))
    group = str(country.fit.counts.areas.levels.loc[code, country.level])
    cut = Cut(country, group, country.members(group), language or study.report.language)
    row = cut.areas.loc[[code]].iloc[0]
    title = cut.text(
        say.SHEET_TITLE, name=row[f"{study.area}_name"], code=code, group=cut.name, year=study.outcome.year,
        count=study.outcome.count[cut.language],
    )  # fmt: skip
    parts = (_summary(cut, code), *_picture(cut, code), _figures(cut, code, row), _to_discuss(cut), _reading(cut))
    return AreaSheet(title[:1].upper() + title[1:], parts, cut.language)


@lru_cache(maxsize=1)
def _sentences(country: Country) -> pd.DataFrame:
    """Return the sentences of all areas, as verdicts on one need all of them."""
    return explain(country.fit, country.fit.study.area, country.expectation)


def _summary(cut: Cut, code: str) -> Section:
    """Return the sentence of the area."""
    texts = [*not_for_publication(cut.country.fit.counts, cut.language)]
    texts.append(str(_sentences(cut.country).loc[code, cut.language]))
    if cut.country.fit.diagnostics.problems:
        texts.insert(0, cut.text(say.NOT_CONVERGED))
    return Section(cut.text(say.SUMMARY), texts)


def _place(cut: Cut, code: str) -> str:
    """Return the interval of the rank of an area in its group, by use over expected use."""
    given = cut.country.expectation
    judged = cut.areas[cut.areas[f"ratio_{given}"].notna() & (cut.areas["status"] != Status.MISSING)]
    if code not in judged.index or len(judged) < 2:
        return cut.text(say.SHEET_NO_PLACE)
    ranks = ranks_of(cut.country.of_areas.ratio.select(list(judged.index)).samples)[:, judged.index.get_loc(code)]
    tail = (1 - cut.country.fit.study.report.interval) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], method="inverted_cdf").astype(int)
    among = between(cut.number(low), cut.number(high), cut.language) if low < high else cut.number(low)
    return cut.text(say.SHEET_RANK, rank=among, number=cut.number(len(judged)))


def _picture(cut: Cut, code: str) -> list[Section]:
    """Return what use of the area is made of, as a picture that is low; nothing where nobody lives."""
    if not cut.areas.loc[code, "population"]:
        return []
    from bayesmodel.plots.figure import Picture

    found = made_of(thinned(cut.country.fit, WATERFALL_DRAWS), code)
    width, around, step = INCHES
    drawn = Picture(figsize=(width, around + step * len(found.components)), layout="constrained")
    axes = drawn.add_subplot()
    waterfall(found, axes=axes, language=cut.language)
    drawn.suptitle("")  # the sheet has a heading, and says below how to read it
    drawn.supxlabel("")
    axes.set_yticks(axes.get_yticks(), [" ".join(name.get_text().split()) for name in axes.get_yticklabels()])
    axes.tick_params(labelsize=LETTERS)
    for text in (*axes.texts, axes.xaxis.label):
        text.set_fontsize(LETTERS)
    return [Section(cut.text(say.MADE_OF), pictures=[drawn])]


def _figures(cut: Cut, code: str, row: pd.Series) -> Section:
    """Return what is not in the sentence, and the area beside its group, all areas, and the areas most like it."""
    study, frame = cut.country.fit.study, cut.country.tables.frames[cut.country.fit.study.area]
    level = level_label(study, cut.country.level)[cut.language]
    facts = {cut.text(say.SHEET_COUNT): published(cut, row)}
    facts[cut.text(say.SHEET_PLACE, level=level, name=cut.name)] = _place(cut, code)
    rows = {str(row[f"{study.area}_name"]): estimates_row(cut, row)}
    rows[f"{level} {cut.name}"] = estimates_row(cut, cut.group)
    rows[cut.text(say.COUNTRY, areas=study.areas_label[cut.language])] = whole_row(cut)
    for other in _similar(cut.country, code):
        like = frame.loc[[other]].iloc[0]
        group = str(like[f"{cut.country.level}_name"]).removesuffix(f" ({cut.country.level})")
        named = f"{like[f'{study.area}_name']} ({group})"
        rows[cut.text(say.SHEET_SIMILAR, name=named)] = estimates_row(cut, like)
    table = pd.DataFrame.from_dict(rows, orient="index").iloc[:, 1:].rename_axis(study.area)
    return Section(cut.text(say.SHEET_FIGURES), facts=facts, tables=[table])


def _similar(country: Country, code: str) -> list[str]:
    """Return the codes of the areas most like an area, the nearest first; none where no determinant tells."""
    fit = country.fit
    if not fit.design.names:
        return []
    (row,) = area_indices(fit.counts, code)
    apart = distances(fit, int(row))
    apart[fit.counts.population == 0] = np.inf
    apart[row] = np.inf
    order = np.argsort(apart, kind="stable")[:SIMILAR]
    return [str(fit.counts.areas.codes[place]) for place in order if np.isfinite(apart[place])]


def _to_discuss(cut: Cut) -> Section:
    """Return the five directions of explanation as questions, with room to write."""
    rows = {
        name[cut.language]: {cut.text(say.SHEET_QUESTIONS): what[cut.language], cut.text(say.SHEET_NOTES): ""}
        for name, what in say.DIRECTIONS
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(cut.text(say.SHEET_DIRECTION))
    return Section(cut.text(say.SHEET_TALK), tables=[table])


def _reading(cut: Cut) -> Section:
    """Return what readers are always told, in few words."""
    study, counts = cut.country.fit.study, cut.country.fit.counts
    definition = expected_definition(study, expectation_named(study, cut.country.expectation), "share")
    prob = study.report.interval
    known = {
        "count": study.outcome.count[cut.language],
        "population": study.outcome.population[cut.language],
        "year": study.outcome.year,
        "vintage": study.outcome.vintage,
        "expectation": definition.label[cut.language],
        "interval": interval_name(prob, cut.language),
        "prob": percent(prob, cut.language),
        "left_out": cut.number(len(counts.areas.left_out)),
    }
    texts = [cut.text(label, **known) for label in say.SHEET_READING]
    return Section(cut.text(say.READING), [text[:1].upper() + text[1:] for text in texts])
