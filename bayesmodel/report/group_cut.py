"""A group cut from its country, and how reports write of it: numbers with intervals, names, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.format import between
from bayesmodel.messages import Language, number
from bayesmodel.report import report_texts as say
from bayesmodel.report.country_estimates import Country
from bayesmodel.study import Label


@dataclass(frozen=True)
class Cut:
    """A group cut from its country, and how to write of it.

    Parameters
    ----------
    country : Country
    code : str
        Of the group.
    codes : sequence of str
        Of its areas.
    language : {"nl", "en"}
    """

    country: Country
    code: str
    codes: Sequence[str]
    language: Language

    @cached_property
    def areas(self) -> pd.DataFrame:
        """The rows of its areas."""
        return self.country.tables.frames[self.country.fit.study.area].loc[list(self.codes)]

    @cached_property
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
            "areas": study.areas_label[self.language],
            "area": study.area,
            "all": self.number(len(self.codes)),
        }
        return label[self.language].format(**(known | values))

    def number(self, value: float, form: str = ",") -> str:
        """Return a number in the language of the report; zero has no sign."""
        written = number(value, form, self.language)
        return written if any(figure in written for figure in "123456789") else written.lstrip("+-")

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


def area_row(cut: Cut, row: pd.Series) -> dict[str, str]:
    """Return an area as cells of text, by heading."""
    people, *others = estimates_row(cut, row).items()
    return dict([people, (head(cut, "count"), published(cut, row)), *others])


def estimates_row(cut: Cut, row: pd.Series) -> dict[str, str]:
    """Return an area or a group as cells of text, by heading, without its published count."""
    given = cut.country.expectation
    cells = {
        "people": cut.number(row["population"]),
        "use": cut.interval(row, "underlying_share", ".1f", 100, "%"),
        "expected": cut.interval(row, f"expected_{given}_share", ".1f", 100, "%"),
        "difference": cut.interval(row, f"difference_{given}_points", "+.1f"),
        "verdict": cut.verdict(row),
    }
    return {head(cut, name): text for name, text in cells.items()}


def whole_row(cut: Cut) -> dict[str, str]:
    """Return all areas together as cells of text, by heading: they have only themselves to be compared with."""
    whole = cut.country.whole
    use, expected, difference = whole.loc[["use", "expected", "difference"]].to_numpy().tolist()
    cells = {
        "people": cut.number(int(cut.country.fit.counts.population.sum())),
        "use": cut.written(use, ".1f", 100, "%"),
        "expected": cut.written(expected, ".1f", 100, "%"),
        "difference": cut.written(difference, "+.1f"),
        "verdict": "–",
    }
    return {head(cut, name): text for name, text in cells.items()}


def head(cut: Cut, name: str) -> str:
    """Return the heading of a column."""
    return cut.text(say.HEADS[name], population=cut.country.fit.study.outcome.population[cut.language])


def published(cut: Cut, row: pd.Series) -> str:
    """Return what was published of an area; a hidden count as its bounds."""
    if row["status"] == Status.MISSING:
        return cut.text(say.MISSING)
    if row["status"] == Status.ZERO:
        return cut.text(say.NOBODY)
    if row["status"] in CONCEALED:
        return cut.text(say.BOUNDS, low=cut.number(row["count_lower"]), high=cut.number(row["count_upper"]))
    return cut.number(row["published_count"])
