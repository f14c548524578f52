"""What a fit costs beside what it cost before the one core: both sources in turn, each in processes of its own.

The sources before are taken from the history of this repository. Ratios are now over before; below 1 is better.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks.evidence.record import PROJECT
from benchmarks.evidence.study_2017 import STUDY

BEFORE = "4ada0f7"
"""The commit before the sparse factorisation of the field."""
TURNS = 2
AREAS = 30_000
FITS = 20

READ = """
import json, sys
from time import process_time, perf_counter
from bayesmodel import build_model, example_study, fit_many, fit_model, interpret_counts, read_areas, read_study
from bayesmodel import Variation
def counts_of(study, form, **inference):
    counts = interpret_counts(read_areas(study))
    # the model there was before; the sources of then take no notice of what they do not know
    model = counts.study.model.model_copy(update={"area_effect": form, "overdispersion": 1.0})
    settings = counts.study.inference.model_copy(update=inference)
    return counts.with_study(counts.study.model_copy(update={"model": model, "inference": settings}))
def say(value):
    print(json.dumps(value))
"""
LAPLACE = (
    READ
    + """
counts = counts_of(read_study(sys.argv[1]), sys.argv[2], engine="laplace", fallback="none")
fit_model(build_model(counts))
begun = process_time()
for _turn in range(3):
    fit_model(build_model(counts))
say((process_time() - begun) / 3)
"""
)
NUTS = (
    READ
    + """
counts = counts_of(example_study(), "two-part", engine="nuts", chains=2, tune=500, draws=500)
fit_model(build_model(counts))
begun = process_time()
fit = fit_model(build_model(counts))
say((process_time() - begun) / fit.diagnostics.ess_min)
"""
)
COLD = (
    READ
    + """
begun = perf_counter()
counts = counts_of(read_study(sys.argv[1]), sys.argv[2], engine="laplace", fallback="none")
fit_model(build_model(counts))
say(perf_counter() - begun)
"""
)
MANY = (
    READ
    + """
from pathlib import Path
from tempfile import TemporaryDirectory
if __name__ == "__main__":
    counts = counts_of(read_study(sys.argv[1]), "normal", engine="laplace", fallback="none", draws=125)
    fit_model(build_model(counts))
    variations = [Variation(str(order), counts, {"inference.seed": order}) for order in range(int(sys.argv[2]))]
    with TemporaryDirectory() as folder:
        begun = perf_counter()
        fit_many(variations, Path(folder) / "fits")
        say(perf_counter() - begun)
"""
)
LARGE = (
    READ
    + """
study = example_study(areas=int(sys.argv[1]), gemeenten=int(sys.argv[1]) // 10)
counts = counts_of(study, "normal", engine="laplace", fallback="none")
begun = process_time()
fit_model(build_model(counts))
say(process_time() - begun)
"""
)
MEASURES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "ratio_laplace": (LAPLACE, (str(STUDY), "normal"), TURNS),
    "ratio_laplace_two_part": (LAPLACE, (str(STUDY), "two-part"), TURNS),
    "ratio_nuts_ess": (NUTS, (), TURNS),
    "ratio_many_fits": (MANY, (str(STUDY), str(FITS)), TURNS),
    "ratio_thirty_thousand": (LARGE, (str(AREAS),), 1),
    "ratio_cold": (COLD, (str(STUDY), "normal"), 1),
}
"""Per ratio the code of a process, its arguments, and how often it runs in turn."""


def figures() -> dict[str, Any]:
    """Return the ratios, with the medians behind them, before and now."""
    found: dict[str, Any] = {}
    with TemporaryDirectory() as folder:
        before = Path(folder, "before")
        archive = subprocess.run(["git", "archive", BEFORE], cwd=PROJECT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(before, filter="data")
        for name, (code, words, turns) in MEASURES.items():
            script = Path(folder, f"{name}.py")
            script.write_text(code, encoding="utf-8")
            taken = [[_measured(script, words, root, folder, name) for root in (before, PROJECT)] for _ in range(turns)]
            then, now = (median(each) for each in zip(*taken, strict=True))
            found |= {name: round(now / then, 2), f"{name}_seconds": [round(then, 4), round(now, 4)]}
            print(name, found[name], found[f"{name}_seconds"], file=sys.stderr, flush=True)
    return found


def _measured(script: Path, words: tuple[str, ...], root: Path, folder: str, name: str) -> float:
    """Return what a process with the sources of one folder measures; with nothing compiled where that is measured."""
    cache = {"NUMBA_CACHE_DIR": f"{folder}/{perf_counter()}"} if name == "ratio_cold" else {}
    environment = os.environ | {"PYTHONPATH": str(root)} | cache
    done = subprocess.run(
        [sys.executable, script, *words], cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    return float(json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    print(json.dumps(figures(), indent=1))
