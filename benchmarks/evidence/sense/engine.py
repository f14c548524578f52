"""The fit beside GPBoost on the file of 2017: a thousand certified draws against an optimum, in one run, in turn."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import pandas as pd

from bayesmodel import Counts, build_model, fit_model, interpret_counts, read_areas, read_study
from benchmarks.compare.entrants import GPBOOST, PEERS
from benchmarks.evidence.study_2017 import STUDY

TURNS = 5


def figures() -> dict[str, Any]:
    """Fit in turn; GPBoost gets the visible counts and the determinants as our design has them, filled where missing.

    Returns
    -------
    dict
        ``fit_over_gpboost`` (wall) and ``fit_over_gpboost_cpu``: medians over the turns, warm, imports left out; with
        the seconds behind them. The same with ``same_model`` before it, of areas without special ones or
        overdispersion: the model that GPBoost has. The reason instead, where GPBoost is not installed.
    """
    of_file = interpret_counts(read_areas(read_study(STUDY)))
    forms: dict[str, dict[str, Any]] = {"": {}, "same_model_": {"area_effect": "normal", "overdispersion": 1.0}}
    counts = {name: _by_laplace(of_file, form) for name, form in forms.items()}
    for each in counts.values():
        fit_model(build_model(each))  # compiled, or found compiled
    if not GPBOOST.is_file():
        return {"fit_over_gpboost": None, "gpboost": "skipped: not installed (make gpboost)"}
    ours: dict[str, list[tuple[float, float]]] = {name: [] for name in forms}
    theirs, certified = list[tuple[float, float]](), True
    with TemporaryDirectory() as folder:
        write_areas(of_file, Path(folder))
        for _turn in range(TURNS):
            for name, each in counts.items():
                begun, used = perf_counter(), process_time()
                certified &= fit_model(build_model(each)).diagnostics.converged
                ours[name].append((perf_counter() - begun, process_time() - used))
            subprocess.run([GPBOOST, PEERS / "gpboost_fit.py", folder], check=True, capture_output=True)
            found = json.loads(Path(folder, "result.json").read_text("utf-8"))
            theirs.append((found["seconds"]["fit"], found["cpu_seconds"]))
    their_wall, their_cpu = _medians(theirs)
    result: dict[str, Any] = {"gpboost_seconds": round(their_wall, 2), "fit_certified": certified}
    for name, runs in ours.items():
        wall, cpu = _medians(runs)
        result |= {
            f"{name}fit_over_gpboost": round(wall / their_wall, 2),
            f"{name}fit_over_gpboost_cpu": round(cpu / their_cpu, 2),
            f"{name}fit_seconds": round(wall, 2),
        }
    inference = counts[""].study.inference
    return result | {"fit_draws": inference.chains * inference.draws_per_chain}


def _by_laplace(counts: Counts, form: dict[str, Any]) -> Counts:
    """Return the counts of a study that Laplace fits, with a form of the areas' own effects."""
    study = counts.study
    inference = study.inference.model_copy(update={"engine": "laplace"})
    model = study.model.model_copy(update=form)
    return counts.with_study(study.model_copy(update={"inference": inference, "model": model}))


def _medians(runs: list[tuple[float, float]]) -> list[float]:
    """Return the median of each column."""
    return [median(each) for each in zip(*runs, strict=True)]


def write_areas(counts: Counts, folder: Path) -> None:
    """Write areas and the case as the peers of `benchmarks.compare` read them."""
    design = build_model(counts).design
    table = pd.DataFrame({"area": counts.areas.codes, **{n: list(v) for n, v in counts.areas.levels.items()}})
    table = table.assign(people=counts.population, lower=counts.lower, upper=counts.upper)
    columns = [f"x{j}" for j in range(design.x.shape[1])]
    table[columns] = design.x
    table.to_csv(folder / "areas.csv", index=False)
    (folder / "case.json").write_text(json.dumps({"family": "poisson", "columns": columns}), encoding="utf-8")
