"""Pictures by name, for the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.effects import effects as effects_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.funnel import funnel as funnel_of
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.labels import select_areas
from bayesmodel.estimates.lookup import codes_within, find_areas
from bayesmodel.estimates.publication_check import publication_check
from bayesmodel.estimates.quantities import aggregate, refuse_empty
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.use import use
from bayesmodel.estimates.variance import variance as variance_of
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall as waterfall_of
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _
from bayesmodel.plots.decompositions import variance, waterfall
from bayesmodel.plots.effect_plots import effects
from bayesmodel.plots.interval_plots import caterpillar, forest, ranks
from bayesmodel.plots.map_sheet import polygons_for
from bayesmodel.plots.maps import area_map, verdict_map
from bayesmodel.plots.model_checks import Diagnostic, diagnostic, publication
from bayesmodel.plots.posteriors import comparison
from bayesmodel.plots.scatter import funnel, observed_expected, shrinkage
from bayesmodel.plots.special_areas import special_areas
from bayesmodel.study import Label

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class PlotRequest:
    """What a picture should show.

    Parameters
    ----------
    areas : tuple of str
        Areas or groups, by code or by name. In a picture of all areas, a group is expanded into its areas.
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
        """The expectation to use where one is required."""
        return self.expectation or "determinants"

    def area_codes(self, fit: Fit) -> list[str] | None:
        """Return the codes of the areas to show, with groups expanded into their areas; None for all areas."""
        if self.within is not None:
            return codes_within(fit.counts, self.within)
        if not self.areas:
            return None
        groups = groups_of(fit.counts, list(self.areas))
        return list(dict.fromkeys(fit.counts.areas.codes[groups.rows[groups.members]]))

    def areas_and_labels(self, fit: Fit) -> tuple[list[str] | None, list[str]]:
        """Return the areas that a picture shows (None for all areas), and those that it labels."""
        keys = find_areas(fit.counts, self.areas, [fit.study.area, *fit.study.level_names])
        named = [key.code for key in keys if key.kind == fit.study.area]
        if self.within is not None:
            return codes_within(fit.counts, self.within), named
        if len(named) == len(keys):
            return None, named
        return self.area_codes(fit), named


