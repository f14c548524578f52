"""What to do about a cell that holds no number depends on what it is."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.count_validation import text_faults
from bayesmodel.data.odd_cells import kinds_of
from bayesmodel.data.publication import published_cells
from bayesmodel.io.numbers import numbers_in, whole_numbers_in
from bayesmodel.messages import speaking
from bayesmodel.study.parts import Publication

SYMBOL = "add it to the missing_symbols"
NUMBERS = [f"{number}.5" for number in range(8)]


def series(cells):
    return pd.Series(cells, [f"WK0003{place:02d}" for place in range(len(cells))], dtype=str, name="column")


def advice_of_determinant(cells):
    with speaking("en"):
        return numbers_in(series([*NUMBERS, *cells]), [])[1][0].advice


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        (["#N/A"], "mend it in the spreadsheet"),
        (["#####", "#####"], "widen the column"),
        (["2021-03-01", "4-mrt", "okt-21"], "take these cells from their source again"),
        (["12:30:00"], "take these cells from their source again"),
        (["True", "ONWAAR"], "write 1 and 0"),
        (["12 %", "€ 307"], "write them all in one unit"),
    ],
)
def test_what_is_no_symbol_is_mended(cells, advice):
    assert advice in advice_of_determinant(cells)
    assert SYMBOL not in advice_of_determinant(cells)


@pytest.mark.parametrize("cells", [["geheim", "geheim"], ["x", "-", "n.b."], ["0-4"]])
def test_a_few_short_texts_may_be_symbols(cells):
    assert SYMBOL in advice_of_determinant(cells)


@pytest.mark.parametrize(
    "cells",
    [["veel"] * 12, ["a", "b", "c", "d"], ["de gemeente heeft niets geleverd"]],
    ids=["most of the column", "many kinds", "long"],
)
def test_other_text_is_none(cells):
    assert SYMBOL not in advice_of_determinant(cells)
    assert "look whether it is the right column" in advice_of_determinant(cells)


def test_each_kind_gets_its_advice():
    advice = advice_of_determinant(["#N/A", "x"])
    assert "mend it" in advice
    assert SYMBOL in advice


def test_marks_are_spoken_of_where_there_are_marks():
    assert "decimal commas" in advice_of_determinant(["1,5,2"])
    assert "decimal commas" not in advice_of_determinant(["10,5%"])


@pytest.mark.parametrize(
    ("cell", "advice"),
    [
        ("#####", "widen the column"),
        ("2021-10-12", "take these cells from their source again"),
        ("4.56E+02", "digits may be lost"),
        ("geheim", "which symbol it is"),
    ],
)
def test_a_count_that_is_no_symbol_is_mended(cell, advice):
    publication = Publication(hidden_below=10)
    with speaking("en"):
        (fault,) = text_faults(published_cells(series(["12", cell]), publication), publication)
    assert advice in fault.advice
    assert ("which symbol" in fault.advice) == (cell == "geheim")


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        (["1.652", "900"], "without a mark for thousands"),
        (["161.18", "462.25"], "look whether it is the column"),
        (["1.652", "161.18"], "look whether it is the column"),
        (["4.56E+02"], "digits may be lost"),
        (["geheim"], "fill it in"),
    ],
)
def test_what_is_no_number_of_people_is_filled_in_only_where_it_is_not_known(cells, advice):
    with speaking("en"):
        (fault,) = whole_numbers_in(series(cells))[1]
    assert advice in fault.advice
    assert ("fill it in" in fault.advice) == (cells == ["geheim"])


def test_ages_and_limits_are_text():
    assert set(map(str, kinds_of(series(["0-4", "<5", "5-9", "> 10", "WK0003", "."])))) == {"text"}


def test_a_number_with_an_exponent_is_a_determinant():
    assert np.array_equal(numbers_in(series(["4.56E+02", "1e-05"]), [])[0], [456, 1e-05])
