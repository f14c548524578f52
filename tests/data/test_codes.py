import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bayesmodel.data.codes import are_codes, gemeente_of, normalise_codes


@given(st.integers(0, 999_999), st.sampled_from(["{}", " {} ", "{}.0", "{:06d}", "WK{:06d}", "WK{:06d}  "]))
def test_every_way_of_writing_a_wijk_gives_one_code(number, form):
    assert normalise_codes(pd.Series([form.format(number)]), "wijk").tolist() == [f"WK{number:06d}"]


@given(st.lists(st.text(max_size=10)), st.sampled_from(["wijk", "gemeente"]))
def test_normalising_twice_changes_nothing_more(texts, kind):
    once = normalise_codes(pd.Series(texts, dtype=str), kind)
    assert normalise_codes(once, kind).tolist() == once.tolist()


@given(st.integers(0, 9_999), st.integers(0, 99))
def test_a_wijk_lies_in_the_gemeente_of_its_first_four_digits(gemeente, wijk):
    codes = normalise_codes(pd.Series([str(100 * gemeente + wijk)]), "wijk")
    assert gemeente_of(codes).tolist() == normalise_codes(pd.Series([str(gemeente)]), "gemeente").tolist()


@pytest.mark.parametrize("text", ["", "x", "GM0003", "1234567", "WK0003", "12.5", "٣"])
def test_what_is_no_wijk_is_left_as_it_stands_and_found(text):
    codes = normalise_codes(pd.Series([text]), "wijk")
    assert codes.tolist() == [text]
    assert are_codes(codes, "wijk").tolist() == [False]


def test_numbers_with_their_leading_zeros_are_codes_only_when_they_are_whole():
    codes = normalise_codes(pd.Series(["0003", "000300", "00030001"]), "wijk")
    assert codes.tolist() == ["0003", "WK000300", "00030001"]
    assert normalise_codes(pd.Series(["30001"]), "buurt").tolist() == ["BU00030001"]
