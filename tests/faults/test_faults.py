"""Every fault ends in help: a message that names place, value and remedy, an exit code, nothing half-written."""

import re

import pytest

from benchmarks.faults import CASES, attempt
from benchmarks.faults.__main__ import PAGE
from benchmarks.faults.attempt import in_this_process
from benchmarks.faults.halted import Moment, full_disk, stopped
from benchmarks.faults.page import page


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_ends_in_help(case, tmp_path):
    outcome = attempt(case, tmp_path, in_this_process)
    assert [phrase for phrase in case.says if phrase not in outcome.message] == [], outcome.message
    assert outcome.helps(case), outcome


def test_the_page_is_current():
    """Made again by: python -m benchmarks.faults."""
    assert PAGE.read_text("utf-8") == page()


def test_every_fault_has_a_name_of_its_own():
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("moment", [Moment("read and check", 0.0), Moment("fit", 1.0)], ids=str)
def test_ctrl_c_leaves_nothing(moment, tmp_path):
    outcome = stopped(tmp_path, moment)
    assert (outcome.code, outcome.left_behind, outcome.is_traceback) == (130, (), False), outcome.message
    assert "Stopped by Ctrl-C; nothing was written." in outcome.message


def test_a_full_disk_leaves_nothing(tmp_path):
    outcome = full_disk(tmp_path, 20_000)
    assert (outcome.code, outcome.left_behind, outcome.is_traceback) == (4, (), False), outcome.message
    # Which file is too large first depends on whether the machine code was compiled before: either way it is said.
    assert re.search(r"could not be written: File too large\. .*left behind\.\n$", outcome.message), outcome.message
