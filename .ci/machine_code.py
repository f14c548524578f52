"""Compile what a Poisson study needs, by both engines, so that the first command of a user finds it on disk."""

from __future__ import annotations

from bayesmodel import example_study, fit

for engine in ("laplace", "nuts"):
    small = example_study(areas=60, gemeenten=8, regions=2)
    model = small.model.model_copy(update={"family": "poisson"})
    inference = small.inference.model_copy(update={"chains": 2, "draws": 50, "tune": 50, "engine": engine})
    fit(small.model_copy(update={"model": model, "inference": inference}))
