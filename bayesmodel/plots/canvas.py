"""What all pictures share: axes, title, caption, text alternative, and areas drawn as a mark with an interval."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
from numpy.typing import NDArray

from bayesmodel import __version__
from bayesmodel.estimates.definition import INTERVAL_KINDS
from bayesmodel.format import percent
from bayesmodel.messages import localised
from bayesmodel.plots.axes import Display
from bayesmodel.plots.style import (
    GREY,
    GROUP,
    HIDDEN,
    INK,
    MISSING,
    PROTECTING,
    PUBLISHED,
    TOGETHER,
    WIDTH,
    mark_of,
)
from bayesmodel.study import Label
from bayesmodel.tables.notes import WARNING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

TITLE_LETTERS, LABEL_LETTERS, CAPTION_LETTERS = 10.8, 15.0, 17.5
"""Letters per inch."""
NAME_LETTERS = 42
"""Longest name that stays on one line, in letters."""
LEGEND_LETTERS = 60
"""Longest text of a legend that stays on one line: names of rows may take a third of the width beside it."""
HEADING_LETTERS = 20
"""Longest line of a heading over the texts beside rows."""
BESIDE = 1.02
"""Where texts to the right of rows begin, in widths of the axes."""


def axes_for(axes: Axes | None, height: float) -> Axes:
    """Return the user's axes, or the axes of a new picture as wide as an A4 page and `height` inches high."""
    if axes is not None:
        return axes
    from bayesmodel.plots.figure import Picture

    return Picture(figsize=(WIDTH, height), layout="constrained").add_subplot()


def finish(
    axes: Axes,
    display: Display,
    *,
    title: str,
    caption: Sequence[str],
    alt: str,
    interval: bool = True,
    numbers: Literal["x", "y", "both"] | None = None,
    columns: int = 3,
) -> Figure:
    """Add numbers along the axes, legend, title, caption and text alternative to a picture and return it.

    In a new picture they belong to the figure. In a user's own figure they belong to the axes: the caption goes under
    the label of the x axis, and the text alternative becomes the label of the axes. If the draws did not converge, all
    three start with that warning; if the areas make up one gemeente or other group, the title starts with its name.

    Parameters
    ----------
    axes : Axes
    display : Display
    title : str
        What is shown, or the question it answers.
    caption : sequence of str
        Sentences under the picture; the meaning of an interval, the year and the source are added.
    alt : str
        What a reader who cannot see the picture should know.
    interval : bool
        Whether the caption explains the interval.
    numbers : {"x", "y", "both"}, optional
        The axes whose numbers are formatted in the language of the reader.
    columns : int
        Most columns of the legend.
    """
    from bayesmodel.plots.figure import Picture

    if numbers is not None:
        _write_numbers(axes, numbers, display)
    figure = axes.get_figure(root=True)
    assert figure is not None
    _wrap_labels(axes, figure)
    _legend(axes, figure, columns)
    named = f"{display.extent}: {title}" if display.extent else title
    warning = (WARNING[display.language].format(problems=display.problems),) if display.problems else ()
    last = (interval_sentence(display),) if interval else ()
    under = " ".join(filter(None, (*warning, *caption, *last, source_line(display))))
    described = " ".join((*warning, f"{named.rstrip('.')}.".replace("?.", "?"), alt, under))
    heading = "\n".join(fill(line, int(TITLE_LETTERS * figure.get_figwidth())) for line in (*warning, named))
    if isinstance(figure, Picture):
        width = figure.get_figwidth()
        figure.suptitle(heading, x=0.01, ha="left", size=10.5, weight="bold")
        figure.supxlabel(fill(under, int(CAPTION_LETTERS * width)), x=0.01, ha="left", size=7, color=GREY)
        figure.set_label(described)
    else:
        axes.set_title(heading)
        axes.set_xlabel("\n".join(filter(None, (axes.get_xlabel(), fill(under, 100)))))
        axes.set_label(described)
    return figure


def _wrap_labels(axes: Axes, figure: Figure) -> None:
    """Break the texts along both axes into lines that fit."""
    width, height = (inches * LABEL_LETTERS for inches in figure.get_size_inches())
    axes.set_xlabel(fill(axes.get_xlabel(), int(0.52 * width)))
    axes.set_ylabel(fill(axes.get_ylabel(), int(0.65 * height)))


def _legend(axes: Axes, figure: Figure, columns: int) -> None:
    """Put a legend above the axes if there is anything to explain, no wider than they are: a heading may be beside."""
    from matplotlib.lines import Line2D

    if not axes.get_legend_handles_labels()[0]:
        return
    anchored: dict[str, Any] = {
        "loc": "lower left",
        "bbox_to_anchor": (0, 1),
        "borderaxespad": 0.3,
        "handletextpad": 0.4,
    }
    layout = figure.get_layout_engine()
    if layout is not None and any(getattr(text, "xy", (0,))[0] == BESIDE for text in axes.texts):
        layout.execute(figure)  # so that the axes have the width that texts on both sides leave them
    room = axes.get_window_extent().width
    for number in range(columns, 0, -1):  # as many columns as fit above the axes
        shown = axes.legend(**anchored, ncols=number)
        _wrap_legend(shown, LEGEND_LETTERS)
        if shown.get_window_extent().width <= room:
            break
    else:
        _wrap_legend(shown, int(LEGEND_LETTERS * room / shown.get_window_extent().width))
    for handle in shown.legend_handles:
        if isinstance(handle, Line2D):
            handle.set(markersize=5, alpha=1)


