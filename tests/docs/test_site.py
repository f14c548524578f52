"""The site: it is made without a warning, which runs the notebooks; these are kept without what came out of them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MADE = shutil.ignore_patterns("_build", "generated", "results", ".ipynb_checkpoints")


def test_it_is_made_without_a_warning(tmp_path):
    for name in ("docs", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name, symlinks=True, ignore=MADE)
    for page in ROOT.glob("*.md"):
        shutil.copy(page, tmp_path)
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "--quiet", "docs", "site"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = {path.stem for path in (tmp_path / "site" / "notebooks").glob("0*.html")}
    assert pages == {path.stem for path in NOTEBOOKS}
    assert (tmp_path / "notebooks" / "results" / "tables.xlsx").exists()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_came_out_of_it(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    run = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(run) > 5
    assert [cell["source"] for cell in run if cell["outputs"] or cell["execution_count"] is not None] == []
