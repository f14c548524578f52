"""How values appear in a picture: units and language, shares in per cent, and one row per area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.data.suppression import shown_windows
from bayesmodel.data.validation import whole_numbers
from bayesmodel.errors import ComparisonError, listed
from bayesmodel.estimates.definition import Scale, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.format import between
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, speaking
from bayesmodel.plots.style import figures
from bayesmodel.study import Label, Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

DECIMALS: dict[Scale | None, int] = {"count": 0, "share": 1, "points": 1, "ratio": 2}


@dataclass(frozen=True)
class Display:
    """How one picture displays numbers and texts, and what its caption must state about the draws.

    Parameters
    ----------
    study : Study
        The study the numbers come from.
    language : {"nl", "en"}
        The language of the reader.
    scale : {"count", "share", "points", "ratio"} or None
        None for any other unit, shown as it is.
    unit : str
        As written on the axis.
    problems : str
        Why the draws cannot be relied on; empty if they converged.
    extent : str
        The name of the group that the drawn areas make up; empty if they are all areas, or not exactly one group.
    period : str
        The years of what is drawn, where it is of several.
    """

    study: Study
    language: Language
    scale: Scale | None = None
    unit: str = ""
    problems: str = ""
    extent: str = ""
    period: str = ""

    @property
    def factor(self) -> float:
        """The factor from draws to displayed values: shares are shown in per cent."""
        return 100.0 if self.scale == "share" else 1.0

    def text(self, label: Label, **values: object) -> str:
        """Return a text in the language of the reader, with its fields filled in."""
        known = {"areas": self.study.areas_label[self.language], "area": self.study.area}
        return label[self.language].format(**(known | values))

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number, already on the displayed scale, as text; by default with the decimals of the scale."""
        sign = "%" if self.scale == "share" else ""
        return figures(value, DECIMALS.get(self.scale, 2) if decimals is None else decimals, self.language) + sign

    def width(self, value: float) -> str:
        """Return a width as text, with its unit."""
        points = {"nl": "procentpunt", "en": "percentage points"}[self.language]
        unit = {"share": f" {points}", "points": f" {points}", "ratio": ""}.get(str(self.scale), f" ({self.unit})")
        return figures(value, DECIMALS.get(self.scale, 2), self.language) + unit

    def interval(self, row: pd.Series) -> str:
        """Return a row of `rows_of` as text: mean and interval, or only one of the two where the other is not shown."""
        bounds = between(self.number(row["lower"]), self.number(row["upper"]), self.language)
        if np.isclose(row["lower"], row["upper"]):
            return self.number(row["mean"])
        return f"{self.number(row['mean'])} ({bounds})" if row["point"] else bounds

    def listed(self, rows: pd.DataFrame) -> str:
        """Return all rows as text, each with its name."""
        return "; ".join(f"{row['name']} {self.interval(row)}" for _, row in rows.iterrows())


LONGEST_NAME = 60
"""Letters of a name that a picture has room for."""


