"""Truth: what is never known of a real country, for recovery and calibration.

With t_j the transformation of determinant j::

    logit p_i = intercept + sum_j coefficient_j (t_j(x_ij) - centre_j) / spread_j + u_gemeente + v_regio + w_i
    u ~ Normal(0, 0.11),  v ~ Normal(0, 0.15),  w ~ Normal(0, 0.14),  Y_i ~ Binomial(n_i, p_i)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit

from bayesmodel.data.transforms import transformed
from bayesmodel.errors import Fault, StudyError
from bayesmodel.example.country import Country, make_country
from bayesmodel.example.geography import stream
from bayesmodel.example.traits import traits
from bayesmodel.messages import _
from bayesmodel.study import Study
from bayesmodel.study.parts import Example

INTERCEPT = -2.25
SDS = {"gemeente": 0.11, "jeugdzorgregio": 0.15, "wijk": 0.14}


@dataclass(frozen=True)
class ExampleTruth:
    """A country with everything that made its counts, on the logit scale unless said otherwise.

    To compare with a fit whose determinants were centred and scaled otherwise, by c and s: the coefficient there is
    ``coefficients * s / spread``, the intercept ``intercept + sum(coefficients * (c - centre) / spread)``.

    Parameters
    ----------
    study : Study
        The study it is the truth of.
    country : Country
        Places, young people, complete determinants.
    intercept : float
        Logit of use in an area with every determinant at its centre and every effect zero.
    coefficients : Series (determinant,)
        Per `spread` of the transformed determinant.
    centre, spread : Series (determinant,)
        On the transformed scale: fixed by the process, not measured on this country.
    sds : mapping of str to float
        Standard deviation of the effects of each level and of the area.
    effects : mapping of str to Series
        Effects per level, indexed by code, and of the area (``wijk``).
    counts : Series of int (wijk,)
        Young people with care, before anything is hidden.
    """

    study: Study
    country: Country
    intercept: float
    coefficients: pd.Series
    centre: pd.Series
    spread: pd.Series
    sds: Mapping[str, float]
    effects: Mapping[str, pd.Series]
    counts: pd.Series

    def predictor(self, *levels: str) -> pd.Series:
        """Return the intercept, the determinants and the effects of the levels named, on the logit scale (wijk,).

        Parameters
        ----------
        *levels : str
            Of ``gemeente``, ``jeugdzorgregio`` and ``wijk``; none leaves all effects at zero.
        """
        determinants = self.country.determinants
        predictor = pd.Series(self.intercept, index=determinants.index)
        for part in (trait.determinant for trait in traits()):
            name, scaled = part.column, transformed(determinants[part.column].to_numpy(), part.transform)
            predictor += self.coefficients[name] * (scaled - self.centre[name]) / self.spread[name]
        for level in levels:
            groups = determinants.index if level == "wijk" else self.country.places[f"{level}_code"]
            predictor += self.effects[level].loc[groups].to_numpy()
        return predictor

    @property
    def rate(self) -> pd.Series:
        """The true rate p of each area: young people in care per young resident, 0 to 1."""
        predictor = self.predictor(*self.sds)
        return pd.Series(expit(predictor), index=predictor.index, name="rate")


def example_truth(study: Study) -> ExampleTruth:
    """Return the truth behind the example country of a study.

    Parameters
    ----------
    study : Study
        One with an ``[example]``.

    Returns
    -------
    ExampleTruth
        The same for the same size and seed, whatever else the study says.

    Raises
    ------
    StudyError
        The study has tables, not an example.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> from bayesmodel.example import example_truth
    >>> truth = example_truth(example_study(areas=60, gemeenten=8, regions=2))
    >>> bool((truth.counts <= truth.country.population).all())
    True
    """
    example = example_of(study)
    known = traits()
    columns = [trait.determinant.column for trait in known]
    centre = [float(transformed(np.array(trait.median), trait.determinant.transform)) for trait in known]
    bare = ExampleTruth(
        study=study,
        country=make_country(example),
        intercept=INTERCEPT,
        coefficients=pd.Series([trait.coefficient for trait in known], columns, name="coefficient"),
        centre=pd.Series(centre, columns, name="centre"),
        spread=pd.Series([trait.spread for trait in known], columns, name="spread"),
        sds=SDS,
        effects={},
        counts=pd.Series(dtype=np.int64),
    )
    return draw_counts(draw_effects(bare, example.seed), example.seed)


def example_of(study: Study) -> Example:
    """Return the size and seed of a study's example country; a StudyError where it has tables instead."""
    if study.example is None:
        advice = _("Nobody knows the truth of real tables.")
        fault = Fault("example", _("a study with tables"), _("an [example]"), advice)
        raise StudyError(_("The study {path}").format(path=study.name), [fault])
    return study.example


def draw_effects(truth: ExampleTruth, seed: int) -> ExampleTruth:
    """Return the same country with fresh effects of every level; follow with `draw_counts`."""
    rng = stream(seed, "effects")
    places = truth.country.places
    effects = {}
    for level, sd in truth.sds.items():
        codes = places.index if level == "wijk" else pd.Index(places[f"{level}_code"].unique()).sort_values()
        effects[level] = pd.Series(rng.normal(0, sd, len(codes)), codes.rename(level), name="effect")
    return replace(truth, effects=effects)


def draw_counts(truth: ExampleTruth, seed: int) -> ExampleTruth:
    """Return the same country and effects with fresh counts; the seed of the country itself gives its own counts.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> from bayesmodel.example import draw_counts, example_truth
    >>> truth = example_truth(example_study(areas=60, gemeenten=8, regions=2))
    >>> draw_counts(truth, seed=2017).counts.equals(truth.counts)
    True
    """
    counts = stream(seed, "counts").binomial(truth.country.population, truth.rate)
    return replace(truth, counts=pd.Series(counts, truth.country.population.index, name="jongeren_met_jeugdhulp"))
