import numpy as np
import pandas as pd
import pytest

from bayesmodel.io.determinants import determinants_in, highest_of

CODES = ["WK000101", "WK000102", "WK000201"]
LEVELS = pd.DataFrame({"gemeente": ["GM0001", "GM0001", "GM0002"], "regio": "JZ01"}, index=CODES)


@pytest.fixture
def read(study_of):
    """Read columns of cells as determinants, each with its own settings."""

    def make(columns, only=None, **settings):
        determinants = [{"column": name, **settings} for name in only or columns]
        return determinants_in(
            pd.DataFrame(columns, index=CODES, dtype=str), LEVELS, study_of({"x": ""}, determinants=determinants)
        )

    return make


def test_values_symbols_and_gaps(read):
    table, faults = read({"b": ["1.5", ".", ""], "a": ["1", "2", "3"]})
    assert list(table) == ["b", "a"]
    np.testing.assert_array_equal(table["b"], [1.5, np.nan, np.nan])
    assert "one value everywhere (1.5)" in faults[0].found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["4", "4", "4"], "one value everywhere (4)"),
        (["4", "4", ""], "one value everywhere (4)"),
        ([""] * 3, "no value anywhere"),
    ],
)
def test_a_constant_determinant_is_a_fault_with_advice(read, cells, found):
    _, (fault,) = read({"a": cells})
    assert (fault.where, fault.found) == ("a", found)
    assert "take it out" in fault.advice


def test_twins_are_a_fault_also_with_gaps(read):
    _, (fault,) = read({"a": ["1", "2", "."], "b": ["1.0", "2.00", ""], "c": ["1", "2", "3"]})
    assert (fault.where, fault.found) == ("b", "the same values as a")


@pytest.mark.parametrize(
    ("transform", "cells", "rows"),
    [
        ("log", ["0", "1", "-2"], ["WK000101 (0)", "WK000201 (-2)"]),
        ("sqrt", ["0", "1", "-2"], ["WK000201 (-2)"]),
        ("logit", ["0", "100", "100.5"], ["WK000201 (100.5)"]),
    ],
)
def test_what_a_transformation_cannot_take(read, transform, cells, rows):
    _, (fault,) = read({"a": cells}, transform=transform)
    assert list(fault.rows) == rows
    assert read({"a": cells})[1] == []


def test_a_trait_of_the_gemeente_has_one_value_in_it(read):
    assert read({"a": ["1", "1", "2"]}, level="gemeente")[1] == []
    assert read({"a": ["1", "", "2"]}, level="gemeente")[1] == []
    _, (fault,) = read({"a": ["1", "3", "2"]}, level="gemeente")
    assert list(fault.rows) == ["GM0001"]


def test_all_faults_at_once(read):
    _, faults = read({"a": ["x", "1", "2"], "b": ["1", "1", "1"], "c": ["1", "2", "y"]})
    assert [fault.where for fault in faults] == ["a", "b", "c"]


@pytest.fixture
def highest(study_of):
    """What hidden shares of wijken of 50, 200 and 1,000 people can be at most, and what is wrong."""

    def make(cells, **hidden):
        study = study_of({"x": ""}, determinants=[{"column": "a", "hidden": {"below": 10, **hidden}}])
        frame = pd.DataFrame({"a": cells, "homes": ["20", "", "400"]}, index=CODES)
        values = determinants_in(frame, LEVELS, study)[0]
        return highest_of(frame, values, pd.Series([50, 200, 1000], index=CODES), study)

    return make


def test_a_hidden_share_is_at_most_nine_of_its_people(highest):
    table, faults = highest([".", "5", "."])
    assert not faults
    np.testing.assert_allclose(table["a"], [18.0, np.inf, 0.9])


def test_a_hidden_share_of_another_column_and_scale(highest):
    table, _ = highest([".", ".", "30"], of="homes", per=1000)
    np.testing.assert_allclose(table["a"], [450.0, np.inf, np.inf])
    table, _ = highest([".", ".", "30"], of="homes", below=30)
    assert table["a"].iloc[0] == 100, "a share is at most everybody"


def test_shares_published_below_the_limit_refuse_the_rule(highest):
    _, (fault,) = highest(["2", ".", "0.4"])
    assert "count fewer than 10" in fault.found
    assert list(fault.rows) == ["WK000101", "WK000201"]


def test_no_determinant_is_hidden(study_of):
    study = study_of({"x": ""}, determinants=[{"column": "a"}])
    assert highest_of(pd.DataFrame(), pd.DataFrame({"a": [1.0]}), pd.Series([1]), study) == (None, [])


def test_a_share_is_a_percentage_of_another_column(read):
    columns = {"children": ["30", ".", "5"]}
    table, faults = read_shares(read, columns, ["120", "60", "0"])
    np.testing.assert_array_equal(table["children"], [25, np.nan, np.nan])
    assert not [fault for fault in faults if "share of" in fault.found]


def read_shares(read, columns, whole):
    return read(columns | {"whole": whole}, share_of="whole", only=["children"])


def test_more_than_the_whole_is_a_fault_where_it_happens_often(read):
    _, faults = read_shares(read, {"children": ["30", "90", "5"]}, ["20", "30", "10"])
    assert [fault.where for fault in faults if "which it is a share of" in fault.found] == ["children"]


def test_decimals_that_were_lost_are_refused(read):
    _, (fault,) = read({"a": ["07", "12", "21"]})
    assert "07" in fault.found
    assert "bayesmodel fetch" in fault.advice
