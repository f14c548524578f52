"""Simulation-based calibration around a narrow prior, for every family and both engines, in small countries.

The whole chain each time: drawn from the prior, published, read, fitted, ranked.
"""

from __future__ import annotations

import sys
from typing import Any, get_args

from bayesmodel import Study, example_study, prior_sbc
from bayesmodel.checks.sbc import SimulationCalibration
from bayesmodel.study.parts import FamilyName

COUNTRY = {"areas": 100, "gemeenten": 14, "regions": 3}
DETERMINANTS = 3
REPLICATES = {"laplace": 400, "nuts": 50}


def figures() -> dict[str, Any]:
    """Return, per family and engine, how many replicates there were, failed or were refused, and the smallest p."""
    found: dict[str, Any] = {}
    for family in get_args(FamilyName):
        for engine, replicates in REPLICATES.items():
            found[f"{family}, {engine}"] = of_family(family, engine, replicates)
            print(family, engine, found[f"{family}, {engine}"], file=sys.stderr, flush=True)
    return {"sbc": found}


def of_family(family: str, engine: Any, replicates: int) -> dict[str, Any]:
    """Return the figures of one family and engine."""
    made = prior_sbc(narrow_study(family), replicates, engine=engine)
    table = made.summary()
    return {
        "replicates": len(made.ranks),
        "failed": int((made.refits["state"] == "failed").sum()),
        **_poor(made, engine),
        "smallest_p": round(float(min(1.0, table["p"].min() * len(table))), 4),
        "cover_90": round(float((table["cover_90"] * table["quantities"]).sum() / table["quantities"].sum()), 3),
        "calibrated": made.calibrated,
    }


def _poor(made: SimulationCalibration, engine: str) -> dict[str, int]:
    """Return how many refits by Laplace were refused: they went on with NUTS, which has no certificate.

    Ranks need fewer draws than a report: of NUTS it is counted how many would not do for one.
    """
    state = made.refits["state"]
    if engine == "laplace":
        return {"refused": int((made.refits["pareto_k"].isna() & (state != "failed")).sum())}
    return {"too_few_draws_for_a_report": int((state != "converged").sum())}


def narrow_study(family: str) -> Study:
    """Return a study of a small country with a prior from which counts can be drawn that people could have."""
    values = example_study(**COUNTRY).model_dump()
    values["determinants"] = [part for part in values["determinants"] if part["level"] is None][:DETERMINANTS]
    values["model"]["family"] = family
    priors = values["model"]["priors"]
    priors["intercept_mean"], priors["intercept_sd"] = (0.12 if family == "normal-share" else -2.0), 0.4
    priors["coefficient"]["sd"], priors["sd"]["exceeds"], priors["sd_few"]["exceeds"] = 0.2, 0.5, 0.5
    return Study.model_validate(values)
