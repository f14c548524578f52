"""The published posterior of a spatial model beside that of this package: lip cancer in the districts of Scotland.

Counts, expected counts, the share of people in agriculture, fishing and forestry (AFF), and which districts border on
each other are those of the Stan example models (``stan-dev/example-models``, ``knitr/car-iar-poisson``, BSD licence;
Clayton and Kaldor 1987, Breslow and Clayton 1993). So are the posteriors: Simpson (2017), ``stan_INLA_bym2``, of Stan
and of R-INLA, with ``beta_0, beta_1 ~ Normal(0, 5)``, ``sigma ~ Normal+(0, 5)`` and ``rho ~ Beta(1/2, 1/2)``.

``python -m benchmarks.evidence.core published-space`` writes the figures among the others.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel import Counts, Fit, Study, build_model, fit_model, interpret_counts, read_areas, use
from bayesmodel.model.priors import prior_scale, rate

Floats = NDArray[np.float64]
Pairs = tuple[tuple[int, int], ...]

CASES = np.array([
    *(9, 39, 11, 9, 15, 8, 26, 7, 6, 20, 13, 5, 3, 8, 17, 9, 2, 7, 9, 7, 16, 31, 11, 7, 19, 15, 7, 10),
    *(16, 11, 5, 3, 7, 8, 11, 9, 11, 8, 6, 4, 10, 8, 2, 6, 19, 3, 2, 3, 28, 6, 1, 1, 1, 1, 0, 0),
])  # fmt: skip
EXPECTED = np.array([
    *(1.4, 8.7, 3, 2.5, 4.3, 2.4, 8.1, 2.3, 2, 6.6, 4.4, 1.8, 1.1, 3.3, 7.8, 4.6, 1.1, 4.2, 5.5, 4.4, 10.5, 22.7),
    *(8.8, 5.6, 15.5, 12.5, 6, 9, 14.4, 10.2, 4.8, 2.9, 7, 8.5, 12.3, 10.1, 12.7, 9.4, 7.2, 5.3, 18.8, 15.8, 4.3),
    *(14.6, 50.7, 8.2, 5.6, 9.3, 88.7, 19.6, 3.4, 3.6, 5.7, 7, 4.2, 1.8),
])  # fmt: skip
AFF = np.array([
    *(16, 16, 10, 24, 10, 24, 10, 7, 7, 16, 7, 16, 10, 24, 7, 16, 10, 7, 7, 10, 7, 16, 10, 7, 1, 1, 7, 7, 10, 10, 7),
    *(24, 10, 7, 7, 0, 10, 1, 16, 0, 1, 16, 16, 0, 1, 7, 1, 1, 0, 1, 1, 0, 1, 1, 16, 10),
])  # fmt: skip
"""Percentage; a tenth of it is what the published slope is of."""
LATER = {
    1: (5, 9, 19), 2: (7, 10), 3: (12,), 4: (18, 20, 28), 5: (12, 13, 19), 7: (10, 13, 16, 17), 9: (17, 19, 23, 29),
    10: (16, 22), 13: (17, 19), 14: (31, 32, 35), 15: (25, 29, 50), 16: (17, 21, 22, 29), 17: (19, 29),
    18: (20, 28, 33, 55, 56), 20: (55,), 21: (29, 50), 23: (29, 34, 36, 37, 39),
    24: (27, 30, 31, 44, 47, 48, 55, 56), 25: (26, 29), 26: (29, 42, 43), 27: (31, 32, 55), 28: (33, 45),
    29: (34, 43, 50), 30: (38, 42, 44, 45, 56), 31: (32, 35, 46, 47), 32: (35,), 33: (45, 56),
    34: (39, 40, 42, 43, 51, 52, 54), 35: (37, 46), 36: (37, 39, 41), 37: (41, 46), 38: (42, 44, 49, 51, 54),
    39: (40, 41), 40: (41, 49, 52), 41: (46, 49, 53), 42: (43, 51), 44: (48, 49), 45: (56,), 46: (47, 53),
    47: (48, 49, 53), 48: (49,), 49: (52, 53, 54), 51: (54,), 52: (54,), 55: (56,),
}  # fmt: skip
"""Districts of the mainland, from 1, and those of a higher number that they border on."""
MAINLAND: Pairs = tuple((first, second) for first, later in LATER.items() for second in later)
ISLANDS = {6: "Orkney", 8: "Shetland", 11: "Western Isles"}
MAPS: dict[str, Pairs] = {
    "connected": (*MAINLAND, (1, 11), (3, 6), (5, 11), (6, 8), (9, 11), (11, 12)),
    "three components": (*MAINLAND, (6, 8)),
    "islands": MAINLAND,
}
"""Which districts border on each other: islands tied to the mainland, to each other, or to nothing."""

PUBLISHED = {
    "Stan": {
        "log precision": (1.34, 0.34, 0.68, 1.34, 2.00),
        "logit rho": (3.07, 2.24, -0.06, 2.64, 8.66),
        "beta_0": (-0.22, 0.13, -0.47, -0.22, 0.03),
        "beta_1": (0.37, 0.13, 0.10, 0.37, 0.63),
        "mu_5": (13.80, 3.05, 8.60, 13.53, 20.49),
    },
    "R-INLA": {
        "log precision": (1.36, 0.33, 0.70, 1.36, 2.01),
        "logit rho": (2.58, 1.57, -0.10, 2.44, 5.98),
        "beta_0": (-0.22, 0.13, -0.47, -0.22, 0.03),
        "beta_1": (0.37, 0.13, 0.11, 0.37, 0.63),
        "mu_5": (14.01, 3.09, 8.72, 13.74, 20.80),
    },
}
"""Mean, sd, 2.5 %, 50 % and 97.5 % on the connected map."""
PUBLISHED_SCALES = {"connected": (0.4853175,), "three components": (0.4504, 0.25), "islands": (0.4504,)}
"""Geometric means of the variances before scaling, of each component of two districts or more."""

PEOPLE = 1000
"""By which expected counts are multiplied, as a population is a whole number."""
WIDE = {
    "intercept_sd": 5.0,
    "coefficient": {"sd": 5.0},
    "sd": {"exceeds": 3.0, "probability": 0.05},
}
"""Priors of the fits: wide, so that few draws are lost by weights to others."""
QUANTILES = (0.025, 0.5, 0.975)
ENGINES = {"laplace": {"engine": "laplace", "fallback": "none", "draws": 5000}, "nuts": {"engine": "nuts"}}
"""Settings of inference."""


def counts_of(name: str, **settings: Any) -> Counts:
    """Return the counts on one of the maps, in a study with these settings of inference."""
    codes = [f"D{number:02d}" for number in range(1, len(CASES) + 1)]
    frame = pd.DataFrame({
        "district": codes, "cases": CASES, "expected": np.rint(PEOPLE * EXPECTED).astype(int), "aff": AFF / 10
    })  # fmt: skip
    with TemporaryDirectory() as folder:
        pairs = Path(folder, "pairs.csv")
        bordering = [(codes[first - 1], codes[second - 1]) for first, second in MAPS[name]]
        pd.DataFrame(bordering, columns=["code", "neighbour"]).to_csv(pairs, index=False)
        settings = {
            "determinants": [{"column": "aff"}],
            "disclosure": {"protect": False},
            "model": {
                "standardise": "areas",
                "space": {"neighbours": str(pairs)},
                "priors": WIDE,
                "overdispersion": 1.0,
            },
            "inference": settings,
        }
        study = Study.from_dataframe(
            frame, count="cases", population="expected", area="district", year=1980, settings=settings
        )
        return interpret_counts(read_areas(study))


@cache
def fitted(name: str, engine: str) -> Fit:
    """Return the fit of one of the maps by one of the engines."""
    return fit_model(build_model(counts_of(name, **ENGINES[engine])))


def own_quantities(fit: Fit) -> dict[str, Floats]:
    """Return draws (sample,) of what is published, and of what weights are made of."""
    posterior, design = fit.posterior, fit.design
    names = ("sd_space", "sd_district", "intercept")
    sd_space, sd_own, intercept = (posterior[name].to_numpy().ravel() for name in names)
    slope = posterior["beta"].to_numpy().ravel() / design.scale[0]
    level = intercept - slope * design.centre[0] + np.log(PEOPLE)
    mu = use(fit, "underlying").draws.to_numpy().reshape(-1, len(CASES))
    return quantities(sd_space, sd_own, level, slope, mu / EXPECTED)


def quantities(sd_space: Floats, sd_own: Floats, level: Floats, slope: Floats, risk: Floats) -> dict[str, Floats]:
    """Return draws of what is published, from those of sds, intercept, slope and relative risks (sample, area)."""
    sigma, rho = np.hypot(sd_space, sd_own), sd_space**2 / (sd_space**2 + sd_own**2)
    found = {"sd_space": sd_space, "sd_own": sd_own, "sigma": sigma, "rho": rho, "beta_0": level, "beta_1": slope}
    found |= {"log precision": -2 * np.log(sigma), "logit rho": 2 * np.log(sd_space / sd_own)}
    found |= {f"risk {number}": risk[:, number - 1] for number in range(1, risk.shape[1] + 1)}
    return found | {"mu_5": risk[:, 4] * EXPECTED[4]}


def weights_to_published(fit: Fit, found: dict[str, Floats]) -> Floats:
    """Return weights (sample,) that turn draws of a fit into draws under the priors of the published model.

    With ``rho ~ Beta(1/2, 1/2)`` the angle of (sd_space, sd_own) is uniform, so that their density is that of
    ``sigma``, half-normal with an sd of 5, over ``sigma``.
    """
    scale, design = prior_scale(fit.counts, fit.family), fit.design
    slope = found["beta_1"] * design.scale[0]
    intercept = found["beta_0"] + found["beta_1"] * design.centre[0] - np.log(PEOPLE)
    theirs = -np.log(found["sigma"]) - (found["sigma"] ** 2 + found["beta_0"] ** 2 + found["beta_1"] ** 2) / (2 * 5**2)
    ours = -rate(fit.study.model.priors.sd, scale.scale) * (found["sd_space"] + found["sd_own"])
    ours -= (intercept - scale.intercept_mean) ** 2 / (2 * scale.intercept_sd**2)
    ours -= slope**2 / (2 * scale.coefficient_sd**2)
    weights = np.exp(theirs - ours - (theirs - ours).max())
    return np.asarray(weights / weights.sum())


def summarised(values: Floats, weights: Floats | None = None) -> tuple[float, ...]:
    """Return mean, sd and quantiles of weighted draws."""
    weights = np.full(len(values), 1 / len(values)) if weights is None else weights
    mean = float(weights @ values)
    order = np.argsort(values)
    at = np.searchsorted(np.cumsum(weights[order]), QUANTILES)
    return mean, float(np.sqrt(weights @ (values - mean) ** 2)), *map(float, values[order][at])


@cache
def from_the_formula(name: str, draws: int = 4000) -> dict[str, Floats]:
    """Return draws under the priors of the fits, of the model as Riebler and others (2016) write it.

    ``log mu = log E + beta_0 + beta_1 x + sigma (sqrt(rho) u + sqrt(1 - rho) v)``, u of zero sum per component with the
    generalised inverse of its scaled Laplacian as covariance, by its eigenvectors; of an island it is standard normal.
    """
    import nutpie
    import pymc as pm
    import pytensor.tensor as pt

    counts = counts_of(name)
    built = build_model(counts)
    scale, design = built.priors, built.design
    with pm.Model() as model:
        exponential = rate(counts.study.model.priors.sd, scale.scale)
        sd_space, sd_own = (pm.Exponential(each, exponential) for each in ("sd_space", "sd_own"))
        intercept = pm.Normal("intercept", scale.intercept_mean, scale.intercept_sd)
        slope = pm.Deterministic("slope", pm.Normal("beta", 0, scale.coefficient_sd) / design.scale[0])
        level = pm.Deterministic("level", intercept - slope * design.centre[0] + np.log(PEOPLE))
        sigma, rho = pt.sqrt(sd_space**2 + sd_own**2), sd_space**2 / (sd_space**2 + sd_own**2)
        roots = field_roots(name)
        u = pt.dot(roots, pm.Normal("spatial", shape=roots.shape[1]))
        v = pm.Normal("own", shape=len(CASES))
        effect = sigma * (pt.sqrt(rho) * u + pt.sqrt(1 - rho) * v)
        risk = pm.Deterministic("risk", pt.exp(level + slope * AFF / 10 + effect))
        pm.Poisson("cases", EXPECTED * risk, observed=CASES)
    compiled = nutpie.compile_pymc_model(model)
    posterior = nutpie.sample(compiled, draws=draws, tune=1500, chains=4, cores=2, seed=1, progress_bar=False).posterior
    one = [posterior[each].to_numpy().ravel() for each in ("sd_space", "sd_own", "level", "slope")]
    return quantities(*one, posterior["risk"].to_numpy().reshape(-1, len(CASES)))


def field_roots(name: str) -> Floats:
    """Return R (area, K) with ``R R'`` the covariance of the spatial part u, of dense algebra."""
    laplacian = np.zeros((len(CASES), len(CASES)))
    for first, second in MAPS[name]:
        pair = np.zeros(len(CASES))
        pair[first - 1], pair[second - 1] = 1, -1
        laplacian += np.outer(pair, pair)
    left, columns = set(range(len(CASES))), []
    while left:
        component = {min(left)}
        while len(more := component | set(np.flatnonzero(laplacian[sorted(component)].any(axis=0)))) > len(component):
            component = more
        inside = sorted(component)
        left -= component
        if len(inside) == 1:
            columns.append(np.eye(len(CASES))[:, inside])
            continue
        values, vectors = np.linalg.eigh(laplacian[np.ix_(inside, inside)])
        root = vectors[:, 1:] / np.sqrt(values[1:])
        whole = np.zeros((len(CASES), root.shape[1]))
        whole[inside] = root / np.exp(np.log((root**2).sum(axis=1)).mean() / 2)
        columns.append(whole)
    return np.concatenate(columns, axis=1)


