"""Pictures for checking a fit: prior and posterior, published and expected numbers of areas, ArviZ's diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.data.publication_evidence import rule_as_toml
from bayesmodel.errors import ComparisonError, MissingFeatureError, UnknownNameError
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.effects import label_of
from bayesmodel.estimates.estimate import summarise
from bayesmodel.estimates.labels import warning
from bayesmodel.estimates.publication_check import PublicationCheck
from bayesmodel.format import between
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, speaking
from bayesmodel.plots.axes import Display, display_for, plain_numbers
from bayesmodel.plots.canvas import (
    axes_for,
    finish,
    name_rows,
    row_height,
)
from bayesmodel.plots.style import GREY, INK, PUBLISHED, in_house_style
from bayesmodel.study import Label
from bayesmodel.theme import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLE = Label(nl="Wat is er van de gegevens geleerd?", en="What was learned from the data?")
BEFORE, AFTER = Label(nl="vooraf", en="before"), Label(nl="achteraf", en="after")
SPREAD = Label(nl="spreiding tussen: {name}", en="spread between: {name}")
DISPERSION = Label(nl="spreiding van de aantallen", en="dispersion of the counts")
AXIS = Label(
    nl="effect per standaardafwijking, en standaardafwijking (schaal van het model)",
    en="effect per standard deviation, and standard deviation (scale of the model)",
)
MARKS = Label(
    nl="Grijs: wat vóór het zien van de aantallen mogelijk werd gehouden; blauw: wat erna overblijft.",
    en="Grey: what was considered possible before seeing the counts; blue: what remains after seeing them.",
)
ALT = Label(nl="Per regel het interval achteraf: {rows}.", en="Row by row the interval after seeing the data: {rows}.")


@in_house_style
def prior_posterior(
    fit: Fit, prior: xr.DataTree, *, axes: Axes | None = None, language: Language | None = None
) -> Figure:
    """Draw the prior of each coefficient and each standard deviation with its posterior.

    Parameters
    ----------
    fit : Fit
        The posterior.
    prior : DataTree
        From `draw_prior`, for the same study.

    Returns
    -------
    Figure
        One line per determinant and per level; on the scale of the link.

    Examples
    --------
    >>> from bayesmodel import draw_prior
    >>> prior_posterior(fit, draw_prior(fit_model))  # doctest: +SKIP
    """
    display = display_for(fit.study, language, warning(fit).get("problems", ""))
    labels, before = zip(*_quantities(prior["prior"].to_dataset(), display), strict=True)
    after = [draws for _, draws in _quantities(fit.posterior, display)]
    axes = axes_for(axes, 1.9 + row_height(labels) * len(labels))
    positions = np.arange(len(labels))
    report = fit.study.report
    for draws, colour, shift, shape, name in (
        (before, GREY, -0.12, "|", BEFORE),
        (after, theme().accent, 0.12, "o", AFTER),
    ):
        table = pd.DataFrame(summarise(np.column_stack(draws), report.interval, report.interval_kind))
        axes.hlines(positions + shift, table["lower"], table["upper"], colors=colour, lw=3, alpha=0.7)
        axes.plot(table["mean"], positions + shift, shape, color=colour, ms=4, label=display.text(name))
    axes.axvline(0, color=INK, lw=1)
    name_rows(axes, labels)
    axes.set_xlabel(display.text(AXIS))
    listed = display.listed(table.assign(name=labels, point=False))
    return finish(
        axes,
        display,
        title=display.text(TITLE),
        caption=(display.text(MARKS),),
        alt=display.text(ALT, rows=listed),
        numbers="x",
    )


def _quantities(draws: xr.Dataset, display: Display) -> Iterator[tuple[str, np.ndarray]]:
    """Yield name and draws (sample,) of each coefficient, each group-level sd, and the dispersion."""
    study = display.study
    for determinant in study.determinants:
        yield display.text(label_of(determinant)), draws["beta"].sel(determinant=determinant.column).to_numpy().ravel()
    for name in (*study.level_names, study.area):
        if f"sd_{name}" in draws:
            label = name if name == study.area else display.text(level_label(study, name))
            yield display.text(SPREAD, name=label), draws[f"sd_{name}"].to_numpy().ravel()
    if "dispersion" in draws:
        yield display.text(DISPERSION), draws["dispersion"].to_numpy().ravel()


PUBLICATION_TITLE = Label(
    nl="Hoeveel {areas} zijn verborgen of tonen een klein aantal?",
    en="How many {areas} are hidden or show a small count?",
)
SHOWN_AS = Label(nl="gepubliceerd als", en="published as")
AREAS = Label(nl="aantal {areas}", en="number of {areas}")
EXPECTED = Label(nl="verwacht onder de regel van de studie", en="expected under the rule of the study")
EXPECTED_BETTER = Label(nl="verwacht onder {rule}", en="expected under {rule}")
PUBLICATION_ALT = Label(
    nl="Per regel gepubliceerd en verwacht (interval): {rows}.",
    en="Row by row published and expected (interval): {rows}.",
)
LOG_SCALE = Label(nl="logaritmische schaal", en="logarithmic scale")
HIDDEN_ROW = Label(nl="verborgen", en="hidden")


@in_house_style
def publication(check: PublicationCheck, *, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw how many areas are hidden or show each small count, beside what the fit expects.

    Parameters
    ----------
    check : PublicationCheck
        Of `bayesmodel.publication_check`.

    Returns
    -------
    Figure
        Where another rule fits clearly better, the numbers expected under it are shown too.

    Examples
    --------
    >>> from bayesmodel import publication_check
    >>> from bayesmodel.testing import invented_fit
    >>> publication(publication_check(invented_fit())).axes[0].get_ylabel()
    'aantal wijken (logaritmische schaal)'
    """
    study = check.study
    display = display_for(study, language, check.problems)
    table = check.summary()
    names = [display.text(HIDDEN_ROW) if name == "hidden" else str(name) for name in table.index]
    axes = axes_for(axes, 4.2)
    at = np.arange(len(table))
    axes.vlines(at, table["lower"], table["upper"], colors=theme().accent, lw=5, alpha=0.35)
    axes.plot(at, table["expected"], "_", color=theme().accent, ms=12, label=display.text(EXPECTED))
    if check.better:
        rule = rule_as_toml(check.better[0])
        other = table["expected_better"].where((table["expected_better"] - table["expected"]).abs() > 0.5)
        axes.plot(at, other, "_", color=GREY, ms=12, label=display.text(EXPECTED_BETTER, rule=rule))
    axes.plot(at, table["published"], "o", color=INK, ms=4, label=display.text(PUBLISHED.label))
    axes.set_yscale("symlog", linthresh=10)
    plain_numbers(axes.yaxis, display)
    axes.set_ylim(0, None)
    # by default there is one number between 0 and a hundred
    top = float(np.maximum(table["published"], table["upper"]).max())
    steps = [0, 2, 5, *(first * 10**power for power in range(1, 6) for first in (1, 2, 5))]
    axes.set_yticks([step for step in steps if step <= top])
    axes.set_xticks(at, names)
    axes.set_xlabel(display.text(SHOWN_AS))
    axes.set_ylabel(f"{display.text(AREAS)} ({display.text(LOG_SCALE)})")
    rows = zip(names, table["published"], table["lower"], table["upper"], strict=True)
    listed = "; ".join(
        f"{name} {count} ({between(display.number(low, 0), display.number(high, 0), display.language)})"
        for name, count, low, high in rows
    )
    with speaking(display.language):
        concluded = check.conclusion()
    return finish(
        axes,
        display,
        title=display.text(PUBLICATION_TITLE),
        caption=(concluded,),
        alt=display.text(PUBLICATION_ALT, rows=listed),
        numbers="y",
    )


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
    """Draw a diagnostic of the chains, for the intercept and the standard deviation at each level.

    Parameters
    ----------
    fit : Fit
        The posterior.
    kind : {"trace", "rank", "energy", "ess"}
        As `arviz_plots` names it.
    language : {"nl", "en"}, optional
        Of the text alternative; defaults to the study's.

    Returns
    -------
    Figure
        Drawn by `arviz_plots` in its own style; its label is the text alternative, with the convergence figures.

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
        message = _(
            "The draws of the Laplace engine are independent: there are no chains to draw. `bayesmodel show` gives its "
            'certificate; for chains fit the study with engine = "nuts".'
        )
        raise ComparisonError(message)
    try:
        import arviz_plots
        from matplotlib import pyplot
    except ImportError:
        raise MissingFeatureError(_("A picture"), "plots") from None
    scalars = [str(name) for name, values in fit.posterior.items() if values.ndim == 2]
    chosen = {} if kind == "energy" else {"var_names": scalars}
    figure: Figure = getattr(arviz_plots, f"plot_{kind}")(fit.tree, backend="matplotlib", **chosen).viz["figure"].item()
    pyplot.close(figure)  # arviz_plots uses pyplot, which would keep the figure alive
    reader, verdict = language or fit.study.report.language, fit.diagnostics
    convergence = FIGURES[reader].format(rhat=verdict.rhat_max, ess=verdict.ess_min, divergences=verdict.divergences)
    figure.set_label(f"{DIAGNOSTIC_ALT[kind][reader]} {convergence}")
    return figure
