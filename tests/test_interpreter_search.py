"""`.ci/python` takes an interpreter that runs, whatever the names on the PATH promise."""

import subprocess
import sys
from pathlib import Path

import pytest

SEARCH = Path(__file__).resolve().parents[1] / ".ci" / "python"


@pytest.fixture
def machine(tmp_path):
    """A machine with only failing shims on its PATH, on which one can put a working Python."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("python3", "python3.12", "python3.13"):
        program(programs / name, "echo 'command not found' >&2; exit 127")
    for name in ("bash", "cat", "env"):
        (programs / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    return tmp_path


def program(path, line):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{line}\n")
    path.chmod(0o755)


def working(path):
    program(path, f'exec "{sys.executable}" "$@"')


def search(machine, **settings):
    settings = {"PATH": str(machine / "programs"), "HOME": str(machine / "home")} | settings
    return subprocess.run(["/bin/bash", SEARCH], capture_output=True, text=True, check=False, env=settings)


def elsewhere():
    """Whether this machine has a Python in one of the usual places outside the PATH."""
    return [path for folder in ("/usr/local/bin", "/usr/bin") for path in Path(folder).glob("python3.1[23]")]


def test_failing_shims_are_passed_over_for_the_one_under_pyenv(machine):
    working(machine / "home" / ".pyenv" / "versions" / "3.13.1" / "bin" / "python")
    assert search(machine).stdout.strip() == sys.executable


def test_the_one_asked_for_is_taken_or_refused_by_name(machine):
    working(machine / "mine")
    assert search(machine, PYTHON=str(machine / "mine")).stdout.strip() == sys.executable
    refused = search(machine, PYTHON="python3.13")
    assert refused.returncode == 1
    assert "PYTHON=python3.13 does not run" in refused.stderr


def test_an_older_python_is_not_taken(machine):
    program(machine / "old", f'exec "{sys.executable}" -c "import sys; sys.version_info = (3, 11, 7)$2"')
    assert search(machine, PYTHON=str(machine / "old")).returncode == 1


@pytest.mark.skipif(bool(elsewhere()), reason="this machine has a working Python in a usual place")
def test_when_there_is_none_it_says_what_to_install(machine):
    done = search(machine)
    assert done.returncode == 1
    assert "pyenv install 3.13" in done.stderr
    assert "apt install python3 python3-venv" in done.stderr
