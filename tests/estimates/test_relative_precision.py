"""Relative precision: median over width; areas below what the study asks for are not ranked and not coloured."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.relative_precision import imprecise_areas, relative_precision
from bayesmodel.estimates.use import use
from bayesmodel.tables.per_area import area_table


def asking(fit, least):
    """The fit of a study that asks for so much precision."""
    report = fit.study.report.model_copy(update={"least_precision": least})
    return replace(fit, counts=fit.counts.with_study(fit.study.model_copy(update={"report": report})))


def test_it_is_the_median_over_the_width_of_95_percent(fit):
    found = relative_precision(use(fit, scale="share"))
    samples = use(fit, scale="share").samples
    low, median, high = np.quantile(samples, [0.025, 0.5, 0.975], axis=0)
    assert np.allclose(found, median / (high - low), equal_nan=True)
    assert np.isinf(relative_precision(use(fit, "actual", "share", "WK000100"))).all(), "a known count"


def test_only_what_is_less_precise_is_left_out_of_a_ranking(fit):
    found = relative_precision(use(fit, scale="share"))
    least = float(np.nanmedian(found))
    asked = asking(fit, least)
    below = set(found.index[found < least])
    assert below
    assert imprecise_areas(asked) == below
    assert imprecise_areas(fit) == frozenset()
    ranked = rank(asked)
    assert not below & set(ranked.names.index)
    assert set(ranked.imprecise) == below
    assert below & set(rank(fit).names.index)
    flags = area_table(asked)["flags"]
    assert set(flags.index[flags.str.contains("imprecise")]) == below


def test_nothing_precise_enough_is_an_error_that_says_why(fit):
    with pytest.raises(ComparisonError, match="less precise than"):
        rank(asking(fit, 1000.0))
