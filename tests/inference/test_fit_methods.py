"""What a fit answers is what the functions of the same names answer."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel import compare, difference, expected, explain, rank, use, verdicts, waterfall
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def fit():
    return invented_fit()


def same(one, other):
    pd.testing.assert_frame_equal(one.summary(), other.summary())


def test_each_method_forwards(fit):
    codes = ["WK000100", "WK000200"]
    same(fit.use(), use(fit, scale="share"))
    same(fit.expected("gemeente", codes), expected(fit, "gemeente", "share", codes))
    same(fit.difference("gemeente"), difference(fit, expectation="gemeente", scale="points"))
    same(fit.verdicts("gemeente"), verdicts(fit, "gemeente"))
    same(fit.compare(*codes), compare(fit, codes))
    same(fit.rank("gemeente"), rank(fit, "gemeente"))
    same(fit.waterfall(*codes), waterfall(fit, codes))
    assert fit.explain(*codes, expectation="gemeente").equals(explain(fit, codes, "gemeente"))


def test_tables_are_written(fit, tmp_path):
    names = {path.name for path in fit.to_tables(tmp_path / "tables")}
    assert {"wijken.csv", "codebook.csv"} <= names


def test_a_group_is_compared_by_name(fit):
    assert np.isfinite(fit.compare("GM0001", "GM0002").summary()["p_higher"]).all()