REPORTED = ("log precision", "logit rho", "beta_0", "beta_1", "mu_5", "sigma", "rho", *(f"risk {n}" for n in ISLANDS))


def figures() -> dict[str, Any]:
    """Return what is published and what both engines say, and how far these are from the model by its formula.

    Means and sds are those under the published priors; the distances are under the priors of the fits.
    """
    found: dict[str, Any] = {"published": {name: dict(values) for name, values in PUBLISHED.items()}}
    for name in MAPS:
        draws = {"formula": from_the_formula(name)}
        distances = {}
        for engine in ENGINES:
            assert fitted(name, engine).diagnostics.converged
            draws[engine] = own_quantities(fitted(name, engine))
            distances[engine] = distance(draws[engine], draws["formula"])
        parts = {by: weights_to_published(fitted(name, "laplace"), each) for by, each in draws.items()}
        shown = 5 if name == "connected" else 2
        found[name] = {
            each: {by: _rounded(summarised(draws[by][each], parts[by]))[:shown] for by in (*ENGINES, "formula")}
            for each in REPORTED
        } | {"from the formula": distances}
    return {"published_space": found}


def distance(own: dict[str, Floats], formula: dict[str, Floats]) -> dict[str, Any]:
    """Return how far means and sds are apart at most, over all quantities and areas: in sds, and as a ratio."""
    spread = {each: formula[each].std() for each in formula}
    means = {each: float(abs(own[each].mean() - formula[each].mean()) / spread[each]) for each in formula}
    sds = {each: float(own[each].std() / spread[each]) for each in formula}
    worst, ratio = max(means, key=lambda each: means[each]), max(sds, key=lambda each: abs(np.log(sds[each])))
    return {"mean": round(means[worst], 3), "of": worst, "sd": round(sds[ratio], 3), "sd_of": ratio}


def _rounded(values: tuple[float, ...]) -> list[float]:
    """Return figures as they are written."""
    return [round(value, 3) for value in values]
