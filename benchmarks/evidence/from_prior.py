"""Studies drawn from the stated prior over small countries, as a publisher would hide and round them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.random import Generator

from bayesmodel import Counts, Study, interpret_counts, publish, read_areas
from bayesmodel.model.families import Family, family_named
from bayesmodel.model.overdispersion import chance_variance
from bayesmodel.model.priors import MAX_SHARE, SPECIAL_RATIO, rate
from bayesmodel.study.model_parts import Priors
from bayesmodel.study.parts import FamilyName

LAPLACE = {"engine": "laplace", "chains": 4, "draws": 250, "fallback": "none"}
SHARE = 0.1
"""Share of people who use care at which the scale of the priors is taken."""
LEVELS: tuple[tuple[tuple[str, int], ...], ...] = (
    (),
    (("gemeente", 8),),
    (("gemeente", 8), ("regio", 5)),
    (("gemeente", 8), ("stedelijkheid", 20)),
)
"""Names of levels with the number of areas in a group, or of groups in a group; the last crosses."""
PUBLICATIONS: tuple[dict[str, Any], ...] = (
    {"hidden_below": 0},
    {"hidden_below": 10},
    {"hidden_below": 40},
    {"hidden_below": 10, "rounded_to": 5},
)
"""Rules of publication; in small areas the third hides nearly all."""


@dataclass(frozen=True)
class Invented:
    """A study drawn from the prior.

    Parameters
    ----------
    number : int
        Its seed.
    counts : Counts
    kind : dict
        What was drawn: family, sizes, publication, sds.
    """

    number: int
    counts: Counts
    kind: dict[str, Any]


def invented(number: int) -> Invented:
    """Draw a study: its country and form at random, its parameters from their priors, its counts from those.

    Parameters
    ----------
    number : int
        The seed.
    """
    rng = np.random.default_rng([20240611, number])
    family = family_named(str(rng.choice(get_args(FamilyName))))
    areas = int(np.exp(rng.uniform(np.log(12), np.log(400))))
    levels = LEVELS[rng.integers(len(LEVELS))]
    publication = PUBLICATIONS[rng.integers(len(PUBLICATIONS))]
    form = str(rng.choice(["two-part", "normal"]))
    known = int(rng.integers(0, 7))
    missing = float(rng.choice([0.0, 0.0, 0.1, 0.4]))
    people = np.ceil(np.exp(rng.normal(np.log(rng.choice([60, 400, 2000])), 1.2, areas))).astype(np.int64)
    determinants = rng.normal(size=(areas, known)) @ (np.eye(known) + rng.choice([0.0, 0.5]))
    groups = _groups(rng, areas, levels)
    share, parameters = _shares(rng, family, people, determinants, groups, form)
    outliers = float(rng.choice([0.0, 0.01]))
    told = np.minimum(share, people)
    if outliers:
        special = rng.random(areas) < outliers
        special[rng.integers(areas)] = True
        told = np.where(special, rng.integers(0, people + 1), told)
    frame = pd.DataFrame({name: [f"{name[0].upper()}{g:03d}" for g in of] for name, of in groups.items()})
    frame["wijk"] = [f"W{i:05d}" for i in range(areas)]
    frame["people"] = people
    names = [f"trait_{j}" for j in range(known)]
    hidden = rng.random((areas, known)) < missing * (people < np.median(people))[:, None] * 2
    hidden[:3] = False
    frame[names] = np.where(hidden, np.nan, determinants)
    settings = {
        "model": {"family": family.name, "area_effect": form},
        "publication": {**publication, "hidden_symbols": ["."], "missing_symbols": ["x"]},
        "inference": LAPLACE | {"seed": number},
        "disclosure": {"protect": False},  # the model is tried on exact small counts too
    }
    study = Study.from_dataframe(
        frame.assign(count="1"),
        count="count",
        population="people",
        area="wijk",
        year=2017,
        levels=list(groups),
        determinants=names,
        settings=settings,
    )
    cells = publish(told, study.publication)
    cells[rng.random(areas) < float(rng.choice([0.0, 0.05]))] = "x"
    counts = interpret_counts(read_areas(study.with_dataframe(frame.assign(count=cells))))
    kind = {
        "areas": areas,
        "family": family.name,
        "levels": "+".join(groups) or "none",
        "publication": PUBLICATIONS.index(publication),
        "effect": form,
        "determinants": known,
        "missing": missing,
        "outliers": outliers,
        **parameters,
    }
    return Invented(number, counts, kind)


def _groups(rng: Generator, areas: int, levels: tuple[tuple[str, int], ...]) -> dict[str, np.ndarray]:
    """Return the group of each area, by level: nested ones by size, the level that crosses at random."""
    groups: dict[str, np.ndarray] = {}
    of = np.arange(areas)
    for name, size in levels:
        if name == "stedelijkheid":
            groups[name] = rng.integers(0, max(2, areas // size), areas)
        else:
            of = of // size
            groups[name] = of
    return {name: of for name, of in groups.items() if len(np.unique(of)) > 1}


def _shares(
    rng: Generator,
    family: Family,
    people: np.ndarray,
    determinants: np.ndarray,
    groups: dict[str, np.ndarray],
    form: str,
) -> tuple[np.ndarray, dict[str, float]]:
    """Return counts drawn from the family at parameters drawn from their priors, and the sds."""
    priors, areas = Priors(), len(people)
    scale = SHARE * (1 - SHARE) / family.link.slope(SHARE)
    eta = family.link.predictor(SHARE) + scale * priors.intercept_sd * rng.normal()
    eta = eta + determinants @ (scale * priors.coefficient.sd * rng.normal(size=determinants.shape[1]))
    sds: dict[str, float] = {}
    for name, of in groups.items():
        number = int(of.max()) + 1
        sds[name] = float(rng.exponential(1 / rate(priors.of_level(name, number), scale)))
        eta = eta + sds[name] * rng.normal(size=number)[of]
    own = float(rng.exponential(1 / rate(priors.sd, scale if family.area_effect or family.gaussian else 1.0)))
    dispersion = np.full(areas, own)
    if family.area_effect:
        sd = np.full(areas, own)
        if form == "two-part":
            sds["special"] = min(float(rng.exponential(1 / rate(priors.special_share, 1.0))), MAX_SHARE)
            sd[rng.random(areas) < sds["special"]] *= SPECIAL_RATIO
        sds["excess"] = float(rng.exponential(1 / rate(priors.excess_dispersion, 1.0)))
        variance = sds["excess"] * chance_variance(family, SHARE, people)
        eta = eta + np.sqrt(sd**2 + variance) * rng.normal(size=areas) - family.link.curvature(SHARE) / 2 * variance
    limit = 30.0 if not family.gaussian else np.inf
    return family.draw(rng, people, np.clip(eta, -limit, limit), dispersion), {f"sd_{k}": v for k, v in sds.items()} | {
        "sd_own": own
    }
