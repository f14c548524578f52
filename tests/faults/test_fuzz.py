"""Spoilt files end in help or are read: a short run of `python -m benchmarks.faults fuzz`."""

import os
import time

import pytest

from benchmarks.faults import fuzz as fuzzing
from benchmarks.faults.fuzz import count, fuzz
from benchmarks.faults.readers import KINDS, TABLES, reader_of
from benchmarks.faults.spoil import spoilt

SHORT = 48


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("xls", "xlsb")])
def test_a_sound_file_is_read(kind, tmp_path):
    path = tmp_path / (kind if kind in ("study.toml", "fit.nc") else f"x.{kind}")
    path.write_bytes(reader_of(kind).sound())
    reader_of(kind).read(path)


def test_a_seed_gives_the_same_files():
    assert [spoilt(number, 5) for number in range(24)] == [spoilt(number, 5) for number in range(24)]
    assert spoilt(0, 5) != spoilt(0, 6)


def test_most_files_are_really_spoilt():
    sound = {kind: reader_of(kind).sound() for kind in KINDS if kind not in ("xlsx", "xls", "xlsb")}
    made = [spoilt(number, 3, tuple(sound)) for number in range(60)]
    assert sum(item.content != sound[item.kind] for item in made) > 50


def test_spoilt_files_end_in_help():
    found = fuzz(SHORT, seed=1)
    wrong = [taken for taken in found if taken.end not in ("read", "help")]
    assert wrong == []
    figures = count(found, 1)
    assert (figures["fuzz_inputs"], figures["fuzz_tracebacks"], figures["fuzz_hangs"]) == (SHORT, 0, 0)
    assert set(figures["fuzz_readers"]) == set(KINDS)
    assert figures["fuzz_help"] > SHORT / 2


def broken(path):
    """A reader that fails in each way."""
    way = path.read_bytes()[0]
    if way == 0:
        raise KeyError("x")
    if way == 1:
        os._exit(3)
    if way == 2:
        time.sleep(60)


def test_what_goes_wrong_is_counted(monkeypatch):
    """A reader that raises, one that ends its process, and one that never comes back."""
    monkeypatch.setattr(fuzzing, "SECONDS", 6.0)
    monkeypatch.setattr(fuzzing, "get_context", lambda _: __import__("multiprocessing").get_context("fork"))
    monkeypatch.setattr(fuzzing, "spoilt", lambda number, *_: fuzzing_item(number))
    monkeypatch.setattr(fuzzing, "reader_of", lambda _: type("R", (), {"read": staticmethod(lambda p: broken(p))}))
    found = fuzz(4, workers=1, kinds=TABLES)
    assert [taken.end for taken in found] == ["traceback", "crash", "hang", "read"]
    assert (count(found, 1)["fuzz_tracebacks"], count(found, 1)["fuzz_hangs"]) == (2, 1)


def fuzzing_item(number):
    """A file of one byte."""
    from benchmarks.faults.spoil import Spoilt

    return Spoilt("csv", "made up", bytes([number]))
