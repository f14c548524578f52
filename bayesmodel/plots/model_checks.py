"""Pictures for who checks the model: prior against posterior, and diagnostics of chains as ArviZ draws them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.errors import ComparisonError, MissingFeatureError, UnknownNameError
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.estimate import summarise
from bayesmodel.estimates.labels import warning
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _
from bayesmodel.plots.axes import About
from bayesmodel.plots.canvas import (
    Words,
    axes_for,
    finish,
    interval_sentence,
    legend,
    name_rows,
    row_height,
    write_numbers,
)
from bayesmodel.plots.style import BLUE, GREY, INK, figures, in_house_style
from bayesmodel.study import Label, Study

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(nl="Wat is er van de gegevens geleerd?", en="What did the data teach?")
BEFORE, AFTER = Label(nl="vooraf", en="before"), Label(nl="achteraf", en="after")
SPREAD = Label(nl="spreiding tussen: {name}", en="spread between: {name}")
DISPERSION = Label(nl="spreiding van de aantallen", en="dispersion of the counts")
AXIS = Label(
    nl="effect per standaardafwijking, en standaardafwijking (schaal van het model)",
    en="effect per standard deviation, and standard deviation (scale of the model)",
)
MARKS = Label(
    nl="Grijs: wat vóór het zien van de aantallen mogelijk werd gehouden; blauw: wat erna overblijft.",
    en="Grey: what was held possible before seeing the counts; blue: what is left after it.",
)
ALT = Label(nl="Per regel het interval achteraf: {rows}.", en="Row by row the interval after seeing the data: {rows}.")


@in_house_style
def prior_posterior(
    fit: Fit, prior: xr.DataTree, *, axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw the prior of each effect and each spread with its posterior.

    Parameters
    ----------
    fit : Fit
        The posterior.
    prior : DataTree
        Of `draw_prior`, of the same study.
    axes : Axes, optional
        Where to draw; a new picture when left out.
    language : {"nl", "en"}, optional
        The study's when left out.

    Returns
    -------
    Figure
        One line per determinant and per level; on the scale of the link.

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.

    Examples
    --------
    >>> from bayesmodel import draw_prior
    >>> prior_posterior(fit, draw_prior(fit_model))  # doctest: +SKIP
    """
    chosen = language or fit.study.report.language
    labels, before = zip(*_quantities(fit.study, prior["prior"].to_dataset(), chosen), strict=True)
    after = [draws for _, draws in _quantities(fit.study, fit.posterior, chosen)]
    axes = axes_for(axes, 1.9 + row_height(labels) * len(labels))
    places = np.arange(len(labels))
    report = fit.study.report
    for draws, colour, width, shift, name in (
        (before, GREY, 3.0, -0.12, BEFORE),
        (after, BLUE, 3.0, 0.12, AFTER),
    ):
        table = pd.DataFrame(summarise(np.column_stack(draws), report.interval, report.interval_kind))
        axes.hlines(places + shift, table["lower"], table["upper"], colors=colour, lw=width, alpha=0.7)
        shape = "|" if name is BEFORE else "o"
        axes.plot(table["mean"], places + shift, shape, color=colour, ms=4, label=name[chosen])
    axes.axvline(0, color=INK, lw=1)
    name_rows(axes, labels)
    axes.set_xlabel(AXIS[chosen])
    write_numbers(axes, "x", chosen)
    legend(axes)
    to = "tot" if chosen == "nl" else "to"
    listed = "; ".join(
        f"{label} {figures(row['lower'], 2, chosen)} {to} {figures(row['upper'], 2, chosen)}"
        for label, (_, row) in zip(labels, table.iterrows(), strict=True)
    )
    words = Words(TITLE[chosen], (MARKS[chosen], interval_sentence(fit.study, chosen)), ALT[chosen].format(rows=listed))
    return finish(axes, About(fit.study, chosen, warning(fit).get("problems", "")), words)


def _quantities(study: Study, draws: xr.Dataset, language: Language) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and draws (sample,) of each coefficient, each spread between groups, and the dispersion."""
    for determinant in study.determinants:
        label = determinant.label[language] if determinant.label else determinant.column
        yield label, draws["beta"].sel(determinant=determinant.column).to_numpy().ravel()
    for name in (*study.level_names, study.area):
        if f"sd_{name}" in draws:
            label = name if name == study.area else level_label(study, name)[language]
            yield SPREAD[language].format(name=label), draws[f"sd_{name}"].to_numpy().ravel()
    if "dispersion" in draws:
        yield DISPERSION[language], draws["dispersion"].to_numpy().ravel()


Diagnostic = Literal["trace", "rank", "energy", "ess"]
DIAGNOSTIC_ALT = {
    "trace": Label(nl="Trekkingen per keten, in hun volgorde.", en="Draws of each chain, in their order."),
    "rank": Label(
        nl="Hoe de rangen van de trekkingen over de ketens verdeeld zijn.",
        en="How the ranks of the draws are divided over the chains.",
    ),
    "energy": Label(nl="Energie en overgangen van energie.", en="Energy and its transitions."),
    "ess": Label(nl="Effectieve trekkingen per kwantiel.", en="Effective draws by quantile."),
}
FIGURES = Label(
    nl="R-hat hoogstens {rhat:.3f}, ten minste {ess:.0f} effectieve trekkingen, {divergences} divergenties.",
    en="R-hat at most {rhat:.3f}, at least {ess:.0f} effective draws, {divergences} divergences.",
)


def diagnostic(fit: Fit, kind: Diagnostic = "rank", *, language: Language | None = None) -> Figure:
    """Draw how the chains went, for the intercept and the spread at each level.

    Parameters
    ----------
    fit : Fit
        The posterior.
    kind : {"trace", "rank", "energy", "ess"}
        As `arviz_plots` names it.
    language : {"nl", "en"}, optional
        Of the text alternative; the study's when left out.

    Returns
    -------
    Figure
        By `arviz_plots`, in its own look; its label is the text alternative, with the figures of the verdict.

    Raises
    ------
    UnknownNameError
        There is no such diagnostic.
    ComparisonError
        The draws are independent, those of the Laplace engine: there are no chains.
    MissingFeatureError
        arviz-plots is not installed.

    Examples
    --------
    >>> from bayesmodel import load_fit, plots
    >>> plots.diagnostic(load_fit("results/fit.nc"), "trace").savefig("trace.png")  # doctest: +SKIP
    """
    if kind not in DIAGNOSTIC_ALT:
        raise UnknownNameError(_("kind of picture"), kind, get_args(Diagnostic))
    if fit.diagnostics.certificate is not None:
        none = _(
            "The draws of the Laplace engine are independent: there are no chains to draw. `bayesmodel show` gives its "
            'certificate; for chains fit the study with engine = "nuts".'
        )
        raise ComparisonError(none)
    try:
        import arviz_plots
        from matplotlib import pyplot
    except ImportError:
        raise MissingFeatureError(_("A picture"), "plots") from None
    scalars = [str(name) for name, values in fit.posterior.items() if values.ndim == 2]
    chosen = {} if kind == "energy" else {"var_names": scalars}
    figure: Figure = getattr(arviz_plots, f"plot_{kind}")(fit.tree, backend="matplotlib", **chosen).viz["figure"].item()
    pyplot.close(figure)  # arviz_plots makes it by pyplot, which would keep it for ever
    reader, verdict = language or fit.study.report.language, fit.diagnostics
    told = FIGURES[reader].format(rhat=verdict.rhat_max, ess=verdict.ess_min, divergences=verdict.divergences)
    figure.set_label(f"{DIAGNOSTIC_ALT[kind][reader]} {told}")
    return figure
