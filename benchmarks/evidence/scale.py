"""How time and memory grow with the number of areas: both engines, each size in a process of its own.

The areas are repeated over years, as buurten are: a thousand times as many in the same gemeenten and regions.
`python -m benchmarks.evidence.scale ENGINE AREAS DRAWS` measures one size.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import (
    Study,
    build_model,
    difference,
    fit_model,
    interpret_counts,
    read_areas,
    study_from,
    summary_in_parts,
)
from benchmarks.evidence.record import FOLDER

GEMEENTEN, REGIONS, COLUMNS = 388, 42, 6
SIZES = (3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
CHAINS = {"laplace": 4, "nuts": 2}
DRAWS = {"laplace": 1000, "nuts": 400}
TUNE = 200
PEOPLE = 685
"""Young people in a wijk, median."""


def figures() -> dict[str, Any]:
    """Return seconds and peak of each size, and the exponents."""
    curves = {engine: [measured(engine, size) for size in SIZES] for engine in DRAWS}
    draw_curves(curves)
    return {
        **{f"million_seconds_{engine}": curve[-1]["seconds"] for engine, curve in curves.items()},
        "million_peak_gb": curves["laplace"][-1]["peak_gb"],
        "million_peak_gb_nuts": curves["nuts"][-1]["peak_gb"],
        **{f"cost_exponent_{engine}": exponent(curve) for engine, curve in curves.items()},
        "curves": curves,
    }


def draw_curves(curves: dict[str, list[dict[str, Any]]]) -> None:
    """Draw seconds and peak memory over the number of areas."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    panels = figure.subplots(1, 2)
    titles = {"seconds": "seconds to the summary of every area", "peak_gb": "largest memory in use (GB)"}
    for panel, (key, title) in zip(panels, titles.items(), strict=True):
        for engine, curve in curves.items():
            areas, values = ([point[what] for point in curve] for what in ("areas", key))
            label = f"{engine}, {DRAWS[engine]:,} draws" + (f" after {TUNE}" if engine == "nuts" else "")
            panel.loglog(areas, values, "o-", label=label)
        panel.set(xlabel="areas", title=title)
        panel.grid(alpha=0.3)
    panels[0].legend(frameon=False)
    figure.savefig(FOLDER / "scale.png", dpi=150)


def exponent(curve: list[dict[str, Any]]) -> float:
    """Return the slope of log seconds on log areas, over the larger sizes, where a start no longer counts."""
    large = [point for point in curve if point["areas"] >= 10_000]
    areas, seconds = (np.log([point[key] for point in large]) for key in ("areas", "seconds"))
    return round(float(np.polyfit(areas, seconds, 1)[0]), 2)


def measured(engine: str, areas: int) -> dict[str, Any]:
    """Return what one size takes, in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.evidence.scale", engine, str(areas), str(DRAWS[engine])]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(found, file=sys.stderr, flush=True)
    return found


def one(engine: str, areas: int, draws: int) -> dict[str, Any]:
    """Fit one size and summarise the difference of every area; what was compiled before does not count."""
    with tempfile.TemporaryDirectory() as folder:
        fit_model(build_model(interpret_counts(read_areas(country(Path(folder), SIZES[0], engine, 400)))))
        study, asked = country(Path(folder), areas, engine, draws), perf_counter()
        counts = interpret_counts(read_areas(study))
        begun = perf_counter()
        fit = fit_model(build_model(counts))
        fitted = perf_counter()
        table = summary_in_parts(
            fit, lambda codes: difference(fit, expectation="gemeente", scale="points", areas=codes)
        )
        done = perf_counter()
    assert len(table) == areas
    certificate = fit.diagnostics.certificate
    return {
        "engine": engine,
        "areas": areas,
        "seconds": round(done - begun, 2),
        "seconds_reading": round(begun - asked, 2),
        "seconds_estimates": round(done - fitted, 2),
        "peak_gb": round(peak_gb(), 2),
        "effective": round(fit.diagnostics.ess_min),
        "pareto_k": None if certificate is None else round(certificate.pareto_k, 2),
        "converged": fit.diagnostics.converged,
    }


def peak_gb() -> float:
    """Return the largest memory of this process; `getrusage` would give that of the process that started it too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(float(line.split()[1]) / 1e6 for line in lines if line.startswith("VmHWM"))


def country(folder: Path, areas: int, engine: str, draws: int) -> Study:
    """Write the table of an invented country with normal determinants; return its study."""
    rng = np.random.default_rng(areas)
    gemeente = np.sort(np.concatenate([np.arange(GEMEENTEN), rng.integers(0, GEMEENTEN, areas - GEMEENTEN)]))
    region = gemeente * REGIONS // GEMEENTEN
    x = rng.normal(size=(areas, COLUMNS))
    eta = -2.3 + x @ rng.normal(0, 0.1, COLUMNS) + rng.normal(0, 0.12, areas)
    eta += rng.normal(0, 0.15, REGIONS)[region] + rng.normal(0, 0.1, GEMEENTEN)[gemeente]
    people = np.maximum(rng.lognormal(np.log(PEOPLE), 1, areas).astype(int), 20)
    count = np.minimum(rng.poisson(people * np.exp(eta)), people)
    texts = {
        "area": [f"A{place:07d}" for place in range(areas)],
        "gemeente": [f"G{place:03d}" for place in gemeente],
        "region": [f"R{place:02d}" for place in region],
        "people": people,
        "count": np.where(count < 10, ".", count.astype(str)),
    }
    table = pd.DataFrame(texts | {f"x{column}": x[:, column] for column in range(COLUMNS)})
    table.to_parquet(folder / f"{areas}.parquet")
    return _study(folder, f"{areas}.parquet", {"engine": engine, "chains": CHAINS[engine], "tune": TUNE}, draws)


def _study(folder: Path, table: str, inference: dict[str, Any], draws: int) -> Study:
    """Return the study of a table."""

    def label(text: str) -> dict[str, str]:
        return {"nl": text, "en": text}

    names = [f"x{column}" for column in range(COLUMNS)]
    return study_from(
        {
            "name": "scale",
            "area": "wijk",
            "folder": str(folder),
            "outcome": {"count": label("use"), "population": label("people"), "year": 2017, "vintage": 2017},
            "tables": [{"path": table, "key": "area"}],
            "columns": {"area": "area", "count": "count", "population": "people"},
            "levels": [
                {"name": "gemeente", "column": "gemeente", "within": "region", "label": label("gemeente")},
                {"name": "region", "column": "region", "label": label("region")},
            ],
            "blocks": [{"name": "all", "label": label("all")}],
            "determinants": [
                {"column": name, "label": label(name), "block": "all", "transform": "none"} for name in names
            ],
            "publication": {"hidden_below": 10, "hidden_symbols": ["."]},
            "inference": inference | {"draws": draws // inference["chains"]},
        }
    )


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
