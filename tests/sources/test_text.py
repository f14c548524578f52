import pandas as pd
import pytest

from bayesmodel.sources.text import point_decimals


@pytest.mark.parametrize(
    "cells",
    [
        ["1,5", "1.5"],  # both marks
        ["1.234,5"],  # both marks in one number
        ["Appel, Driedorp"],
        ["Wijk 1,5", "2,5"],  # names among numbers
        ["1,5,6"],
        ["1,", "2,5"],
        [",", "."],  # symbols only
        [],
    ],
)
def test_a_column_that_is_not_plainly_decimal_commas_is_left_alone(cells):
    frame, changed = point_decimals(pd.DataFrame({"a": pd.Series(cells, dtype=str)}))
    assert (frame["a"].tolist(), changed) == (cells, [])


def test_decimal_commas_become_points_and_symbols_stay():
    frame, changed = point_decimals(pd.DataFrame({"a": ["-1,50", "3", ".", "", "x"], "b": ["1", "2", "3", "4", "5"]}))
    assert frame["a"].tolist() == ["-1.50", "3", ".", "", "x"]
    assert changed == ["a"]