def picture(fit: Fit, kind: str, request: PlotRequest | None = None) -> Figure:
    """Draw a picture of a fit, by its name.

    Parameters
    ----------
    fit : Fit
        The posterior.
    kind : str
        One of `PICTURES`.
    request : PlotRequest, optional
        What it should show; defaults to everything.

    Returns
    -------
    Figure

    Raises
    ------
    UnknownNameError
        There is no such picture, area or expectation.
    ComparisonError
        The picture needs areas and none was given, or it shows one area and several were given; nobody lives in one
        that was named; or the picture does not depend on something that was asked.
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
    if kind not in PICTURES:
        raise UnknownNameError(_("kind of picture"), kind, PICTURES)
    request = request or PlotRequest()
    _refuse_ignored(kind, request)
    for named in (request.areas, () if request.within is None else (request.within,)):
        if named:
            refuse_empty(fit, groups_of(fit.counts, list(named)))
    return PICTURES[kind].draw(fit, request)


def _refuse_ignored(kind: str, request: PlotRequest) -> None:
    """Raise if a picture would be the same without something that the request asks."""
    whole = PICTURES[kind].group in {"model", "chains"}
    asked = {
        _("named areas"): bool(request.areas) and whole,
        _("a group (--gemeente or --within)"): request.within is not None and whole,
        _("an expectation (--expectation)"): request.expectation is not None and (whole or kind in OF_USE_ONLY),
    }
    ignored = [name for name, is_ignored in asked.items() if is_ignored]
    if ignored:
        message = _("A picture of kind {kind} is the same with or without {what}. Leave it out, or draw another kind.")
        raise ComparisonError(message.format(kind=kind, what=_(" and ").join(ignored)))


def _use_or_difference(fit: Fit, request: PlotRequest, areas: list[str] | str) -> Estimate:
    """Return underlying use, or its difference from the requested expectation."""
    return aggregate(fit, areas, _quantity(request), None)


def _quantity(request: PlotRequest) -> str:
    """Return the name of underlying use, or of its difference from the requested expectation."""
    return f"difference.underlying.{request.expectation}" if request.expectation else "use.underlying"


def _forest(fit: Fit, request: PlotRequest) -> Figure:
    _needs_areas("forest", request, 1)
    areas = list(request.areas) or request.area_codes(fit) or fit.study.area
    return forest(_use_or_difference(fit, request, areas), language=request.language)


def _caterpillar(fit: Fit, request: PlotRequest) -> Figure:
    areas, named = request.areas_and_labels(fit)
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
    result, (areas, named) = funnel_of(fit, request.chosen_expectation), request.areas_and_labels(fit)
    if areas is not None:
        result = replace(result, points=result.points.loc[areas], ratio=select_areas(fit, result.ratio, areas))
    return funnel(result, highlight=named, language=request.language)


def _special(fit: Fit, request: PlotRequest) -> Figure:
    return special_areas(fit, request.area_codes(fit), language=request.language)


def _variance(fit: Fit, request: PlotRequest) -> Figure:
    return variance(variance_of(fit), language=request.language)


def _effects(fit: Fit, request: PlotRequest) -> Figure:
    return effects(effects_of(fit, "range"), language=request.language)


def _map(what: Callable[[Fit, PlotRequest], Estimate]) -> Callable[[Fit, PlotRequest], Figure]:
    """Return a function that draws an estimate of the requested areas on a map."""

    def draw(fit: Fit, request: PlotRequest) -> Figure:
        shapes = polygons_for(fit, request.polygons)
        return area_map(what(fit, request), shapes, code=request.code, language=request.language)

    return draw


def _verdict_map(fit: Fit, request: PlotRequest) -> Figure:
    result, areas = verdicts(fit, request.chosen_expectation), request.area_codes(fit)
    if areas is not None:  # verdicts come from all areas, so that a map of some shows the same ones
        ratio = select_areas(fit, result.ratio, areas)
        result = replace(
            result, ratio=ratio, probabilities=result.probabilities.loc[areas], classes=result.classes[areas]
        )
    return verdict_map(result, polygons_for(fit, request.polygons), code=request.code, language=request.language)


def _needs_areas(kind: str, request: PlotRequest, number: int) -> None:
    """Raise if a picture of given areas has too few of them, or if a group is given as well."""
    if request.within is not None and request.areas:
        message = _("A {kind} shows the areas named, or those within one: give either.")
        raise ComparisonError(message.format(kind=kind))
    if len(request.areas) < number and request.within is None:
        message = _("A {kind} shows areas by name: give at least {number}, by code or by name.")
        raise ComparisonError(message.format(kind=kind, number=number))


GROUPS: Mapping[str, Label] = {
    "named": Label(nl="Van gebieden die u noemt", en="Of areas by name"),
    "all": Label(
        nl="Van alle gebieden, of van die in één groep (--gemeente, of een groep bij naam)",
        en="Of all areas, or of those in one group (--gemeente, or a group by name)",
    ),
    "model": Label(nl="Van het model", en="Of the model"),
    "map": Label(nl="Op een kaart", en="On a map"),
    "chains": Label(nl="Van de ketens, zoals ArviZ ze tekent", en="Of the chains, as drawn by ArviZ"),
}
"""Groups of pictures, in the order of use."""
OF_USE_ONLY = {"waterfall", "shrinkage", "special", "map-actual"}
"""Pictures of areas that no expectation changes."""
NO_NOTE = Label(nl="", en="")


@dataclass(frozen=True)
class PictureKind:
    """A picture that can be drawn by name.

    Parameters
    ----------
    draw : callable
        From a fit and a request to a figure.
    group : str
        One of `GROUPS`.
    note : Label
        What it shows, in a few words for the help of the program; may be empty.
    """

    draw: Callable[[Fit, PlotRequest], Figure]
    group: str
    note: Label = NO_NOTE


def _chains(kind: Diagnostic) -> PictureKind:
    """Return a diagnostic of the chains as a picture by name."""
    return PictureKind(lambda fit, request: diagnostic(fit, kind, language=request.language), "chains")


PICTURES: Mapping[str, PictureKind] = {
    "forest": PictureKind(_forest, "named", Label(nl="intervallen", en="intervals")),
    "comparison": PictureKind(
        _comparison, "named", Label(nl="is het ene hoger dan het andere", en="is one higher than the other")
    ),
    "waterfall": PictureKind(_waterfall, "named", Label(nl="waaruit het gebruik bestaat", en="what use is made of")),
    "caterpillar": PictureKind(
        _caterpillar,
        "all",
        Label(nl="op volgorde; genoemde gebieden krijgen hun naam", en="in order; areas given by name are labelled"),
    ),
    "ranks": PictureKind(_ranks, "all"),
    "funnel": PictureKind(
        _funnel, "all", Label(nl="wie meer afwijkt dan gewoon is", en="which areas differ more than usual")
    ),
    "shrinkage": PictureKind(
        _shrinkage, "all", Label(nl="van gepubliceerd naar geschat", en="from published to estimated")
    ),
    "observed-expected": PictureKind(_observed_expected, "all"),
    "special": PictureKind(_special, "all", Label(nl="wie iets eigens heeft", en="which have something of their own")),
    "variance": PictureKind(_variance, "model", Label(nl="op welk niveau", en="at which level")),
    "effects": PictureKind(_effects, "model", Label(nl="van kenmerken", en="of determinants")),
    "publication": PictureKind(
        lambda fit, request: publication(publication_check(fit), language=request.language),
        "model",
        Label(
            nl="zijn er zoveel aantallen verborgen en klein als verwacht",
            en="are as many counts hidden and small as expected",
        ),
    ),
    "map-actual": PictureKind(
        _map(lambda fit, request: use(fit, "actual", "share", request.area_codes(fit))),
        "map",
        Label(nl="feitelijk", en="actual use"),
    ),
    "map-expected": PictureKind(
        _map(lambda fit, request: expected(fit, request.chosen_expectation, "share", request.area_codes(fit))),
        "map",
        Label(nl="verwacht", en="expected use"),
    ),
    "map-difference": PictureKind(
        _map(
            lambda fit, request: difference(
                fit, "underlying", request.chosen_expectation, "ratio", request.area_codes(fit)
            )
        ),
        "map",
        Label(nl="verschil", en="their ratio"),
    ),
    "map-verdict": PictureKind(
        _verdict_map, "map", Label(nl="waar is iets te zeggen", en="where a conclusion can be drawn")
    ),
    **{f"chains-{kind}": _chains(kind) for kind in get_args(Diagnostic)},
}
"""Pictures by name, in the order of use."""


def pictures_in_words(language: Language) -> list[str]:
    """Return the names of all pictures with what they show, one text per group.

    Examples
    --------
    >>> pictures_in_words("en")[0]
    'Of areas by name: forest (intervals), comparison (is one higher than the other), waterfall (what use is made of).'
    """
    named = {group: list[str]() for group in GROUPS}
    for name, kind in PICTURES.items():
        note = kind.note[language]
        named[kind.group].append(f"{name} ({note})" if note else name)
    return [f"{GROUPS[group][language]}: {', '.join(names)}." for group, names in named.items()]
