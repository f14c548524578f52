"""Kinds of pictures by name, as the command line and a report ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.aggregate import aggregate
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.effects import effects as effects_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.funnel import funnel as funnel_of
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.use import use
from bayesmodel.estimates.variance import variance as variance_of
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall as waterfall_of
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _
from bayesmodel.outputs.plots.area_map import area_map
from bayesmodel.outputs.plots.caterpillar import caterpillar
from bayesmodel.outputs.plots.comparison import comparison
from bayesmodel.outputs.plots.diagnostic import diagnostic
from bayesmodel.outputs.plots.effects import effects
from bayesmodel.outputs.plots.forest import forest
from bayesmodel.outputs.plots.funnel import funnel
from bayesmodel.outputs.plots.observed_expected import observed_expected
from bayesmodel.outputs.plots.ranks import ranks
from bayesmodel.outputs.plots.shrinkage import shrinkage
from bayesmodel.outputs.plots.variance import variance
from bayesmodel.outputs.plots.verdict_map import verdict_map
from bayesmodel.outputs.plots.waterfall import waterfall

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Asked:
    """What a picture is asked to show.

    Parameters
    ----------
    places : tuple of str
        Codes of areas or of groups.
    to : str, optional
        The expectation to hold use against; use itself, or the determinants, when left out.
    polygons : str, Path, GeoDataFrame, or mapping, optional
        For a map; those of the example country when left out.
    code : str, optional
        The column of the polygons with the codes.
    language : {"nl", "en"}, optional
        The study's when left out.
    """

    places: tuple[str, ...] = ()
    to: str | None = None
    polygons: str | Path | GeoDataFrame | Mapping[str, Any] | None = None
    code: str | None = None
    language: Language | None = None

    @property
    def areas(self) -> list[str] | None:
        """The places as a choice of areas: all when none was named."""
        return list(self.places) or None

    @property
    def given(self) -> str:
        """The expectation, where one is needed."""
        return self.to or "determinants"


def picture(fit: Fit, kind: str, asked: Asked | None = None) -> Figure:
    """Draw a picture of a fit by the name of its kind.

    Parameters
    ----------
    fit : Fit
        The posterior.
    kind : str
        One of `KINDS`.
    asked : Asked, optional
        What it is to show; everything there is when left out.

    Returns
    -------
    Figure

    Raises
    ------
    UnknownNameError
        There is no such kind, place or expectation.
    ComparisonError
        The picture needs places and none was named, or it needs one and several were.
    DataError
        The polygons are not there, or belong to other areas.
    MissingFeatureError
        matplotlib is not installed, or geopandas for a map.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> picture(invented_fit(), "forest", Asked(("WK000100", "WK000101"))).axes[0].get_xlabel()
    'onderliggend gebruik (% van de jongeren)'
    """
    if kind not in KINDS:
        raise UnknownNameError(_("kind of picture"), kind, KINDS)
    return KINDS[kind](fit, asked or Asked())


def _use_or_difference(fit: Fit, asked: Asked) -> Estimate:
    """Return underlying use, or its difference from the expectation asked, of areas or of the places named."""
    what = f"difference.underlying.{asked.to}" if asked.to else "use.underlying"
    return aggregate(fit, list(asked.places) or fit.study.area, what, None)


def _forest(fit: Fit, asked: Asked) -> Figure:
    _needs_places("forest", asked, 1)
    return forest(_use_or_difference(fit, asked), language=asked.language)


def _caterpillar(fit: Fit, asked: Asked) -> Figure:
    every = Asked(to=asked.to)
    return caterpillar(_use_or_difference(fit, every), highlight=asked.places, language=asked.language)


def _comparison(fit: Fit, asked: Asked) -> Figure:
    _needs_places("comparison", asked, 2)
    what = f"difference.underlying.{asked.to}" if asked.to else "use.underlying"
    return comparison(compare(fit, list(asked.places), what), language=asked.language)


def _ranks(fit: Fit, asked: Asked) -> Figure:
    what = f"difference.underlying.{asked.to}" if asked.to else "use.underlying"
    return ranks(rank(fit, list(asked.places) or None, what), language=asked.language)


def _waterfall(fit: Fit, asked: Asked) -> Figure:
    _needs_places("waterfall", asked, 1)
    return waterfall(waterfall_of(fit, list(asked.places)), language=asked.language)


def _shrinkage(fit: Fit, asked: Asked) -> Figure:
    return shrinkage(fit, areas=asked.areas, language=asked.language)


def _observed_expected(fit: Fit, asked: Asked) -> Figure:
    return observed_expected(fit, asked.given, areas=asked.areas, language=asked.language)


def _funnel(fit: Fit, asked: Asked) -> Figure:
    return funnel(funnel_of(fit, asked.given), language=asked.language)


def _variance(fit: Fit, asked: Asked) -> Figure:
    return variance(variance_of(fit), language=asked.language)


def _effects(fit: Fit, asked: Asked) -> Figure:
    return effects(effects_of(fit, "range"), language=asked.language)


def _map(what: Callable[[Fit, Asked], Estimate]) -> Callable[[Fit, Asked], Figure]:
    """Return what draws an estimate of the areas named on a map."""

    def draw(fit: Fit, asked: Asked) -> Figure:
        return area_map(what(fit, asked), _polygons(fit, asked), code=asked.code, language=asked.language)

    return draw


def _verdict_map(fit: Fit, asked: Asked) -> Figure:
    found = verdicts(fit, asked.given, asked.areas)
    return verdict_map(found, _polygons(fit, asked), code=asked.code, language=asked.language)


def _polygons(fit: Fit, asked: Asked) -> str | Path | GeoDataFrame | Mapping[str, Any]:
    """Return the polygons asked, or those of the example country."""
    if asked.polygons is not None:
        return asked.polygons
    if fit.study.example is None:
        said = _(
            "A map needs the polygons of each {area}, in the boundaries of {vintage}: a GeoPackage, GeoJSON or "
            "shapefile, by --polygons FILE."
        )
        raise ComparisonError(said.format(area=fit.study.area, vintage=fit.study.outcome.vintage))
    from bayesmodel.sources import example_polygons

    return example_polygons(fit.study)


def _needs_places(kind: str, asked: Asked, number: int) -> None:
    """Refuse a picture of named places when too few are named."""
    if len(asked.places) < number:
        said = _("A {kind} shows places by name: give at least {number}, such as codes of areas or groups.")
        raise ComparisonError(said.format(kind=kind, number=number))


KINDS: Mapping[str, Callable[[Fit, Asked], Figure]] = {
    "forest": _forest,
    "caterpillar": _caterpillar,
    "comparison": _comparison,
    "ranks": _ranks,
    "waterfall": _waterfall,
    "funnel": _funnel,
    "shrinkage": _shrinkage,
    "observed-expected": _observed_expected,
    "variance": _variance,
    "effects": _effects,
    "map-actual": _map(lambda fit, asked: use(fit, "actual", "share", asked.areas)),
    "map-expected": _map(lambda fit, asked: expected(fit, asked.given, "share", asked.areas)),
    "map-difference": _map(lambda fit, asked: difference(fit, "underlying", asked.given, "ratio", asked.areas)),
    "map-verdict": _verdict_map,
    "chains-trace": lambda fit, asked: diagnostic(fit, "trace", language=asked.language),
    "chains-rank": lambda fit, asked: diagnostic(fit, "rank", language=asked.language),
    "chains-energy": lambda fit, asked: diagnostic(fit, "energy", language=asked.language),
    "chains-ess": lambda fit, asked: diagnostic(fit, "ess", language=asked.language),
}
"""Kinds of pictures, in the order of their use: places, all areas, the model, maps, and the chains."""