def _wrap_legend(legend: Legend, letters: int) -> None:
    """Break the texts of a legend into lines of at most so many letters."""
    for text in legend.get_texts():
        text.set_text(fill(text.get_text(), letters))


def name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Write a name at each row, the first at the top; long names on several lines."""
    axes.set_yticks(range(len(names)), [fill(name, NAME_LETTERS) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


def row_height(names: Sequence[str]) -> float:
    """Return the height in inches that a row needs for the longest name.

    Examples
    --------
    >>> [row_height([name]) for name in ("short", "a name that takes two lines " * 2, "three or more lines of it " * 4)]
    [0.22, 0.32, 0.45]
    """
    lines: int = max(fill(name, NAME_LETTERS).count("\n") + 1 for name in names)
    return (0.22, 0.32)[lines - 1] if lines <= 2 else round(0.15 * lines, 2)


def write_beside(axes: Axes, heading: str, texts: Sequence[str]) -> None:
    """Write a text to the right of each row, under a heading, whose long lines are broken."""
    above = "\n".join(fill(line, HEADING_LETTERS) for line in heading.splitlines())
    axes.annotate(above, (BESIDE, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", color=GREY)
    for row, text in enumerate(texts):
        axes.annotate(
            text, (BESIDE, row), xycoords=axes.get_yaxis_transform(), va="center", color=GREY, annotation_clip=False
        )


def _write_numbers(axes: Axes, sides: Literal["x", "y", "both"], display: Display) -> None:
    """Format the tick labels of an axis in the language of the reader."""
    from matplotlib.ticker import ScalarFormatter

    class Numbers(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return localised(super().__call__(x, pos), display.language)

    chosen: list[Axis] = [axes.xaxis] * (sides != "y") + [axes.yaxis] * (sides != "x")
    for axis in chosen:
        axis.set_major_formatter(Numbers(useOffset=False))


INTERVAL = Label(
    nl="De waarde ligt met {probability} kans binnen het interval ({kind}).",
    en="The interval contains the value with a probability of {probability} ({kind}).",
)
SOURCE = Label(
    nl="Jaar {year}, grenzen van {vintage}. Geen voorspelling; hoog of laag is geen teken van goed of slecht beleid. "
    "Bron: {study}, berekend met bayesmodel {version}.",
    en="Year {year}, boundaries of {vintage}. Not a forecast; high or low is no sign of good or bad policy. "
    "Source: {study}, computed with bayesmodel {version}.",
)


def interval_sentence(display: Display) -> str:
    """Return the sentence that explains the interval of the study.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> interval_sentence(Display(invented_fit().study, "nl"))
    'De waarde ligt met 90% kans binnen het interval (gelijke staarten).'
    """
    report = display.study.report
    probability = percent(report.interval, display.language)
    return display.text(INTERVAL, probability=probability, kind=display.text(INTERVAL_KINDS[report.interval_kind]))


def source_line(display: Display) -> str:
    """Return the line with year, boundaries and source."""
    study, outcome = display.study, display.study.outcome
    year = display.period or outcome.year
    return display.text(SOURCE, year=year, vintage=outcome.vintage, study=study.name, version=__version__)


FEW = 60
"""Up to this many areas, published values are drawn with the estimates."""


def draw_intervals(
    axes: Axes,
    positions: NDArray[Any],
    rows: pd.DataFrame,
    display: Display,
    along: Literal["x", "y"] = "x",
    size: float = 4.5,
    alpha: float = 1.0,
) -> None:
    """Draw one mark and one interval per row; only the interval where the mean must not be shown.

    With an estimate of underlying use, a cross marks the published value, which is a different number.

    Parameters
    ----------
    axes : Axes
    positions : ndarray (row,)
        Position of each row on the other axis.
    rows : DataFrame
        Of `rows_of`.
    display : Display
        Of the legend.
    along : {"x", "y"}
        The axis of the values.
    size : float
        Of the marks, in points; line widths follow.
    alpha : float
        Opacity of the intervals, lower when many overlap.
    """
    if len(rows) <= FEW and rows["published"].notna().any():
        xy = (rows["published"], positions) if along == "x" else (positions, rows["published"])
        axes.plot(*xy, "x", ms=size, color=INK, mew=size / 5, label=display.text(PUBLISHED.label), zorder=3)
    kinds = [mark_of(status) for status in rows["status"]]
    if not all(kind is GROUP for kind in kinds):
        kinds = [TOGETHER if kind is GROUP else kind for kind in kinds]
    lines = axes.hlines if along == "x" else axes.vlines
    for kind in (GROUP, TOGETHER, PUBLISHED, HIDDEN, PROTECTING, MISSING):
        chosen = [other is kind for other in kinds]
        if not any(chosen):
            continue
        part, at = rows[chosen], positions[chosen]
        label = kind.label if rows.attrs["actual"] else kind.estimated
        name: dict[str, Any] = {"label": display.text(label) or None}
        style: dict[str, Any] = {"colors": kind.colour, "linestyles": kind.line, "lw": size / 3, "alpha": alpha}
        lines(at, part["lower"], part["upper"], **style | ({} if part["point"].any() else name))
        if part["point"].any():
            mean = part["mean"].where(part["point"])
            xy = (mean, at) if along == "x" else (at, mean)
            face = kind.colour if kind.filled else "white"
            axes.plot(*xy, kind.shape, ms=size, color=kind.colour, mfc=face, mew=size / 5, **name)
