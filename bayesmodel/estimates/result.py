"""The base of all results, and of those of checks: a title, a summary and a picture, as text or in a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from bayesmodel import html

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bayesmodel.messages import Language
    from bayesmodel.study import Study


class Result(ABC):
    """What an estimand returns: a title, a summary and a picture."""

    shown_rows: ClassVar[int] = 10
    """Rows of a table that are shown; the middle ones of a longer table are left out."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What this is, with its unit and interval: one line in the language of the study."""

    @abstractmethod
    def summary(self) -> pd.DataFrame:
        """Summarise the draws, one row per area or whatever the result is about."""

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the tables that are shown under the title."""
        return (self.summary(),)

    def notes(self) -> tuple[str, ...]:
        """Return the sentences shown under the title in a notebook, above the tables."""
        return ()

    def __repr__(self) -> str:
        return "\n".join([self.title, *(table.to_string(max_rows=self.shown_rows) for table in self.tables())])

    def _repr_html_(self) -> str:
        """Return title, notes and tables for a notebook."""
        shown = (html.frame(table, self.shown_rows) for table in self.tables())
        return html.page(self.title, html.bullets(self.notes()), *shown)

    def plot(self, axes: Axes | None = None, language: Language | None = None) -> Figure:
        """Draw the default picture of this result; the others are in `bayesmodel.plots`.

        For an estimate: the whole posterior for up to four areas, intervals for more.

        Parameters
        ----------
        axes : matplotlib Axes, optional
            Where to draw; defaults to a new picture.
        language : {"nl", "en"}, optional
            Defaults to the study's.

        Returns
        -------
        Figure
            Of matplotlib.

        Raises
        ------
        MissingFeatureError
            matplotlib is not installed.
        """
        from bayesmodel.plots.default_plot import default_plot

        return default_plot(self, axes, language)


class CheckResult(Result):
    """What a check returns: a result whose title and sentences are in either language."""

    study: Study
    """The study of the fit; its report sets the default language."""

    @abstractmethod
    def title_in(self, language: Language) -> str:
        """Return what was checked, in a language."""

    @property
    def title(self) -> str:
        """What was checked, in the language of the study."""
        return self.title_in(self.study.report.language)

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return the conclusions in sentences, by default in the language of the study."""
        return ()

    def notes(self) -> tuple[str, ...]:
        """Return the sentences."""
        return self.sentences()
