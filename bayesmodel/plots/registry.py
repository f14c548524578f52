"""Pictures by name, for the command line, and the default picture of each result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel.boundaries import read_boundaries
from bayesmodel.checks.calibration import Calibration, Transforms
from bayesmodel.checks.cross_validation import CrossValidation
from bayesmodel.checks.hide_and_seek import HideAndSeek
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.checks.predictive import PredictiveCheck
from bayesmodel.checks.sbc import SimulationCalibration
from bayesmodel.checks.sensitivity import Sensitivity
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.compare import Comparison, compare
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.effects import effects as effects_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.exceedance import Exceedance
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.funnel import Funnel
from bayesmodel.estimates.funnel import funnel as funnel_of
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.labels import among
from bayesmodel.estimates.lookup import codes_within, find_areas
from bayesmodel.estimates.peers import Peers
from bayesmodel.estimates.publication_check import PublicationCheck, publication_check
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.rank import Ranks, rank
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.use import use
from bayesmodel.estimates.variance import Variance
from bayesmodel.estimates.variance import variance as variance_of
from bayesmodel.estimates.verdicts import Verdicts, verdicts
from bayesmodel.estimates.waterfall import Waterfall
from bayesmodel.estimates.waterfall import waterfall as waterfall_of
from bayesmodel.estimates.what_if import WhatIf
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _
from bayesmodel.plots.check_plots import coverage, found_back, replicated, transforms
from bayesmodel.plots.decompositions import variance, waterfall
from bayesmodel.plots.effect_plots import curve, effects
from bayesmodel.plots.interval_plots import caterpillar, forest, ranks
from bayesmodel.plots.maps import area_map, verdict_map
from bayesmodel.plots.model_checks import diagnostic, publication
from bayesmodel.plots.posteriors import comparison, posteriors
from bayesmodel.plots.robustness import multiverse, power_scaling, predicted_units, rank_curves
from bayesmodel.plots.scatter import funnel, observed_expected, shrinkage
from bayesmodel.plots.special_areas import special_areas

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class PlotRequest:
    """What a picture is to show.

    Parameters
    ----------
    areas : tuple of str
        Areas or groups, by code or by name. In a picture of all areas, a group stands for the areas in it.
    expectation : str, optional
        The expectation to compare use with; defaults to use itself, or to the determinants.
    polygons : str, Path, GeoDataFrame, or mapping, optional
        For a map; defaults to those that the study names, or of the example country.
    code : str, optional
        The column of the polygons with the codes.
    language : {"nl", "en"}, optional
        Defaults to the study's.
    within : str, optional
        A group, by code or by name; a picture of all areas then shows only the areas in it.
    """

    areas: tuple[str, ...] = ()
    expectation: str | None = None
    polygons: str | Path | GeoDataFrame | Mapping[str, Any] | None = None
    code: str | None = None
    language: Language | None = None
    within: str | None = None

    @property
    def chosen_expectation(self) -> str:
        """The expectation, where one is needed."""
        return self.expectation or "determinants"

    def area_codes(self, fit: Fit) -> list[str] | None:
        """Return the codes of the areas to show, with groups expanded into their areas; None for all areas."""
        if self.within is not None:
            return codes_within(fit.counts, self.within)
        if not self.areas:
            return None
        groups = groups_of(fit.counts, list(self.areas))
        return list(dict.fromkeys(fit.counts.areas.codes[groups.rows[groups.members]]))

    def scene(self, fit: Fit) -> tuple[list[str] | None, list[str]]:
        """Return the areas that a picture shows (None for all of them), and those that it labels."""
        found = find_areas(fit.counts, self.areas, [fit.study.area, *fit.study.level_names])
        named = [key.code for key in found if key.kind == fit.study.area]
        if self.within is not None:
            return codes_within(fit.counts, self.within), named
        if len(named) == len(found):
            return None, named
        return self.area_codes(fit), named


def picture(fit: Fit, kind: str, request: PlotRequest | None = None) -> Figure:
    """Draw a picture of a fit by the name of its kind.

    Parameters
    ----------
    fit : Fit
        The posterior.
    kind : str
        One of `KINDS`.
    request : PlotRequest, optional
        What it is to show; defaults to everything.

    Returns
    -------
    Figure

    Raises
    ------
    UnknownNameError
        There is no such kind, area or expectation.
    ComparisonError
        The picture needs areas and none was named, or it shows one area and several were named.
    DataError
        The polygons are missing, or belong to other areas.
    MissingFeatureError
        matplotlib is not installed, or geopandas for a map.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> picture(invented_fit(), "forest", PlotRequest(("WK000100", "WK000101"))).axes[0].get_xlabel()
    'onderliggend gebruik (% van de jongeren)'
    """
    if kind not in KINDS:
        raise UnknownNameError(_("kind of picture"), kind, KINDS)
    return KINDS[kind](fit, request or PlotRequest())


def _use_or_difference(fit: Fit, request: PlotRequest, areas: list[str] | str) -> Estimate:
    """Return underlying use, or its difference from the expectation asked for."""
    return aggregate(fit, areas, _quantity(request), None)


def _quantity(request: PlotRequest) -> str:
    """Return the name of underlying use, or of its difference from the expectation asked for."""
    return f"difference.underlying.{request.expectation}" if request.expectation else "use.underlying"


def _forest(fit: Fit, request: PlotRequest) -> Figure:
    _needs_areas("forest", request, 1)
    areas = list(request.areas) or request.area_codes(fit) or fit.study.area
    return forest(_use_or_difference(fit, request, areas), language=request.language)


def _caterpillar(fit: Fit, request: PlotRequest) -> Figure:
    areas, named = request.scene(fit)
    estimate = _use_or_difference(fit, request, areas or fit.study.area)
    return caterpillar(estimate, highlight=named, language=request.language)


def _comparison(fit: Fit, request: PlotRequest) -> Figure:
    _needs_areas("comparison", request, 2)
    areas = list(request.areas) or request.area_codes(fit) or fit.study.area
    return comparison(compare(fit, areas, _quantity(request)), language=request.language)


def _ranks(fit: Fit, request: PlotRequest) -> Figure:
    if request.within is not None and request.areas:
        raise ComparisonError(_("Ranks are among the areas named, or among those within one: give either."))
    areas = list(request.areas) or request.area_codes(fit)
    return ranks(rank(fit, areas, _quantity(request)), language=request.language)


def _waterfall(fit: Fit, request: PlotRequest) -> Figure:
    _needs_areas("waterfall", request, 1)
    return waterfall(waterfall_of(fit, list(request.areas)), language=request.language)


def _shrinkage(fit: Fit, request: PlotRequest) -> Figure:
    return shrinkage(fit, areas=request.area_codes(fit), language=request.language)


def _observed_expected(fit: Fit, request: PlotRequest) -> Figure:
    return observed_expected(fit, request.chosen_expectation, areas=request.area_codes(fit), language=request.language)


def _funnel(fit: Fit, request: PlotRequest) -> Figure:
    found, (areas, named) = funnel_of(fit, request.chosen_expectation), request.scene(fit)
    if areas is not None:
        found = replace(found, points=found.points.loc[areas], ratio=among(fit, found.ratio, areas))
    return funnel(found, highlight=named, language=request.language)


def _special(fit: Fit, request: PlotRequest) -> Figure:
    return special_areas(fit, request.area_codes(fit), language=request.language)


def _variance(fit: Fit, request: PlotRequest) -> Figure:
    return variance(variance_of(fit), language=request.language)


def _effects(fit: Fit, request: PlotRequest) -> Figure:
    return effects(effects_of(fit, "range"), language=request.language)


def _map(what: Callable[[Fit, PlotRequest], Estimate]) -> Callable[[Fit, PlotRequest], Figure]:
    """Return a function that draws an estimate of the areas asked for on a map."""

    def draw(fit: Fit, request: PlotRequest) -> Figure:
        return area_map(what(fit, request), _polygons(fit, request), code=request.code, language=request.language)

    return draw


def _verdict_map(fit: Fit, request: PlotRequest) -> Figure:
    found, areas = verdicts(fit, request.chosen_expectation), request.area_codes(fit)
    if areas is not None:  # judged among all areas, so that a map of a few shows the same verdicts
        ratio = among(fit, found.ratio, areas)
        found = replace(found, ratio=ratio, probabilities=found.probabilities.loc[areas], classes=found.classes[areas])
    return verdict_map(found, _polygons(fit, request), code=request.code, language=request.language)


def _polygons(fit: Fit, request: PlotRequest) -> str | Path | GeoDataFrame | Mapping[str, Any]:
    """Return the polygons asked for, those that the study names, or those of the example country."""
    if request.polygons is not None:
        return request.polygons
    if (own := fit.study.boundaries) is not None:
        path, codes = Path(fit.study.folder, own.path), fit.counts.areas.codes
        found = read_boundaries(path, code=own.code, codes=codes, layer=own.layer, where=own.where)
        return found.shapes.reset_index()
    if fit.study.example is None:
        said = _(
            "A map needs the polygons of each {area}, in the boundaries of {vintage}: a GeoPackage, GeoJSON or "
            "shapefile, by --polygons FILE or as path in [boundaries] of the study."
        )
        raise ComparisonError(said.format(area=fit.study.area, vintage=fit.study.outcome.vintage))
    from bayesmodel.example import example_polygons

    return example_polygons(fit.study)


def _needs_areas(kind: str, request: PlotRequest, number: int) -> None:
    """Raise if a picture of named areas has too few, or if a group is given as well."""
    if request.within is not None and request.areas:
        said = _("A {kind} shows the areas named, or those within one: give either.")
        raise ComparisonError(said.format(kind=kind))
    if len(request.areas) < number and request.within is None:
        said = _("A {kind} shows areas by name: give at least {number}, by code or by name.")
        raise ComparisonError(said.format(kind=kind, number=number))


KINDS: Mapping[str, Callable[[Fit, PlotRequest], Figure]] = {
    "forest": _forest,
    "caterpillar": _caterpillar,
    "comparison": _comparison,
    "ranks": _ranks,
    "waterfall": _waterfall,
    "funnel": _funnel,
    "shrinkage": _shrinkage,
    "observed-expected": _observed_expected,
    "special": _special,
    "variance": _variance,
    "effects": _effects,
    "publication": lambda fit, request: publication(publication_check(fit), language=request.language),
    "map-actual": _map(lambda fit, request: use(fit, "actual", "share", request.area_codes(fit))),
    "map-expected": _map(
        lambda fit, request: expected(fit, request.chosen_expectation, "share", request.area_codes(fit))
    ),
    "map-difference": _map(
        lambda fit, request: difference(fit, "underlying", request.chosen_expectation, "ratio", request.area_codes(fit))
    ),
    "map-verdict": _verdict_map,
    "chains-trace": lambda fit, request: diagnostic(fit, "trace", language=request.language),
    "chains-rank": lambda fit, request: diagnostic(fit, "rank", language=request.language),
    "chains-energy": lambda fit, request: diagnostic(fit, "energy", language=request.language),
    "chains-ess": lambda fit, request: diagnostic(fit, "ess", language=request.language),
}
"""Kinds of pictures, in the order of their use: areas by name, all areas, the model, maps, and the chains."""


HILLS, NAMES = 4, 40
"""Up to this many areas the full posterior is drawn; up to this many, named intervals."""


def default_plot(shown: Result, axes: Axes | None = None, language: Language | None = None) -> Figure:
    """Draw the standard picture of a result; for an estimate it depends on the number of areas.

    Raises
    ------
    TypeError
        There is no picture for this type.
    """
    match shown:
        case Comparison():
            return comparison(shown, axes=axes, language=language)
        case Ranks():
            return ranks(shown, axes=axes, language=language)
        case Waterfall():
            return waterfall(shown, axes=axes, language=language)
        case Funnel():
            return funnel(shown, axes=axes, language=language)
        case Variance():
            return variance(shown, axes=axes, language=language)
        case PublicationCheck():
            return publication(shown, axes=axes, language=language)
        case Multiverse():
            return multiverse(shown, axes=axes, language=language)
        case Sensitivity():
            return power_scaling(shown, axes=axes, language=language)
        case CrossValidation():
            return predicted_units(shown, axes=axes, language=language)
        case SimulationCalibration():
            return rank_curves(shown, axes=axes, language=language)
        case Peers():
            return forest(shown.use, ordered=False, axes=axes, language=language)
        case Verdicts():
            return _of_estimate(shown.ratio, axes, language)
        case Exceedance():
            return _of_estimate(shown.estimate, axes, language)
        case WhatIf():
            return _of_estimate(shown.change, axes, language)
        case Calibration():
            return coverage(shown, axes=axes, language=language)
        case HideAndSeek():
            return found_back(shown, axes=axes, language=language)
        case Transforms():
            return transforms(shown, axes=axes, language=language)
        case PredictiveCheck():
            return replicated(shown, axes=axes, language=language)
        case Estimate():
            return _of_estimate(shown, axes, language)
    raise TypeError(_("There is no picture of {kind}.").format(kind=type(shown).__name__))


def _of_estimate(estimate: Estimate, axes: Axes | None, language: Language | None) -> Figure:
    """Draw a curve, effects, or areas: the posterior of a few, the intervals of some by name, or those of many."""
    if str(estimate.draws.dims[-1]) == "value":
        return curve(estimate, axes=axes, language=language)
    if estimate.definition.name == "effects":
        return effects(estimate, axes=axes, language=language)
    number = len(estimate.index)
    if number <= HILLS:
        return posteriors(estimate, axes=axes, language=language)
    return (forest if number <= NAMES else caterpillar)(estimate, axes=axes, language=language)
