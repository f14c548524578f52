"""Diagnostics of the chains, as ArviZ draws them: for who checks the model, not for a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from bayesmodel.errors import MissingFeatureError, UnknownNameError
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _
from bayesmodel.study import Label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Diagnostic = Literal["trace", "rank", "energy", "ess"]
ALT = {
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
    MissingFeatureError
        arviz-plots is not installed.

    Examples
    --------
    >>> from bayesmodel import load_fit, plots
    >>> plots.diagnostic(load_fit("results/fit.nc"), "trace").savefig("trace.png")  # doctest: +SKIP
    """
    if kind not in ALT:
        raise UnknownNameError(_("kind of picture"), kind, get_args(Diagnostic))
    try:
        import arviz_plots
        from matplotlib import pyplot
    except ImportError:
        raise MissingFeatureError(_("A picture"), "plots") from None
    scalars = [str(name) for name, values in fit.posterior.items() if values.ndim == 2]
    chosen = {} if kind == "energy" else {"var_names": scalars}
    figure: Figure = getattr(arviz_plots, f"plot_{kind}")(fit.tree, backend="matplotlib", **chosen).viz["figure"].item()
    pyplot.close(figure)  # arviz_plots makes it by pyplot, which would keep it for ever
    reader, verdict = language or fit.study.report.language, fit.verdict
    told = FIGURES[reader].format(rhat=verdict.rhat_max, ess=verdict.ess_min, divergences=verdict.divergences)
    figure.set_label(f"{ALT[kind][reader]} {told}")
    return figure
