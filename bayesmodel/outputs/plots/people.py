"""People along an axis: by factors, as areas run from a few to many thousands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.messages import Language
from bayesmodel.outputs.plots.numbers import figures
from bayesmodel.study import Label, Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def people_axis(axes: Axes, study: Study, language: Language) -> None:
    """Let the people of an area run along the x axis on a logarithmic scale, in whole numbers."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: figures(value, 0, language)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    people = study.outcome.population
    text = Label(
        nl=f"{people.nl} in het gebied (logaritmische schaal)", en=f"{people.en} in the area (logarithmic scale)"
    )
    axes.set_xlabel(text[language])
