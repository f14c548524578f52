"""Every fault of a service ends in whole data, or in one message of its kind: on a real server, in both protocols."""

import pytest

from bayesmodel.errors import BayesModelError, SourceError
from benchmarks.sources.protocol_faults import CASES, expected_cells, survives, try_case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_ends_as_it_should(case, tmp_path):
    assert survives(case, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")], "something was left half-written"


def test_no_case_has_the_name_of_another():
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_cells_that_are_expected_hold_hidden_ones_and_numbers():
    """Else whole data would prove nothing."""
    cells = expected_cells()
    assert len(cells) == 68
    assert 0 < (cells == "").sum() < 20
    assert set(cells[cells != ""].str[-1]) == {"0", "5"}


@pytest.mark.parametrize("case", [case for case in CASES if case.ends], ids=lambda case: case.name)
def test_the_message_names_what_was_asked_for(case, tmp_path):
    with pytest.raises(BayesModelError) as caught:
        try_case(case, tmp_path)
    assert isinstance(caught.value, SourceError)
    assert any(word in str(caught.value) for word in ("83782NED", "127.0.0.1", str(tmp_path)))
