"""Spoilt files end in help or are read: a short run of `python -m benchmarks.faults fuzz`."""

import pytest

from benchmarks.faults import fuzz as fuzzing
from benchmarks.faults.fuzz import Taken, count, fuzz
from benchmarks.faults.readers import KINDS, Reader, reader_of
from benchmarks.faults.spoil import spoilt

SHORT = 48


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("xls", "xlsb")])
def test_a_sound_file_is_read(kind, tmp_path):
    path = tmp_path / (kind if kind in ("study.toml", "fit.nc") else f"x.{kind}")
    path.write_bytes(reader_of(kind).sound())
    assert reader_of(kind).read(path) is not None


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


def test_a_reader_that_fails_is_counted(monkeypatch, tmp_path):
    def fails(path):
        raise KeyError(path.name)

    monkeypatch.setattr(fuzzing, "reader_of", lambda kind: Reader(kind, None, bytes, fails))
    end, said = fuzzing._tried("csv", tmp_path / "x.csv")
    assert (end, "KeyError: 'x.csv'" in said) == ("traceback", True)
    ends = [Taken(number, "csv", "cut", end, "") for number, end in enumerate(("traceback", "crash", "hang", "help"))]
    assert (count(ends, 1)["fuzz_tracebacks"], count(ends, 1)["fuzz_hangs"], count(ends, 1)["fuzz_help"]) == (2, 1, 1)
