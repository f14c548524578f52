"""Plotted: what is estimated can show itself, by the one import in this house that goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bayesmodel.messages import Language


class Result:
    """Something that has a natural picture."""

    def plot(self, axes: Axes | None = None, language: Language | None = None) -> Figure:
        """Draw the natural picture of this; all others are in `bayesmodel.plots`.

        Of an estimate it is the whole posterior of up to four areas, and the intervals of more.

        Parameters
        ----------
        axes : matplotlib Axes, optional
            Where to draw; a new picture when left out.
        language : {"nl", "en"}, optional
            The study's when left out.

        Returns
        -------
        Figure
            Of matplotlib.

        Raises
        ------
        MissingFeatureError
            matplotlib is not installed.
        """
        from bayesmodel.plots.registry import default_plot

        return default_plot(self, axes, language)
