"""A folder is written whole or not at all."""

import os
import subprocess
import sys

import pytest

from bayesmodel.errors import OutputError
from bayesmodel.files import MARK, atomic_folder, refuse_existing


def fill(folder, text):
    (folder / MARK).write_text("{}")
    (folder / "table.csv").write_text(text)


def write(folder, text, *, force=False, failure=None):
    with atomic_folder(folder, force=force) as draft:
        fill(draft, text)
        if failure:
            raise failure


def everything(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_folder_holds_what_was_written_and_nothing_else_is_made(tmp_path):
    write(tmp_path / "deep" / "results", "a")
    assert everything(tmp_path) == ["deep", "deep/results", f"deep/results/{MARK}", "deep/results/table.csv"]


def test_others_may_read_it_as_they_may_read_any_new_folder(tmp_path):
    write(tmp_path / "results", "a")
    (tmp_path / "ordinary").mkdir()
    assert (tmp_path / "results").stat().st_mode == (tmp_path / "ordinary").stat().st_mode


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), ValueError(), OSError(28, "No space left on device")])
@pytest.mark.parametrize("older", [False, True])
def test_a_failure_in_the_middle_leaves_what_was_there(tmp_path, failure, older):
    if older:
        write(tmp_path / "results", "older")
    before = everything(tmp_path)
    expected = OutputError if isinstance(failure, OSError) else type(failure)
    with pytest.raises(expected):
        write(tmp_path / "results", "newer", force=True, failure=failure)
    assert everything(tmp_path) == before
    assert not older or (tmp_path / "results" / "table.csv").read_text() == "older"


def test_an_existing_folder_is_refused_and_force_replaces_it(tmp_path):
    write(tmp_path / "results", "older")
    with pytest.raises(OutputError, match="--force"):
        write(tmp_path / "results", "newer")
    assert (tmp_path / "results" / "table.csv").read_text() == "older"
    write(tmp_path / "results", "newer", force=True)
    assert (tmp_path / "results" / "table.csv").read_text() == "newer"
    assert everything(tmp_path) == ["results", f"results/{MARK}", "results/table.csv"]


def test_force_never_replaces_a_folder_that_holds_no_results(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(OutputError, match="not a results folder"):
        write(tmp_path / "thesis", "newer", force=True)
    assert everything(tmp_path) == ["thesis", "thesis/chapter.txt"]


def test_when_the_new_folder_cannot_come_in_place_the_older_one_returns(tmp_path, monkeypatch):
    folder = tmp_path / "results"
    write(folder, "older")
    real = type(folder).rename

    def rename(path, target):
        if path.name == "new":
            raise PermissionError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(type(folder), "rename", rename)
    with pytest.raises(OutputError, match="Permission denied"):
        write(folder, "newer", force=True)
    assert (folder / "table.csv").read_text() == "older"


def test_a_place_that_cannot_hold_a_folder_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/results could not be written"):
        write(tmp_path / "file" / "results", "a")


@pytest.mark.skipif(os.geteuid() == 0, reason="to the administrator no folder is closed")
def test_a_closed_folder_is_refused_before_anything_is_made(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="may not be written in"):
        refuse_existing(tmp_path / "closed" / "deep" / "results", force=False)


def test_a_place_that_is_a_file_is_refused_before_anything_is_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file is a file"):
        refuse_existing(tmp_path / "file" / "results", force=False)


def test_a_really_full_disk(tmp_path):
    """The operating system itself refuses to write more than a kilobyte."""
    code = f"""
import resource
from pathlib import Path
from bayesmodel.errors import OutputError
from bayesmodel.files import atomic_folder
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
try:
    with atomic_folder(Path({str(tmp_path / "results")!r}), force=False) as draft:
        (draft / "table.csv").write_text("x" * 4096)
except OutputError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "could not be written" in done.stdout
    assert everything(tmp_path) == []
