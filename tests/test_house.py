"""The house itself: sizes, imports, public names, and words that do not belong here."""

import inspect
import re
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import bayesmodel

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(path for room in ("bayesmodel", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py"))
HEAVY = {
    "arviz",
    "matplotlib",
    "numba",
    "numpy",
    "nutpie",
    "pandas",
    "pyarrow",
    "pydantic",
    "pymc",
    "pytensor",
    "scipy",
    "xarray",
}


def fresh(code: str) -> str:
    """Run `code` in a new interpreter and return what it prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_long():
    assert [str(path) for path in CODE if lines(path) > 500] == []


def test_most_files_are_short():
    assert median(map(lines, CODE)) < 150


def test_importing_the_package_is_quick():
    code = "import time; begun = time.perf_counter(); import bayesmodel; print(time.perf_counter() - begun)"
    assert min(float(fresh(code)) for _ in range(3)) < 0.3


@pytest.mark.parametrize("module", ["bayesmodel", "bayesmodel.cli"])
def test_heavy_libraries_are_not_imported(module):
    loaded = set(fresh(f"import sys, {module}; print(*sys.modules)").split())
    assert loaded & HEAVY == set()


def test_public_names_are_sorted_and_there():
    assert bayesmodel.__all__ == sorted(bayesmodel.__all__)
    for name in bayesmodel.__all__:
        assert getattr(bayesmodel, name) is not None


@pytest.mark.parametrize("name", bayesmodel.__all__)
def test_public_names_are_documented(name):
    thing = getattr(bayesmodel, name)
    assert thing.__doc__
    if inspect.isfunction(thing):
        assert ">>> " in thing.__doc__, "an example is missing"


def test_no_failure_is_swallowed():
    swallowing = re.compile(r"except\s*(Exception|BaseException)?\s*:")
    assert [str(path) for path in CODE if path != Path(__file__) and swallowing.search(path.read_text("utf-8"))] == []


def test_no_path_of_one_machine():
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]  # as in a linked worktree
    files = top + CODE + list((ROOT / "docs").rglob("*.md"))
    machine = re.compile(r"(?<![\w.])/(home|Users|root|work|tmp|mnt|opt)/\w+/")
    assert [str(path) for path in files if machine.search(path.read_text("utf-8"))] == []


def test_pins_are_plain():
    pins = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []
