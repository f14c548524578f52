"""What a fit answers is what the functions of the same names answer."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import compare, difference, expected, explain, rank, use, verdicts, waterfall
from bayesmodel.errors import ComparisonError
from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.diagnostics import certified_diagnostics
from bayesmodel.messages import speaking
from bayesmodel.plots import diagnostic
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


@pytest.fixture
def certified(fit):
    return replace(fit, diagnostics=certified_diagnostics(Certificate(0.31, 0.95, 950.0, "sd_wijk", 1e-4, 1100)))


def test_draws_of_chains_and_independent_draws_are_called_so(fit, certified):
    size = fit.posterior.sizes["chain"] * fit.posterior.sizes["draw"]
    assert f"4 chains of {size // 4} draws" in repr(fit)
    assert f"{size:,} independent draws" in repr(certified)
    assert "chain" not in repr(certified)
    with speaking("nl"):
        assert f"4 ketens van {size // 4} trekkingen" in repr(fit)
        assert f"{size:,} onafhankelijke trekkingen".replace(",", ".") in repr(certified)


@pytest.mark.parametrize("kind", ["trace", "rank", "energy", "ess"])
def test_there_are_no_chains_to_draw_of_independent_draws(certified, kind):
    with pytest.raises(ComparisonError, match="there are no chains"):
        diagnostic(certified, kind)
