"""What the second plan of the house changed: files, names, draws, times, and what notices a mistake."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.evidence.record import PROJECT
from benchmarks.mutations import MUTATIONS, survivors

BEFORE = "668a723"
"""The last commit of the first plan."""
FITS = """
import json, sys, time
import numpy as np
import bayesmodel as bm

def values(fit):
    return {name: array.to_numpy().ravel().tolist() for name, array in fit.posterior.data_vars.items()}

drawn, seconds = {}, {}
small = bm.example_study(areas=150, gemeenten=20, regions=4, seed=3)
for family in ("binomial", "poisson", "beta-binomial", "negative-binomial", "normal-share"):
    study = small.model_copy(update={"model": small.model.model_copy(update={"family": family})})
    for engine in ("laplace", "nuts"):
        drawn[f"{family} {engine}"] = values(bm.fit(study, engine=engine))
real = bm.interpret_counts(bm.read_areas(bm.read_study("data/jeugdhulp-2017/study.toml")))
fits = {"laplace": (real, "laplace"), "nuts": (bm.interpret_counts(bm.read_areas(small)), "nuts")}
for name, (counts, engine) in fits.items():
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        fit = bm.fit(counts, engine=engine)
        taken.append(time.perf_counter() - begun)
    seconds[name] = min(taken)
    drawn[f"{name} timed"] = values(fit)
np.savez(sys.argv[1], **{f"{key} {name}": array for key, found in drawn.items() for name, array in found.items()})
print(json.dumps(seconds))
"""


def figures() -> dict[str, Any]:
    """Return the figures, from the commit before and from the checkout as it is."""
    with TemporaryDirectory() as folder:
        before = Path(folder) / "checkout"
        run(["git", "clone", "--quiet", "--no-checkout", str(PROJECT), str(before)])
        run(["git", "checkout", "--quiet", BEFORE], before)
        (before.parent / "shared").symlink_to(PROJECT.parent / "shared")
        then, now = shape(before), shape(PROJECT)
        drawn = _draws(before, Path(folder))
    alive = list(survivors())
    return {
        **{f"{name}_before": size for name, size in then.items()},
        **{f"{name}_after": size for name, size in now.items()},
        "median_lines": now["median_lines"],
        "modules_with_same_name": now["modules_with_same_name"],
        "import_cycles": passes("test_no_import_goes_in_a_circle"),
        "banned_words": passes("test_the_engines_speak_the_language_of_the_field"),
        "mutants_tried": len(MUTATIONS),
        "mutants_killed": len(MUTATIONS) - len(alive),
        **drawn,
        "wheel_example_runs": subprocess.run([sys.executable, ".ci/package.py"], cwd=PROJECT, check=False).returncode
        == 0,
        "lines_dataframe_to_comparison": lines_of_readme(),
    }


def shape(checkout: Path) -> dict[str, Any]:
    """Return files, lines, median lines, names used twice and the share of lines that import, of the package."""
    paths = sorted((checkout / "bayesmodel").rglob("*.py"))
    lines = [len(path.read_text("utf-8").splitlines()) for path in paths]
    names = Counter(path.name for path in paths if path.name not in {"__init__.py", "__main__.py"})
    imports = sum(imported(path) for path in paths)
    return {
        "files": len(paths),
        "lines": sum(lines),
        "median_lines": median(lines),
        "modules_with_same_name": sum(number for number in names.values() if number > 1),
        "share_of_import_lines": round(imports / sum(lines), 3),
    }


def imported(path: Path) -> int:
    """Return the number of lines with which a file imports."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes)


def lines_of_readme() -> int:
    """Return the lines of code in the README, which go from a DataFrame to a comparison and to tables."""
    [block] = re.findall(r"```python\n(.*?)```", (PROJECT / "README.md").read_text("utf-8"), re.DOTALL)
    return sum(bool(line.strip()) for line in block.splitlines())


def passes(test: str) -> int:
    """Return 0 where a law of the house holds; 1 where it does not."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_house.py", "-k", test]
    return int(subprocess.run(command, cwd=PROJECT, capture_output=True, check=False).returncode != 0)


def _draws(before: Path, folder: Path) -> dict[str, Any]:
    """Return whether both versions draw the same, and how their times compare, each timed twice in turn."""
    import numpy as np

    seconds: dict[str, list[dict[str, float]]] = {"before": [], "after": []}
    for _ in range(2):
        for name, checkout in (("before", before), ("after", PROJECT)):
            environment = os.environ | {"PYTHONPATH": str(checkout), "NUMBA_CACHE_DIR": str(folder / name)}
            command = [sys.executable, "-W", "ignore", "-c", FITS, str(folder / f"{name}.npz")]
            ended = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
            seconds[name].append(json.loads(ended.stdout.splitlines()[-1]))
    old, new = np.load(folder / "before.npz"), np.load(folder / "after.npz")
    furthest = {key: float(np.abs(old[key] - new[key]).max(initial=0.0)) for key in old.files}
    nuts = [size for key, size in furthest.items() if "nuts" in key]
    laplace = [size for key, size in furthest.items() if "laplace" in key]
    best = {
        name: {engine: min(each[engine] for each in runs) for engine in ("laplace", "nuts")}
        for name, runs in seconds.items()
    }
    return {
        "draws_equal": max(nuts) == 0.0 and max(laplace) < 1e-8,
        "largest_difference_nuts": max(nuts),
        "largest_difference_laplace": max(laplace),
        "timing_ratio_laplace": round(best["after"]["laplace"] / best["before"]["laplace"], 3),
        "timing_ratio_nuts": round(best["after"]["nuts"] / best["before"]["nuts"], 3),
    }


def run(command: list[str], folder: Path | None = None) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, cwd=folder, check=True)
