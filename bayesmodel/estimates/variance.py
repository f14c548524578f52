"""Variance between areas, by level and by part of the waterfall."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import ndtri

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.decomposition import (
    CHANCE,
    COUNTRY,
    components_of,
    country_average,
    determinant_components,
    other_components,
)
from bayesmodel.estimates.definition import Definition, Kind, level_label, titled
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import effects_in_order
from bayesmodel.estimates.labels import with_labels
from bayesmodel.estimates.linear_predictor import Floats, area_sd, flat, overdispersion_of, thinned
from bayesmodel.estimates.quantities import country_share
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.use import use
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES, _, number
from bayesmodel.model.links import Identity, Log
from bayesmodel.study import Label, Study

MEDIAN = np.sqrt(2) * ndtri(0.75)
"""Median absolute difference between two standard normal effects."""


@dataclass(frozen=True, eq=False, repr=False)
class Variance(Result):
    """The variance between areas not explained by the determinants, by level.

    Parameters
    ----------
    shares : Estimate
        Draws (chain, draw, level) of the share of the variance at each level, and of chance if `people` was given;
        they add up to one.
    sds : Estimate
        Draws (chain, draw, level) of the standard deviation in percentage points, at the mean.
    ratios : Estimate, optional
        Draws (chain, draw, level) of the median rate ratio of a log link, or the median odds ratio of a logit; None for
        a linear model.
    mean : float
        The share at which the variance is evaluated.
    people : float, optional
        Population of the area whose chance variation is included.
    """

    shown_rows: ClassVar[int] = 30

    shares: Estimate
    sds: Estimate
    ratios: Estimate | None
    mean: float
    people: float | None

    @property
    def definition(self) -> Definition:
        """The definition of the shares."""
        return self.shares.definition

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the levels, from coarse to fine.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per level; ``share``, ``sd_points`` and ``median_rate_ratio`` (of a logit:
            ``median_odds_ratio``), each with ``_lower`` and ``_upper``.
        """
        tables = {"share": self.shares, "sd_points": self.sds}
        if self.ratios is not None:
            tables[self.ratios.definition.name.rpartition(".")[2]] = self.ratios
        columns: dict[str, pd.Series] = {}
        for name, estimate in tables.items():
            table = estimate.summary(prob, kind)
            columns |= {name: table["mean"], f"{name}_lower": table["lower"], f"{name}_upper": table["upper"]}
        result = pd.DataFrame(columns).reindex(self.shares.index)
        result.attrs = self.shares.summary(prob, kind).attrs
        return result

    @property
    def title(self) -> str:
        """What is partitioned, at which share, and the number of people for which chance is included."""
        share = {reader: number(self.mean, ".1%", reader) for reader in LANGUAGES}
        people = {reader: number(self.people or 0, ",g", reader) for reader in LANGUAGES}
        at = Label(
            nl=f"bij een aandeel van {share['nl']}" + (f" en {people['nl']} mensen" if self.people else ""),
            en=f"at a share of {share['en']}" + (f" and {people['en']} people" if self.people else ""),
        )
        return titled(self.definition, self.shares.report, at)


