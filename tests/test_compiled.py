"""Machine code is that of the sources: it lies in a folder that their hash names."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bayesmodel.compiled import PACKAGE, SOURCES, hash_of_sources, machine_code_folder
from bayesmodel.logp.sample_area_effects import add_by_rejection


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the package, to be changed."""
    target = tmp_path_factory.mktemp("copy") / "bayesmodel"
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def value(copy: Path) -> float:
    """What the copy makes of the cached function whose arithmetic stands in another file."""
    code = "from bayesmodel.logp.interval_loglik import normal_share; print(normal_share(0.0, 9.0, 60.0, 0.2, 0.1)[0])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=copy.parent, capture_output=True, text=True, check=True)
    return float(ran.stdout)


def test_machine_code_lies_in_the_folder_of_its_sources():
    assert machine_code_folder().name.endswith(hash_of_sources())
    assert Path(add_by_rejection.stats.cache_path).is_relative_to(machine_code_folder())


def test_every_file_with_compiled_functions_counts():
    listed = {path for pattern in SOURCES for path in PACKAGE.glob(pattern)}
    compiling = re.compile(r"from bayesmodel\.compiled import (?!machine_code_folder\n)|import numba|from numba")
    found = {path for path in PACKAGE.rglob("*.py") if compiling.search(path.read_text("utf-8"))}
    assert found - listed == set()


def test_a_change_in_a_called_file_is_compiled_anew(copy):
    before, hashed = value(copy), hash_of_sources(copy)
    vecmath = copy / "logp" / "vecmath.py"
    text = vecmath.read_text("utf-8")
    changed = text.replace(
        "def log_normal_cdf(x: float) -> float:", "def log_normal_cdf(x: float) -> float:\n    x += 0.5"
    )
    assert changed != text
    vecmath.write_text(changed, "utf-8")
    assert hash_of_sources(copy) != hashed
    assert value(copy) != before
