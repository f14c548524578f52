"""How values and people are shown on axes: shares in per cent, one row per area with its name and published value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.data.validation import whole_numbers
from bayesmodel.estimates.definition import Scale, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.format import between
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.plots.style import figures
from bayesmodel.study import Label, Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DECIMALS: dict[Scale | None, int] = {"count": 0, "share": 1, "points": 1, "ratio": 2}


@dataclass(frozen=True)
class Reading:
    """How one picture presents numbers and texts, and what its caption must say about the draws.

    Parameters
    ----------
    study : Study
        The study the numbers come from.
    language : {"nl", "en"}
        The language of the reader.
    scale : {"count", "share", "points", "ratio"} or None
        None for a unit of its own, shown as it is.
    unit : str
        As the axis names it.
    problems : str
        Why the draws cannot be relied on; empty if they converged.
    extent : str
        The name of the group that the areas drawn make up; empty if they are all areas, or not exactly one group.
    """

    study: Study
    language: Language
    scale: Scale | None = None
    unit: str = ""
    problems: str = ""
    extent: str = ""

    @property
    def factor(self) -> float:
        """The factor from draws to what is shown: shares are shown in per cent."""
        return 100.0 if self.scale == "share" else 1.0

    def say(self, label: Label, **values: object) -> str:
        """Return a text in the language of the reader, its fields filled in."""
        return label[self.language].format(**values)

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number, already on the shown scale, as text; with the decimals of the scale when left out."""
        sign = "%" if self.scale == "share" else ""
        return figures(value, DECIMALS.get(self.scale, 2) if decimals is None else decimals, self.language) + sign

    def width(self, value: float) -> str:
        """Return a width as text, with its unit."""
        points = {"nl": "procentpunt", "en": "percentage points"}[self.language]
        unit = {"share": f" {points}", "points": f" {points}", "ratio": ""}.get(str(self.scale), f" ({self.unit})")
        return figures(value, DECIMALS.get(self.scale, 2), self.language) + unit

    def interval(self, row: pd.Series) -> str:
        """Return a row of `rows_of` as text: mean and interval, or only one of them where that is all to show."""
        bounds = between(self.number(row["lower"]), self.number(row["upper"]), self.language)
        if np.isclose(row["lower"], row["upper"]):
            return self.number(row["mean"])
        return f"{self.number(row['mean'])} ({bounds})" if row["point"] else bounds

    def listed(self, rows: pd.DataFrame) -> str:
        """Return all rows as text, each with its name."""
        return "; ".join(f"{row['name']} {self.interval(row)}" for _, row in rows.iterrows())


def reading_of(estimate: Estimate, language: Language | None) -> Reading:
    """Return how an estimate is shown, in the study's language unless another is asked for."""
    study, unit = estimate.study, estimate.definition.unit
    problems, extent = (str(estimate.draws.attrs.get(name, "")) for name in ("problems", "extent"))
    reader = language or study.report.language
    scale: Scale | None = next((name for name in get_args(Scale) if unit_of(study, name) == unit), None)
    shown = per_cent(study) if scale == "share" else unit
    return Reading(study, reader, scale, shown[reader], problems, extent)


def per_cent(study: Study) -> Label:
    """Return the unit in which shares are shown."""
    people = study.outcome.population
    return Label(nl=f"% van de {people.nl}", en=f"% of {people.en}")


def no_difference(estimate: Estimate, reading: Reading) -> float | None:
    """Return the value at which use equals what it is compared with; None if the estimate is not a difference."""
    if not estimate.definition.name.startswith("difference."):
        return None
    return 1.0 if reading.scale == "ratio" else 0.0


def question(estimate: Estimate, reading: Reading) -> str:
    """Return the question an estimate answers, as the title of its picture."""
    asked, mark, _ = estimate.definition.answers[reading.language].partition("?")
    return asked + mark


def remark(estimate: Estimate, reading: Reading) -> str:
    """Return the note of an estimate that follows its question."""
    return estimate.definition.answers[reading.language].partition("?")[2].strip()


def axis_text(estimate: Estimate, reading: Reading) -> str:
    """Return the axis label of an estimate: what it is, and its unit."""
    return f"{estimate.definition.label[reading.language]} ({reading.unit})"


def rows_of(estimate: Estimate, reading: Reading) -> pd.DataFrame:
    """Return the rows to draw: the summary on the shown scale, with names and statuses.

    Returns
    -------
    DataFrame
        One row per area or group, those without a value left out; columns ``mean, lower, upper, name, status, point,
        published``. The status is empty for anything but a single area. ``point`` is false where a mean could be
        mistaken for a hidden count: then only the interval is drawn. ``published`` is the published value of an area,
        next to an estimate of its underlying use; NaN otherwise. ``attrs["actual"]``: whether known counts are
        drawn as such.
    """
    table = estimate.summary()[["mean", "lower", "upper"]] * reading.factor
    dim = str(estimate.draws.dims[-1])
    known = estimate.draws.coords
    plain = [" – ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in table.index]
    names = known[f"{dim}_name"].to_numpy() if f"{dim}_name" in known else np.array(plain, dtype=object)
    status = known["status"].to_numpy() if "status" in known else np.full(len(table), "")
    point = (estimate.definition.name != "use.actual") | ~np.isin(status, CONCEALED)
    published = np.full(len(table), np.nan)
    if estimate.definition.name == "use.underlying" and "published" in known and reading.scale in ("share", "count"):
        published = known["published"].to_numpy() * reading.factor
        if reading.scale == "share":
            published = published / np.maximum(known["people"].to_numpy(), 1)
    rows = table.assign(name=names, status=status, point=point, published=published).dropna(subset="mean")
    rows.attrs = {"actual": estimate.definition.name == "use.actual"}
    return rows


def people_axis(axes: Axes, reading: Reading) -> None:
    """Put the number of people on a logarithmic x axis, in whole numbers."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: figures(value, 0, reading.language)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    people = reading.study.outcome.population
    text = Label(
        nl=f"{people.nl} in het gebied (logaritmische schaal)", en=f"{people.en} in the area (logarithmic scale)"
    )
    axes.set_xlabel(reading.say(text))


KINDS = {Status.SUPPRESSED: "hidden", Status.SECONDARY: "hidden", Status.MISSING: "missing"}


def published_rows(fit: Fit) -> pd.DataFrame:
    """Return what was published of each area.

    Returns
    -------
    DataFrame
        One row per area; ``people``; ``kind``: published, hidden or missing; ``share``: the published percentage, NaN
        where there is none; ``lowest`` and ``highest``: what the percentage can be.
    """
    counts = fit.counts
    people = np.where(counts.population > 0, counts.population, np.nan)
    kind = np.array([KINDS.get(Status(status), "published") for status in counts.status])
    numbers = np.where(kind == "published", whole_numbers(counts.areas.published)[0], np.nan)
    table = {
        "share": 100 * numbers / people,
        "lowest": 100 * counts.lower / people,
        "highest": 100 * counts.upper / people,
    }
    return pd.DataFrame({"people": people, "kind": kind} | table, index=counts.areas.codes)
