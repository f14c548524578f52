"""The inputs after public bug reports, where they lie beside the project."""

import pytest

from benchmarks.faults.attempt import in_this_process
from benchmarks.sense.shared_cases import CASES_FOLDER, EXPECTED, as_expected


@pytest.mark.parametrize("name", EXPECTED)
def test_each_case_ends_as_it_must(name, tmp_path):
    if not CASES_FOLDER.is_dir():
        pytest.skip("the inputs after bug reports are not beside this checkout (../shared/cases)")
    assert as_expected(name, tmp_path, in_this_process)


def test_every_case_is_tried():
    if not CASES_FOLDER.is_dir():
        pytest.skip("the inputs after bug reports are not beside this checkout (../shared/cases)")
    assert {path.name for path in CASES_FOLDER.iterdir() if path.is_dir()} == set(EXPECTED)