def variance(fit: Fit, mean: float | None = None, people: float | None = None) -> Variance:
    """Return the variance between areas that determinants do not explain, by level.

    Share of a level l: g'(mean)^2 sigma_l^2 over the sum of all levels and the area, with g'(mean) the slope of the
    share in the linear predictor; families that integrate the area effect out contribute their own variance at that
    mean. If `people` is given, chance is a component as well: p (1 - p) / people for a binomial.
    Median rate ratio of a level (of a logit: odds ratio): exp(sqrt(2) sigma_l Phi^-1(0.75)), the median ratio of the
    higher to the lower of two areas that differ only at that level; with `people`, sigma_l of the area has its
    overdispersion in it.

    Parameters
    ----------
    fit : Fit
        The posterior.
    mean : float, optional
        The share (0 to 1) at which the variance is evaluated; defaults to the country's.
    people : float, optional
        Population of the area whose chance variation is included, and in its own effect its overdispersion; neither by
        default.

    Returns
    -------
    Variance

    Raises
    ------
    ComparisonError
        The mean is not between 0 and 1, or there are no people.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> variance(invented_fit(), mean=0.1).summary()["share"].round(2).to_dict()
    {'regio': 0.42, 'gemeente': 0.22, 'wijk': 0.36}

    Notes
    -----
    Goldstein, Browne and Rasbash (2002), Partitioning variation in multilevel models, method A. Merlo et al. (2006), A
    brief conceptual tutorial of multilevel analysis in social epidemiology.
    """
    if mean is not None and not 0 < mean < 1:
        message = _("The mean is a share above 0 and under 1; found {mean}. Write 10% as 0.1.")
        raise ComparisonError(message.format(mean=f"{mean:g}"))
    if people is not None and not people > 0:
        raise ComparisonError(_("The chance of a count needs people; found {people}.").format(people=f"{people:g}"))
    chosen = round(country_share(fit), 4) if mean is None else mean
    levels = effects_in_order(fit.study)
    sds = {name: flat(fit, f"sd_{name}") for name in levels}
    parts = {name: (fit.family.link.slope(chosen) * sd) ** 2 for name, sd in sds.items()}
    own = area_sd(fit) if fit.family.area_effect else flat(fit, "dispersion")
    parts[fit.study.area] = fit.family.own_variance(chosen, own)
    if people is not None:
        chance = fit.family.chance_variance(chosen, people)
        parts[fit.study.area] = parts[fit.study.area] + (overdispersion_of(fit) - 1) * chance
        parts[CHANCE] = np.full_like(own, chance)
    values = np.column_stack(list(parts.values()))
    names = tuple(parts)
    shares = _estimate(fit, values / values.sum(axis=1, keepdims=True), names, _shares(chosen, people))
    points = _estimate(fit, 100 * np.sqrt(values), names, _points(chosen))
    if isinstance(fit.family.link, Identity):
        return Variance(shares, points, None, chosen, people)
    if fit.family.area_effect:
        sds[fit.study.area] = np.sqrt(parts[fit.study.area]) / fit.family.link.slope(chosen)
    of = RATE if isinstance(fit.family.link, Log) else ODDS
    ratios = _estimate(fit, np.exp(MEDIAN * np.column_stack(list(sds.values()))), tuple(sds), of)
    return Variance(shares, points, ratios, chosen, people)


def level_names(study: Study) -> dict[str, Label]:
    """Return the levels from coarse to fine, space, the area and chance, with their labels."""
    return {
        **{name: level_label(study, name) for name in effects_in_order(study)},
        study.area: Label(nl=study.area, en=study.area),
        CHANCE: Label(nl="toeval", en="chance"),
    }


def _estimate(fit: Fit, values: Floats, names: tuple[str, ...], definition: Definition) -> Estimate:
    """Return draws (sample, level) with labels."""
    labels = level_names(fit.study)
    coordinates = {"level_name": [labels[name][fit.study.report.language] for name in names]}
    return Estimate(with_labels(fit, values, "level", names, coordinates), definition, fit.study)


def _shares(mean: float, people: float | None) -> Definition:
    """Return the definition of the shares of the variance."""
    chance = Label(nl="", en="")
    if people is not None:
        many = {reader: number(people, ",g", reader) for reader in LANGUAGES}
        chance = Label(nl=f", met toeval bij {many['nl']} mensen", en=f", with chance among {many['en']} people")
    return Definition(
        "variance.share",
        Label(nl="aandeel in de variantie", en="share of the variance"),
        Label(
            nl="Welk deel van de verschillen die na de kenmerken overblijven ligt op dit niveau, bij een gemiddeld "
            f"aandeel van {number(mean, '.1%', 'nl')}{chance.nl}?",
            en="What part of the differences left by the determinants lies at this level, at a mean share of "
            f"{number(mean, '.1%', 'en')}{chance.en}?",
        ),
        "(g'(mean) sigma_level)^2 / sum",
        Label(nl="aandeel, 0 tot 1", en="share, 0 to 1"),
    )


