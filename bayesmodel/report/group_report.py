"""The report of one group, such as a gemeente: cut from the country, in plain words, with every uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bayesmodel.checks.page import Section, page_of
from bayesmodel.data import CONCEALED, Status
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.disclosure import not_for_publication
from bayesmodel.estimates.expectation import expectation_named, lineage
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.group_totals import whole_groups
from bayesmodel.estimates.labels import engine_in_words, select_areas
from bayesmodel.estimates.rank import ranks_of
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.files import write_atomic
from bayesmodel.format import between, interval_name, percent
from bayesmodel.messages import Language, _, number
from bayesmodel.plots.decompositions import waterfall
from bayesmodel.plots.interval_plots import caterpillar, forest
from bayesmodel.plots.maps import verdict_map
from bayesmodel.report import report_texts as say
from bayesmodel.report.country_estimates import Country
from bayesmodel.report.own_words import OwnWords
from bayesmodel.study import Label
from bayesmodel.study.parts import areas_label
from bayesmodel.tables.notes import reading_notes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".html", ".docx")
NAMED = 40
"""Areas that are drawn by name; more are drawn in order."""
EXTREMES = 3
"""Highest and lowest areas that are named; none are where there are not more than twice that."""
HIGHER = (VerdictClass.CLEARLY_HIGHER, VerdictClass.PROBABLY_HIGHER)
LOWER = (VerdictClass.CLEARLY_LOWER, VerdictClass.PROBABLY_LOWER)


@dataclass(frozen=True, eq=False)
class GroupReport:
    """A report on one group, in one language.

    Parameters
    ----------
    title : str
    sections : tuple of Section
    language : {"nl", "en"}
    """

    title: str
    sections: tuple[Section, ...]
    language: Language

    @property
    def html(self) -> str:
        """The report as a page that needs no other file."""
        return page_of(self.title, self.sections, self.language)

    def write(self, path: str | Path) -> Path:
        """Write the report to a file ending in .html or .docx, whole or not at all.

        Raises
        ------
        UnknownNameError
            The ending is neither of those.
        MissingFeatureError
            python-docx is not installed, for .docx.
        OutputError
            The file cannot be written.
        """
        path = Path(path)
        if path.suffix not in ENDINGS:
            raise UnknownNameError(_("ending of a report"), path.suffix or path.name, ENDINGS)
        if path.suffix == ".docx":
            from bayesmodel.report.word import document_of

            write_atomic(path, document_of(self.title, self.sections, self.language))
        else:
            write_atomic(path, self.html)
        return path


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
    cut = _Cut(country, code, country.members(code), language or country.fit.study.report.language)
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


@dataclass(frozen=True)
class _Cut:
    """A group cut from its country, and how to write of it."""

    country: Country
    code: str
    codes: Sequence[str]
    language: Language

    @property
    def areas(self) -> pd.DataFrame:
        """The rows of its areas."""
        return self.country.tables.frames[self.country.fit.study.area].loc[list(self.codes)]

    @property
    def group(self) -> pd.Series:
        """Its own row."""
        table = self.country.tables.frames[self.country.level]
        return table.loc[[self.code]].iloc[0]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.group[f"{self.country.level}_name"])

    def text(self, label: Label, **values: object) -> str:
        """Return a text in the language of the report, its fields filled in."""
        study = self.country.fit.study
        known = {
            "areas": areas_label(study.area)[self.language],
            "area": study.area,
            "all": self.number(len(self.codes)),
        }
        return label[self.language].format(**(known | values))

    def number(self, value: float, form: str = ",") -> str:
        """Return a number in the language of the report; one that rounds to nothing has no sign."""
        text = number(value, form, self.language)
        return text if any(digit in text for digit in "123456789") else text.lstrip("+-")

    def named(self, codes: Sequence[str] | pd.Index) -> str:
        """Return the names of areas, with their codes."""
        names = self.areas[f"{self.country.fit.study.area}_name"]
        return "; ".join(f"{names[code]} ({code})" for code in codes)

    def interval(self, row: pd.Series, column: str, form: str, factor: float = 1.0, sign: str = "") -> str:
        """Return a mean with its interval, of a row of a table."""
        return self.written([row[column + end] for end in ("", "_lower", "_upper")], form, factor, sign)

    def written(self, numbers: Sequence[float], form: str, factor: float = 1.0, sign: str = "") -> str:
        """Return mean, lower and upper bound as text; a dash where there is none."""
        if np.isnan(numbers[0]):
            return "–"
        mean, low, high = (self.number(factor * each, form) + sign for each in numbers)
        if np.isclose(numbers[1], numbers[2]):
            return mean  # known, so there is no interval
        return f"{mean} ({between(low, high, self.language)})"

    def verdict(self, row: pd.Series) -> str:
        """Return the verdict of a row, in words."""
        return VerdictClass(row[f"verdict_{self.country.expectation}"]).label[self.language]

    def flagged(self, flag: str) -> pd.Index:
        """Return the areas with a flag."""
        return self.areas.index[self.areas["flags"].str.split("; ").map(lambda flags: flag in flags)]


def _summary(cut: _Cut) -> Section:
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
        texts.append(cut.text(say.HIDDEN, hidden=cut.number(len(hidden)), names=cut.named(hidden)))
    if 0 < len(missing) < len(cut.codes):
        texts.append(cut.text(say.PREDICTED, names=cut.named(missing)))
    for flag, label in (("special_area", say.SPECIAL), ("hidden_unlikely", say.DOUBTFUL)):
        if len(found := cut.flagged(flag)):
            texts.append(cut.text(label, names=cut.named(found)))
    if country.fit.diagnostics.problems:
        texts.insert(0, cut.text(say.NOT_CONVERGED))
    texts[:0] = not_for_publication(country.fit.counts, cut.language)
    return Section(cut.text(say.SUMMARY), texts)


def _map(cut: _Cut) -> Iterator[Section]:
    """Yield the map of verdicts, where there are polygons of any of the areas."""
    picture = _map_of(cut.country, cut.codes, cut.language)
    if picture is not None:
        yield Section(cut.text(say.MAP), pictures=[picture])


def _areas(cut: _Cut) -> Section:
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
    rows = {f"{row[f'{study.area}_name']} ({code})": _row(cut, row) for code, row in cut.areas.iterrows()}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(study.area)
    pictures: list[Figure] = [_differences_of(cut.country, cut.codes, cut.language)] if len(cut.codes) > 1 else []
    return Section(cut.text(say.AREAS), [why], [table], pictures)


def _row(cut: _Cut, row: pd.Series) -> dict[str, str]:
    """Return an area as cells of text, by heading."""
    given = cut.country.expectation
    cells = {
        "people": cut.number(row["population"]),
        "count": _published(cut, row),
        "use": cut.interval(row, "underlying_share", ".1f", 100, "%"),
        "expected": cut.interval(row, f"expected_{given}_share", ".1f", 100, "%"),
        "difference": cut.interval(row, f"difference_{given}_points", "+.1f"),
        "verdict": cut.verdict(row),
    }
    return {_head(cut, name): text for name, text in cells.items()}


def _head(cut: _Cut, name: str) -> str:
    """Return the heading of a column."""
    return cut.text(say.HEADS[name], population=cut.country.fit.study.outcome.population[cut.language])


def _published(cut: _Cut, row: pd.Series) -> str:
    """Return what was published of an area; a hidden count as its bounds."""
    if row["status"] == Status.MISSING:
        return cut.text(say.MISSING)
    if row["status"] == Status.ZERO:
        return cut.text(say.NOBODY)
    if row["status"] in CONCEALED:
        return cut.text(say.BOUNDS, low=cut.number(row["count_lower"]), high=cut.number(row["count_upper"]))
    return cut.number(row["published_count"])


def _compared(cut: _Cut) -> Section:
    """Return the group beside the groups it lies in, the country, and the groups most like it."""
    country, given = cut.country, cut.country.expectation
    frames, rows = country.tables.frames, dict[str, dict[str, str]]()

    def row_of(row: pd.Series) -> dict[str, str]:
        return {
            _head(cut, "people"): cut.number(row["population"]),
            _head(cut, "use"): cut.interval(row, "underlying_share", ".1f", 100, "%"),
            _head(cut, "expected"): cut.interval(row, f"expected_{given}_share", ".1f", 100, "%"),
            _head(cut, "difference"): cut.interval(row, f"difference_{given}_points", "+.1f"),
            _head(cut, "verdict"): cut.verdict(row),
        }

    rows[cut.name] = row_of(cut.group)
    for parent in lineage(country.fit.study, country.level)[1:]:
        above = frames[parent].loc[cut.group[parent]]
        rows[f"{level_label(country.fit.study, parent)[cut.language]} {above[f'{parent}_name']}"] = row_of(above)
    use, expected, difference = country.whole.loc[["use", "expected", "difference"]].to_numpy().tolist()
    all_areas = areas_label(country.fit.study.area)[cut.language]
    rows[cut.text(say.COUNTRY, areas=all_areas)] = {
        _head(cut, "people"): cut.number(int(country.fit.counts.population.sum())),
        _head(cut, "use"): cut.written(use, ".1f", 100, "%"),
        _head(cut, "expected"): cut.written(expected, ".1f", 100, "%"),
        _head(cut, "difference"): cut.written(difference, "+.1f"),
        _head(cut, "verdict"): "–",
    }
    here = list(country.groups.codes).index(cut.code)
    for place in country.similar[here]:
        if place >= 0:
            row = frames[country.level].loc[country.groups.codes[place]]
            rows[cut.text(say.SIMILAR, name=row[f"{country.level}_name"])] = row_of(row)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(
        level_label(country.fit.study, country.level)[cut.language]
    )
    whole = whole_groups(country.fit.counts, country.groups) is not None
    whose = cut.text(say.EVERYBODY, level=country.level) if whole else cut.text(say.TOGETHER)
    return Section(cut.text(say.COMPARED), [cut.text(say.COMPARED_WHY), whose], [table])


def _made_of(cut: _Cut) -> Iterator[Section]:
    """Yield what use of the group is made of, as a picture and as a table; nothing where nobody lives."""
    found = cut.country.made_of
    if cut.code not in found.parts.draws.indexes[str(found.parts.draws.dims[-2])]:
        return
    found = found.select(cut.code)
    labels = found.labels(cut.code, cut.language)
    parts = found.summary().loc[cut.code]
    levels = {str(parts.index[0]), str(parts.index[-1])}  # the mean and the sum: the others are steps between them
    rows = {
        labels[name]: {_head(cut, "points"): cut.written(numbers, ".1f" if name in levels else "+.1f")}
        for name, numbers in zip(map(str, parts.index), parts[["mean", "lower", "upper"]].to_numpy(), strict=True)
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(_head(cut, "part"))
    yield Section(
        cut.text(say.MADE_OF),
        tables=[table],
        pictures=[waterfall(found, language=cut.language)],
    )


def _extremes(cut: _Cut) -> Iterator[Section]:
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
            _head(cut, "ratio"): cut.interval(row, f"ratio_{given}", ".2f"),
            _head(cut, "rank"): between(cut.number(low[place]), cut.number(high[place]), cut.language),
            _head(cut, "verdict"): cut.verdict(row),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis(area)
    yield Section(cut.text(say.EXTREMES), [cut.text(say.EXTREMES_WHY)], [table])


def _to_discuss(cut: _Cut) -> Section:
    """Return the five directions of explanation, each with room for what was discussed."""
    line = cut.text(say.EMPTY_LINE) + "…" * 24
    facts = {name[cut.language]: f"{what[cut.language]} {line}" for name, what in say.DIRECTIONS}
    return Section(cut.text(say.TALK), facts=facts)


def _own_words(cut: _Cut, own: OwnWords | None) -> Section:
    """Return what the gemeente itself says, or where it can say it."""
    heading = cut.text(say.OWN, name=cut.name)
    if own is None:
        return Section(heading, [cut.text(say.OWN_EMPTY, code=cut.code)])
    texts = [*own.paragraphs, *([cut.text(say.CONTACT, contact=own.contact)] if own.contact else [])]
    return Section(heading, texts)


def _reading(cut: _Cut) -> Section:
    """Return what readers are always told, and the method in a few sentences."""
    fit = cut.country.fit
    converged = say.NOT_CONVERGED if fit.diagnostics.problems else say.CONVERGED
    method = cut.text(
        say.METHOD_TEXT,
        all=cut.number(len(fit.counts)),
        levels=", ".join(level_label(fit.study, name)[cut.language] for name in fit.study.effect_names),
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
