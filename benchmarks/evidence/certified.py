"""What Laplace does with studies from the stated prior: certified, refused, crashed; and whether NUTS says the same."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from bayesmodel import Fit, build_model, fit_model
from bayesmodel.errors import ApproximationError, BayesModelError, DataError
from bayesmodel.inference.certificate import Certificate
from benchmarks.evidence.from_prior import Invented, invented

STUDIES = 300
COMPARED = 36
"""Of the studies with at most `SMALL` areas, fitted by NUTS as well: refused ones first, at most half of them."""
SMALL = 150
NUTS = {"engine": "nuts", "chains": 4, "tune": 1500, "draws": 2000, "target_accept": 0.99}
SAME = 0.25
"""Posterior sds between two means that are taken as one: five errors of 400 effective draws."""


def figures(studies: int = STUDIES, compared: int = COMPARED) -> dict[str, Any]:
    """Return how many studies are certified, refused and crashed on, and how that compares with NUTS."""
    rows = [outcome(number) for number in range(studies)]
    states = Counter(row["state"] for row in rows)
    fitted = [row for row in rows if row["state"] in ("certified", "refused", "crashed")]
    return {
        "studies_from_prior": len(fitted),
        "crashes_from_prior": states["crashed"],
        "refused_from_prior": states["refused"],
        "certified_from_prior": states["certified"],
        "without_shown_counts_from_prior": states["faulty"],
        "certified_above_the_limit_of_k": sum(
            row["state"] == "certified" and row["pareto_k"] > row["limit"] for row in rows
        ),
        "refused_by": dict(Counter(str(row["why"]) for row in rows if row["state"] == "refused")),
        "held_against_nuts": held_against_nuts(_sample(rows, compared)),
    }


def outcome(number: int) -> dict[str, Any]:
    """Return what becomes of one study: its state, and the figures of its certificate."""
    row: dict[str, Any] = {"number": number, "state": "crashed", "why": ""}
    try:
        study = invented(number)
        row |= study.kind
        certificate = fit_model(build_model(study.counts)).diagnostics.certificate
    except DataError:  # all counts of it are hidden, which a study may not be
        return row | {"state": "faulty"}
    except ApproximationError:
        return row | {"state": "refused", "why": "no approximation"}
    except Exception as error:  # what is counted
        print(f"{number}: {error!r}", file=sys.stderr, flush=True)
        return row | {"why": repr(error)}
    assert certificate is not None
    row |= {"pareto_k": certificate.pareto_k, "limit": certificate.pareto_k_limit, "unseen": certificate.unseen}
    row |= {"effective": certificate.effective, "share": certificate.effective_share}
    row |= {"state": "refused" if certificate.problems else "certified", "why": reason(certificate)}
    print(json.dumps(row, default=float), file=sys.stderr, flush=True)
    return row


def reason(certificate: Certificate) -> str:
    """Return what is not met, in a word or two."""
    reasons = {
        "tail": not certificate.reliable_tail,
        "effective": not certificate.effective >= 400,
        "quadrature": not certificate.quadrature_error <= 0.05,
    }
    return ", ".join(name for name, found in reasons.items() if found)


def _sample(rows: list[dict[str, Any]], number: int) -> list[int]:
    """Return the numbers of small studies: refused ones, those certified with a heavy tail, then other certified."""
    small = [row for row in rows if row.get("areas", SMALL + 1) <= SMALL and row["state"] in ("certified", "refused")]
    refused = [row for row in small if row["state"] == "refused" and "pareto_k" in row][: number // 2]
    heavy = [row for row in small if row["state"] == "certified" and row["pareto_k"] > row["limit"]]
    plain = [row for row in small if row["state"] == "certified" and row not in heavy]
    return [row["number"] for row in [*refused, *heavy, *plain][:number]]


def held_against_nuts(numbers: Iterable[int]) -> dict[str, Any]:
    """Return how many are certified or refused, and the same or other by NUTS; one row for each."""
    rows = [compared(invented(number)) for number in numbers]
    told = [row for row in rows if row["nuts_converged"]]
    counts = Counter(f"{row['state']}, {'the same' if row['farthest'] <= SAME else 'different'}" for row in told)
    return {
        "studies": len(rows),
        "nuts_converged": len(told),
        **dict(sorted(counts.items())),
        "farthest_certified": max((row["farthest"] for row in told if row["state"] == "certified"), default=None),
        "rows": rows,
    }


def compared(study: Invented) -> dict[str, Any]:
    """Return the farthest that a mean of Laplace lies from that of NUTS, in posterior sds."""
    row: dict[str, Any] = {"number": study.number}
    try:
        fit = fit_model(build_model(study.counts))
        other = fit_model(build_model(with_inference(study, NUTS)))
    except BayesModelError as error:
        return row | {"state": "crashed", "nuts_converged": False, "why": str(error)}
    certificate, verdict = fit.diagnostics.certificate, other.diagnostics
    assert certificate is not None
    far, worst = farthest(fit, other)
    row |= {"state": "refused" if certificate.problems else "certified", "why": reason(certificate)}
    row |= {"pareto_k": round(certificate.pareto_k, 2), "unseen": round(certificate.unseen, 4)}
    row |= {"share": round(certificate.effective_share, 3), "effective": round(certificate.effective)}
    row |= {"farthest": round(far, 2), "of": worst}
    row |= {"nuts_rhat": round(verdict.rhat_max or 0.0, 3), "nuts_divergences": verdict.divergences}
    row["nuts_converged"] = bool((verdict.rhat_max or 9.0) <= 1.01 and verdict.ess_min >= 400)
    print(json.dumps(row, default=float), file=sys.stderr, flush=True)
    return row


def with_inference(study: Invented, settings: dict[str, Any]) -> Any:
    """Return the counts of a study with other settings of inference."""
    counts = study.counts
    inference = counts.study.inference.model_copy(update=settings)
    return counts.with_study(counts.study.model_copy(update={"inference": inference}))


def farthest(fit: Fit, other: Fit) -> tuple[float, str]:
    """Return the largest difference between means in sds of the other fit, and of which variable."""
    far, worst = 0.0, ""
    for name, values in other.posterior.items():
        if name == "linear_predictor":
            continue
        known = values.to_numpy().reshape(-1, values[0, 0].size)
        found = fit.posterior[name].to_numpy().reshape(-1, known.shape[1])
        away = np.abs(found.mean(axis=0) - known.mean(axis=0)) / known.std(axis=0)
        if away.max() > far:
            far, worst = float(away.max()), str(name)
    return far, worst