def _points(mean: float) -> Definition:
    """Return the definition of the standard deviations."""
    return Definition(
        "variance.sd",
        Label(nl="standaardafwijking", en="standard deviation"),
        Label(
            nl=f"Hoe groot zijn de verschillen op dit niveau bij een aandeel van {number(mean, '.1%', 'nl')}?",
            en=f"How large are the differences at this level at a share of {number(mean, '.1%', 'en')}?",
        ),
        "100 g'(mean) sigma_level",
        Label(nl="procentpunt", en="percentage points"),
    )


def _median_ratio(name: str, dutch: str, english: str, of: Label) -> Definition:
    """Return the definition of a median ratio."""
    return Definition(
        f"variance.{name}",
        Label(nl=dutch, en=english),
        Label(
            nl=f"Hoeveel keer zo hoog {of.nl} in het hoogste van twee die alleen hierin verschillen?",
            en=f"How many times as high {of.en} in the higher of two that differ only in this?",
        ),
        "exp(sqrt(2) sigma_level Phi^-1(0.75))",
        Label(nl="verhouding", en="ratio"),
    )


RATE = _median_ratio(
    "median_rate_ratio", "mediane verhouding", "median rate ratio", Label(nl="is het gebruik", en="is use")
)
ODDS = _median_ratio(
    "median_odds_ratio", "mediane oddsratio", "median odds ratio", Label(nl="zijn de odds", en="are the odds")
)


def variance_parts(fit: Fit, draws: int = 1000) -> Estimate:
    """Return the share of the variance of actual use between areas that each part of the waterfall explains.

    Share of part k: Cov(part_k, use) / Var(use), over the areas weighted by people, on every draw. As the parts add up
    to use, the shares add up to one. A share is negative where a part makes differences smaller.

    Parameters
    ----------
    fit : Fit
        The posterior.
    draws : int
        Roughly how many draws to use, thinned evenly: a share of variance over all areas needs no more.

    Returns
    -------
    Estimate
        Draws (chain, draw, part); coordinates ``part_name`` and ``direction``, the direction of explanation of a block
        where the study gives one.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> float(variance_parts(invented_fit()).draws.sum("part").mean().round(6))
    1.0
    """
    fit = thinned(fit, draws)
    people = fit.counts.population
    inhabited = np.flatnonzero(people > 0)
    weights = people[inhabited] / people.sum()
    deviation = use(fit, "actual", "share", list(fit.counts.areas.codes[inhabited])).samples
    deviation = deviation - (deviation @ weights)[:, None]
    total = np.square(deviation) @ weights
    deviation *= weights
    reference = country_average(fit)
    shares = dict[str, Floats]()
    for name, component in chain(
        determinant_components(fit, reference, inhabited), other_components(fit, reference, inhabited)
    ):
        shares[name] = np.einsum("sa,sa->s", deviation, component)
    components = [component for component in components_of(fit) if component.name != COUNTRY]
    values: Floats = np.column_stack([shares[component.name] for component in components]) / total[:, None]
    coordinates = {
        "part_name": [component.label[fit.study.report.language] for component in components],
        "direction": [component.direction or "" for component in components],
    }
    names = [component.name for component in components]
    return Estimate(with_labels(fit, values, "part", names, coordinates), _DEFINITION, fit.study)


_DEFINITION = Definition(
    "variance.parts",
    Label(nl="aandeel in de verschillen", en="share of the differences"),
    Label(
        nl="Welk deel van de verschillen in feitelijk gebruik, gewogen naar mensen, hoort hierbij?",
        en="What part of the differences in actual use, weighted by people, belongs to this?",
    ),
    "Cov(part, Y / n) / Var(Y / n)",
    Label(nl="aandeel, samen 1", en="share, 1 together"),
)