def on_one_line(name: str) -> str:
    r"""Return a name as a picture shows it: on one line, the end of a very long one left out.

    Examples
    --------
    >>> on_one_line("Duin\nen Zee"), len(on_one_line("x" * 5000))
    ('Duin en Zee', 60)
    """
    line = " ".join(name.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def display_of(estimate: Estimate, language: Language | None) -> Display:
    """Return how an estimate is displayed, by default in the study's language."""
    study, unit = estimate.study, estimate.definition.unit
    problems, extent, period = (str(estimate.draws.attrs.get(name, "")) for name in ("problems", "extent", "period"))
    extent = on_one_line(extent)
    reader = language or study.report.language
    scale: Scale | None = next((name for name in get_args(Scale) if unit_of(study, name) == unit), None)
    shown = per_cent(study) if scale == "share" else unit
    return Display(study, reader, scale, shown[reader], problems, extent, period)


def display_for(study: Study, language: Language | None, problems: str = "") -> Display:
    """Return how the results of a check are displayed, by default in the study's language."""
    return Display(study, language or study.report.language, problems=problems)


def per_cent(study: Study) -> Label:
    """Return the unit in which shares are shown."""
    people = study.outcome.population
    return Label(nl=f"% van de {people.nl}", en=f"% of {people.en}")


def no_difference(estimate: Estimate, display: Display) -> float | None:
    """Return the value at which use equals what it is compared with, or of no correlation; None for other estimates."""
    if estimate.definition.kind == "correlation":
        return 0.0
    if estimate.definition.kind != "difference":
        return None
    return 1.0 if display.scale == "ratio" else 0.0


def question(estimate: Estimate, display: Display) -> str:
    """Return the question that an estimate answers, as the title of its picture."""
    text, mark, _ = estimate.definition.answers[display.language].partition("?")
    return text + mark


def remark(estimate: Estimate, display: Display) -> str:
    """Return the note that follows the question of an estimate."""
    return estimate.definition.answers[display.language].partition("?")[2].strip()


def axis_text(estimate: Estimate, display: Display) -> str:
    """Return the axis label of an estimate: what it is, and its unit."""
    return f"{estimate.definition.label[display.language]} ({display.unit})"


def rows_of(estimate: Estimate, display: Display) -> pd.DataFrame:
    """Return the rows to draw: the summary on the displayed scale, with names and statuses.

    Returns
    -------
    DataFrame
        One row per area or group that has a value; columns ``mean, lower, upper, name, status, point, published``. The
        status is empty for anything other than a single area. ``point`` is false where a mean could be mistaken for a
        hidden count: then only the interval is drawn. ``published`` is the published value of an area, for an estimate
        of its underlying use; NaN otherwise. ``attrs["actual"]``: whether these are actual counts, so that published
        ones are drawn as published. ``attrs["nobody"]``: names of those without a value, as nobody lives there.
    """
    table = estimate.summary()[["mean", "lower", "upper"]] * display.factor
    dim = str(estimate.draws.dims[-1])
    known = estimate.draws.coords
    plain = [" – ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in table.index]
    names = known[f"{dim}_name"].to_numpy() if f"{dim}_name" in known else plain
    names = np.array([on_one_line(str(name)) for name in names], dtype=object)
    status = known["status"].to_numpy() if "status" in known else np.full(len(table), "")
    point = (estimate.definition.name != "use.actual") | ~np.isin(status, CONCEALED)
    published = np.full(len(table), np.nan)
    if estimate.definition.name == "use.underlying" and "published" in known and display.scale in ("share", "count"):
        published = known["published"].to_numpy() * display.factor
        if display.scale == "share":
            published = published / np.maximum(known["people"].to_numpy(), 1)
    rows = table.assign(name=names, status=status, point=point, published=published)
    valued = rows["mean"].notna()
    drawn = rows[valued]
    drawn.attrs = {"actual": estimate.definition.name == "use.actual", "nobody": rows.loc[~valued, "name"].tolist()}
    return drawn


NOBODY = Label(
    nl="Niet getoond, want daar zijn geen {people}: {names}.", en="Not shown, as there are no {people}: {names}."
)


def nobody_lives(rows: pd.DataFrame, display: Display) -> str:
    """Return a sentence on the areas that are not drawn, as nobody lives there; empty if all are.

    Raises
    ------
    ComparisonError
        There is nothing to draw.
    """
    names = rows.attrs["nobody"]
    if not names:
        return ""
    people = display.study.outcome.population[display.language]
    if rows.empty:
        message = _("Nothing can be drawn: there are no {people} in {areas}. Name areas where there are.")
        raise ComparisonError(message.format(people=people, areas=listed(names)))
    with speaking(display.language):
        return display.text(NOBODY, people=people, names=listed(names))


def people_axis(axes: Axes, display: Display) -> None:
    """Put the number of people on a logarithmic x axis, in whole numbers."""
    axes.set_xscale("log")
    plain_numbers(axes.xaxis, display)
    people = display.study.outcome.population
    text = Label(
        nl=f"{people.nl} per {{area}} (logaritmische schaal)", en=f"{people.en} per {{area}} (logarithmic scale)"
    )
    axes.set_xlabel(display.text(text))


def plain_numbers(axis: Axis, display: Display) -> None:
    """Write the numbers of a logarithmic axis in full: 0.01, 10, 1,000."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    def written(value: float, _place: object) -> str:
        return figures(value, max(0, -int(np.floor(np.log10(value)))) if 0 < value < 1 else 0, display.language)

    axis.set_major_formatter(FuncFormatter(written))
    axis.set_minor_formatter(NullFormatter())


CONCEALMENT = {Status.SUPPRESSED: "hidden", Status.SECONDARY: "hidden", Status.MISSING: "missing"}


def published_rows(fit: Fit) -> pd.DataFrame:
    """Return what was published about each area.

    Returns
    -------
    DataFrame
        One row per area; ``people``; ``kind``: published, hidden or missing; ``share``: the published percentage, NaN
        where there is none; ``lowest`` and ``highest``: bounds on the percentage.
    """
    counts, (lower, upper) = fit.counts, shown_windows(fit.counts)
    people = np.where(counts.population > 0, counts.population, np.nan)
    kind = np.array([CONCEALMENT.get(Status(status), "published") for status in counts.status])
    numbers = np.where(kind == "published", whole_numbers(counts.areas.published)[0], np.nan)
    table = {
        "share": 100 * numbers / people,
        "lowest": 100 * lower / people,
        "highest": 100 * upper / people,
    }
    return pd.DataFrame({"people": people, "kind": kind} | table, index=counts.areas.codes)
