"""Percentages, probabilities and intervals: one way of writing, and never more certain than draws can be."""

import pytest

from bayesmodel.format import between, interval_name, percent, probability


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.99, "99%"),
        (0.9901, "more than 99%"),
        (0.01, "1%"),
        (0.0099, "less than 1%"),
        (0.5, "50%"),
        (1.0, "more than 99%"),
    ],
)
def test_a_probability_is_never_certain(value, said):
    assert probability(value) == said
    signs = {"more than 99%": "> 99%", "less than 1%": "< 1%"}
    assert probability(value, short=True) == signs.get(said, said)


@pytest.mark.parametrize("prob", [0.5, 0.8, 0.9, 0.95, 0.975, 0.998])
def test_an_interval_is_called_by_its_exact_probability(prob):
    figures = interval_name(prob).removesuffix("% interval")
    assert float(figures) == pytest.approx(100 * prob, abs=1e-9)
    assert interval_name(prob, "nl") == f"{figures.replace('.', ',')}%-interval"


def test_there_is_no_minus_zero():
    assert percent(-0.004, "nl", 0) == "0%"
    assert percent(-0.006, "nl", 0) == "-1%"


def test_both_languages_hold_the_same_numbers():
    assert percent(0.1234, "nl", 1).replace(",", ".") == percent(0.1234, "en", 1) == "12.3%"
    assert between("1", "2", "nl").split(" tot ") == between("1", "2", "en").split(" to ")
