"""The house itself: sizes, imports, public names, and words that do not belong here."""

import inspect
import re
import subprocess
import sys
from collections import Counter
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path

import grimp
import pytest

import bayesmodel

ROOT = Path(__file__).resolve().parents[1]
CODE = sorted(path for room in ("bayesmodel", "tests", "benchmarks") for path in (ROOT / room).rglob("*.py"))
PACKAGE = Path(bayesmodel.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
SHORT = {
    "__main__.py": "starts the program",
    "cli/exit_codes.py": "what starts the program and every command share",
    "io/isolated_worker.py": "what runs in another process",
    "model/average_share.py": "one compiled function, for every family",
    "model/families/beta_binomial.py": "one family a file",
    "model/families/binomial.py": "one family a file",
    "model/families/negative_binomial.py": "one family a file",
    "model/families/poisson.py": "one family a file",
    "plots/figure.py": "imports matplotlib, or says how to install it",
    "quiet.py": "runs before anything else is imported",
}
"""Modules under 60 lines, each with its reason."""
GOING_BACK = [
    ("estimates.result", "plots[.]default_plot"),
    ("inference.fit", "checks[.].*"),
    ("inference.fit", "estimates[.].*"),
    ("inference.fit", "tables[.]results_folder"),
    ("inference.fit", "inference[.]storage"),
    ("study.schema", "study[.]dataframe"),
    ("io.read", "example"),
]
"""Imports that close a circle, all inside functions: methods of values (docs/decisions/plots-from-estimates.md), and
the reader of any study, as that of the invented country is read like all others."""
PRIVATE_WORDS = {
    *("ahead", "answer", "answered", "ask", "asked", "bend", "descend", "forest", "hear", "heard", "hopeless"),
    *("lacking", "listen", "listened", "middle", "place", "places", "pull", "question", "room", "shear", "sheared"),
    *("told", "walk"),
}
"""Words that this house once used for what has a name of its own in statistics or numerics."""
ENGINES = {"logp", "laplace"}
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


def test_no_module_is_short_without_a_reason():
    short = {str(path.relative_to(PACKAGE)) for path in MODULES if lines(path) < 60 and path.name != "__init__.py"}
    assert short == set(SHORT)


def test_no_module_name_is_used_twice():
    names = Counter(path.name for path in MODULES if path.name not in {"__init__.py", "__main__.py"})
    assert [name for name, number in names.items() if number > 1] == []


def test_no_import_goes_in_a_circle():
    graph = grimp.build_graph("bayesmodel", exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    for module, used in GOING_BACK:
        known = {name for name in imports[f"bayesmodel.{module}"] if re.fullmatch(f"bayesmodel[.]{used}", name)}
        assert known, f"{module} does not import {used} any more"
        imports[f"bayesmodel.{module}"] -= known
    TopologicalSorter(imports).prepare()


@pytest.mark.parametrize(
    "path", [*PACKAGE.glob("logp/*.py"), *PACKAGE.glob("laplace/*.py")], ids=lambda path: path.stem
)
def test_the_engines_speak_the_language_of_the_field(path):
    """In names as well as in docstrings and comments."""
    words = re.findall(r"[A-Za-z][a-z]*", path.read_text("utf-8"))
    assert sorted({word.lower() for word in words} & PRIVATE_WORDS) == []


def test_importing_the_package_is_quick():
    code = "import time; begun = time.perf_counter(); import bayesmodel; print(time.perf_counter() - begun)"
    assert min(float(fresh(code)) for _ in range(3)) < 0.3


@pytest.mark.parametrize("module", ["bayesmodel", "bayesmodel.cli"])
def test_heavy_libraries_are_not_imported(module):
    loaded = set(fresh(f"import sys, {module}; print(*sys.modules)").split())
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("module", ["tables.results_folder", "plots.registry", "laplace.engine", "estimates.explain"])
def test_what_every_command_imports_is_without_slow_statistics(module):
    """`scipy.stats` and ArviZ take most of a second each, which nobody should wait for who wants a table or picture."""
    loaded = set(fresh(f"import sys, bayesmodel.{module}; print(*sys.modules)").split())
    assert loaded & {"scipy.stats", "arviz", "arviz_stats", "pymc"} == set()


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


def test_the_version_stands_in_one_place():
    """Citation and changelog follow it; the distribution reads it when it is built."""
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    latest = re.search(r"^## (\d\S+?)[, ]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert [cited and cited[1], latest and latest[1]] == [bayesmodel.__version__] * 2
    assert version("bayesmodel-sae") == bayesmodel.__version__
