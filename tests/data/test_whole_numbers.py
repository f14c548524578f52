import pandas as pd
import pytest

from bayesmodel.data.validation import whole_numbers


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("12", 12), ("12.0", 12), ("007", 7)])
def test_whole_numbers_are_read(text, value):
    values, whole = whole_numbers(pd.Series([text]))
    assert (values.tolist(), whole.tolist()) == ([value], [True])


@pytest.mark.parametrize("text", ["", ".", "-1", "1.5", "1,0", "1.000", "1e3", "nan", "inf", "1_000", "٣"])
def test_what_might_be_something_else_is_not_read(text):
    assert whole_numbers(pd.Series([text]))[1].tolist() == [False]
