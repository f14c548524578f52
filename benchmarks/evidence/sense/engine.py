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
        the seconds behind them. The reason instead, where GPBoost is not installed.
    """
    counts = interpret_counts(read_areas(read_study(STUDY)))
    inference = counts.study.inference.model_copy(update={"engine": "laplace"})
    counts = counts.with_study(counts.study.model_copy(update={"inference": inference}))
    fit_model(build_model(counts))  # compiled, or found compiled
    if not GPBOOST.is_file():
        return {"fit_over_gpboost": None, "gpboost": "skipped: not installed (make gpboost)"}
    ours, theirs = list[tuple[float, float]](), list[tuple[float, float]]()
    with TemporaryDirectory() as folder:
        write_areas(counts, Path(folder))
        for _turn in range(TURNS):
            begun, used = perf_counter(), process_time()
            verdict = fit_model(build_model(counts)).diagnostics
            ours.append((perf_counter() - begun, process_time() - used))
            subprocess.run([GPBOOST, PEERS / "gpboost_fit.py", folder], check=True, capture_output=True)
            found = json.loads(Path(folder, "result.json").read_text("utf-8"))
            theirs.append((found["seconds"]["fit"], found["cpu_seconds"]))
    (wall, cpu), (their_wall, their_cpu) = (
        [median(each) for each in zip(*runs, strict=True)] for runs in (ours, theirs)
    )
    return {
        "fit_over_gpboost": round(wall / their_wall, 2),
        "fit_over_gpboost_cpu": round(cpu / their_cpu, 2),
        "fit_seconds": round(wall, 2),
        "gpboost_seconds": round(their_wall, 2),
        "fit_certified": verdict.converged,
        "fit_draws": inference.chains * inference.draws_per_chain,
    }


def write_areas(counts: Counts, folder: Path) -> None:
    """Write areas and the case as the peers of `benchmarks.compare` read them."""
    design = build_model(counts).design
    table = pd.DataFrame({"area": counts.areas.codes, **{n: list(v) for n, v in counts.areas.levels.items()}})
    table = table.assign(people=counts.population, lower=counts.lower, upper=counts.upper)
    columns = [f"x{j}" for j in range(design.x.shape[1])]
    table[columns] = design.x
    table.to_csv(folder / "areas.csv", index=False)
    (folder / "case.json").write_text(json.dumps({"family": "poisson", "columns": columns}), encoding="utf-8")
