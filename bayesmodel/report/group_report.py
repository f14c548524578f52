"""The report of one group, such as a gemeente: cut from the country, in plain words, with every uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.checks.page import Section
from bayesmodel.data import CONCEALED, Status
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.disclosure import not_for_publication
from bayesmodel.estimates.expectation import expectation_named, lineage
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.group_totals import whole_groups
from bayesmodel.estimates.labels import engine_in_words, select_areas
from bayesmodel.estimates.rank import ranks_of
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.format import between, interval_name, percent
from bayesmodel.messages import Language
from bayesmodel.plots.decompositions import waterfall
from bayesmodel.plots.interval_plots import caterpillar, forest
from bayesmodel.plots.maps import verdict_map
from bayesmodel.report import report_texts as say
from bayesmodel.report.country_estimates import Country
from bayesmodel.report.document import Document
from bayesmodel.report.group_cut import Cut, area_row, estimates_row, head, whole_row
from bayesmodel.report.own_words import OwnWords
from bayesmodel.tables.notes import reading_notes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMED = 40
"""Areas that are drawn by name; more are drawn in order."""
EXTREMES = 3
"""Highest and lowest areas that are named; none are where there are not more than twice that."""
HIGHER = (VerdictClass.CLEARLY_HIGHER, VerdictClass.PROBABLY_HIGHER)
LOWER = (VerdictClass.CLEARLY_LOWER, VerdictClass.PROBABLY_LOWER)


@dataclass(frozen=True, eq=False)
class GroupReport(Document):
    """A report on one group, in one language."""


def group_report(
    country: Country, code: str, own: OwnWords | None = None, language: Language | None = None
) -> GroupReport:
    """Return the report of a group.

    Parameters
    ----------
    country : Country
        As `country_of` gives it.
    code : str
        Of the group.
    own : OwnWords, optional
        What the gemeente itself says of it.
    language : {"nl", "en"}, optional
        That of the study when left out.

    Returns
    -------
    GroupReport

    Raises
    ------
    UnknownNameError
        There is no such group.

    Examples
    --------
    >>> from bayesmodel.report.country_estimates import country_of
    >>> from bayesmodel.testing import invented_fit
    >>> made = group_report(country_of(invented_fit()), "GM0001", language="en")
    >>> [section.heading for section in made.sections][:3]
    ['In brief', 'The wijken', 'Compared with others']
    """
    cut = Cut(country, code, country.members(code), language or country.fit.study.report.language)
    outcome = country.fit.study.outcome
    title = cut.text(say.TITLE, count=outcome.count[cut.language], year=outcome.year, name=cut.name)
    sections = (
        _summary(cut),
        *_map(cut),
        _areas(cut),
        _compared(cut),
        *_made_of(cut),
        *_extremes(cut),
        _to_discuss(cut),
        _own_words(cut, own),
        _reading(cut),
    )
    return GroupReport(title[:1].upper() + title[1:], sections, cut.language)


def _summary(cut: Cut) -> Section:
    """Return what a reader takes away: the group in a sentence, its areas counted, and what to beware of."""
    country = cut.country
    level = level_label(country.fit.study, country.level)[cut.language]
    classes = [VerdictClass(each) for each in cut.areas[f"verdict_{country.expectation}"]]
    missing = cut.areas.index[(cut.areas["status"] == Status.MISSING).to_numpy()]
    hidden = cut.areas.index[cut.areas["status"].isin(CONCEALED).to_numpy()]
    texts = [str(country.sentences.loc[cut.code, cut.language])]
    if len(missing) == len(cut.codes):
        texts.insert(0, cut.text(say.ALL_PREDICTED, name=cut.name))
    if len(cut.codes) == 1:
        texts.append(cut.text(say.ONE, begin=level[:1].upper() + level[1:], level=level, name=cut.name))
    else:
        counts = {
            "higher": sum(each in HIGHER for each in classes),
            "lower": sum(each in LOWER for each in classes),
            "same": classes.count(VerdictClass.AS_EXPECTED),
            "inconclusive": classes.count(VerdictClass.INCONCLUSIVE),
        }
        texts.append(cut.text(say.VERDICTS, **{name: cut.number(count) for name, count in counts.items()}))
    if len(hidden):
        label = say.HIDDEN_ONE if len(hidden) == 1 else say.HIDDEN
        texts.append(cut.text(label, hidden=cut.number(len(hidden)), names=cut.named(hidden)))
    if 0 < len(missing) < len(cut.codes):
        texts.append(cut.text(say.PREDICTED, names=cut.named(missing)))
    for flag, label in (("special_area", say.SPECIAL), ("hidden_unlikely", say.DOUBTFUL)):
        if len(found := cut.flagged(flag)):
            texts.append(cut.text(label, names=cut.named(found)))
    if country.fit.diagnostics.problems:
        texts.insert(0, cut.text(say.NOT_CONVERGED))
    texts[:0] = not_for_publication(country.fit.counts, cut.language)
    return Section(cut.text(say.SUMMARY), texts)


def _map(cut: Cut) -> Iterator[Section]:
    """Yield the map of verdicts, where there are polygons of any of the areas."""
    picture = _map_of(cut.country, cut.codes, cut.language)
    if picture is not None:
        yield Section(cut.text(say.MAP), pictures=[picture])


def _areas(cut: Cut) -> Section:
    """Return the table of the areas, and their differences as a picture."""
    study, given = cut.country.fit.study, cut.country.expectation
    definition = expected_definition(study, expectation_named(study, given), "share")
    prob = study.report.interval
    why = cut.text(
        say.INTERVALS,
        interval=interval_name(prob, cut.language),
        prob=percent(prob, cut.language),
        expectation=definition.label[cut.language],
    )
    rows = {f"{row[f'{study.area}_name']} ({code})": area_row(cut, row) for code, row in cut.areas.iterrows()}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(study.area)
    pictures: list[Figure] = [_differences_of(cut.country, cut.codes, cut.language)] if len(cut.codes) > 1 else []
    return Section(cut.text(say.AREAS), [why], [table], pictures)


def _compared(cut: Cut) -> Section:
    """Return the group beside the groups it lies in, the country, and the groups most like it."""
    country, frames = cut.country, cut.country.tables.frames
    rows = {cut.name: estimates_row(cut, cut.group)}
    for parent in lineage(country.fit.study, country.level)[1:]:
        above = frames[parent].loc[cut.group[parent]]
        named = f"{level_label(country.fit.study, parent)[cut.language]} {above[f'{parent}_name']}"
        rows[named] = estimates_row(cut, above)
    all_areas = country.fit.study.areas_label[cut.language]
    rows[cut.text(say.COUNTRY, areas=all_areas)] = whole_row(cut)
    here = list(country.groups.codes).index(cut.code)
    for place in country.similar[here]:
        if place >= 0:
            row = frames[country.level].loc[country.groups.codes[place]]
            rows[cut.text(say.SIMILAR, name=row[f"{country.level}_name"])] = estimates_row(cut, row)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(
        level_label(country.fit.study, country.level)[cut.language]
    )
    whole = whole_groups(country.fit.counts, country.groups) is not None
    whose = cut.text(say.EVERYBODY, level=country.level) if whole else cut.text(say.TOGETHER)
    return Section(cut.text(say.COMPARED), [cut.text(say.COMPARED_WHY), whose], [table])


def _made_of(cut: Cut) -> Iterator[Section]:
    """Yield what use of the group is made of, as a picture and as a table; nothing where nobody lives."""
    found = cut.country.made_of
    if cut.code not in found.parts.draws.indexes[str(found.parts.draws.dims[-2])]:
        return
    found = found.select(cut.code)
    labels = found.labels(cut.code, cut.language)
    parts = found.summary().loc[cut.code]
    levels = {str(parts.index[0]), str(parts.index[-1])}  # the mean and the sum: the others are steps between them
    rows = {
        labels[name]: {head(cut, "points"): cut.written(numbers, ".1f" if name in levels else "+.1f")}
        for name, numbers in zip(map(str, parts.index), parts[["mean", "lower", "upper"]].to_numpy(), strict=True)
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(head(cut, "part"))
    country = cut.country
    whole = whole_groups(country.fit.counts, country.groups) is not None
    yield Section(
        cut.text(say.MADE_OF),
        [cut.text(say.MADE_OF_TOGETHER, level=country.level)] if whole else [],
        tables=[table],
        pictures=[waterfall(found, language=cut.language)],
    )


def _extremes(cut: Cut) -> Iterator[Section]:
    """Yield the highest and lowest areas with the interval of their rank; nothing where there are few areas."""
    given, area = cut.country.expectation, cut.country.fit.study.area
    shown = cut.areas[cut.areas[f"ratio_{given}"].notna() & (cut.areas["status"] != Status.MISSING)]
    if len(shown) <= 2 * EXTREMES:
        return
    ratios = cut.country.of_areas.ratio.select(list(shown.index))
    places = ranks_of(ratios.samples)
    tail = (1 - cut.country.fit.study.report.interval) / 2
    low, high = np.quantile(places, [tail, 1 - tail], axis=0, method="inverted_cdf").astype(int)
    order = np.argsort(-shown[f"ratio_{given}"].to_numpy(), kind="stable")
    rows = {}
    for place in (*order[:EXTREMES], *order[-EXTREMES:]):
        row = shown.iloc[place]
        rows[f"{row[f'{area}_name']} ({shown.index[place]})"] = {
            head(cut, "ratio"): cut.interval(row, f"ratio_{given}", ".2f"),
            head(cut, "rank"): between(cut.number(low[place]), cut.number(high[place]), cut.language),
            head(cut, "verdict"): cut.verdict(row),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(area)
    yield Section(cut.text(say.EXTREMES), [cut.text(say.EXTREMES_WHY)], [table])


def _to_discuss(cut: Cut) -> Section:
    """Return the five directions of explanation, each with room for what was discussed."""
    line = cut.text(say.EMPTY_LINE) + "…" * 24
    facts = {name[cut.language]: f"{what[cut.language]} {line}" for name, what in say.DIRECTIONS}
    return Section(cut.text(say.TALK), facts=facts)


def _own_words(cut: Cut, own: OwnWords | None) -> Section:
    """Return what the gemeente itself says, or where it can say it."""
    heading = cut.text(say.OWN, name=cut.name)
    if own is None:
        return Section(heading, [cut.text(say.OWN_EMPTY, code=cut.code)])
    texts = [*own.paragraphs, *([cut.text(say.CONTACT, contact=own.contact)] if own.contact else [])]
    return Section(heading, texts)


def _reading(cut: Cut) -> Section:
    """Return what readers are always told, and the method in a few sentences."""
    fit = cut.country.fit
    converged = say.NOT_CONVERGED if fit.diagnostics.problems else say.CONVERGED
    method = cut.text(
        say.METHOD_TEXT,
        all=cut.number(len(fit.counts)),
        levels=", ".join(level_label(fit.study, name)[cut.language] for name in fit.study.random_effects),
        engine=engine_in_words(fit.provenance, cut.language) or "–",
        converged=converged[cut.language],
    )
    return Section(cut.text(say.READING), [*reading_notes(fit.counts, cut.language, listing=False), method])


def _map_of(country: Country, codes: Sequence[str], language: Language) -> Figure | None:
    """Return the map of verdicts of some areas with what lies around them; None where no polygon is known of them."""
    if country.shapes is None or not country.shapes.index.isin(codes).any():
        return None
    shapes, found = country.shapes, country.of_areas
    left, low, right, high = shapes[shapes.index.isin(codes)].total_bounds
    margin = 0.1 * max(right - left, high - low)
    near = shapes.cx[left - margin : right + margin, low - margin : high + margin]
    ratio = select_areas(country.fit, found.ratio, list(codes))
    part = replace(
        found, ratio=ratio, probabilities=found.probabilities.loc[list(codes)], classes=found.classes[list(codes)]
    )
    return verdict_map(part, near.rename_axis("code").reset_index(), code="code", language=language)


def _differences_of(country: Country, codes: Sequence[str], language: Language) -> Figure:
    """Return differences of areas with their intervals: by name, or in order where there are many."""
    differences = country.differences.select(list(codes))
    return (forest if len(codes) <= NAMED else caterpillar)(differences, language=language)
