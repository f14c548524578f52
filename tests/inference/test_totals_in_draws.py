"""Totals weigh the draws of both engines, which then agree; where they tell too much, draws are refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel import build_model, example_study, fit_model, interpret_counts, read_areas
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.totals import interpret_totals
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.inference.nuts import _taken

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def with_totals(engine, draws):
    """Gemeenten that count a tenth more than their wijken."""
    study = example_study(areas=60, gemeenten=8, regions=2)
    parts = {"inference": {"engine": engine, "draws": draws, "fallback": "none"}, "totals": {"unplaced": 0.1}}
    changed = {name: getattr(study, name).model_copy(update=part) for name, part in parts.items()}
    counts = interpret_counts(read_areas(study.model_copy(update=changed)))
    sums = pd.DataFrame({"low": counts.lower, "high": counts.upper})
    sums = sums.groupby(counts.areas.levels["gemeente"].to_numpy()).sum()
    totals = (1.1 * (0.8 * sums["low"] + 0.2 * sums["high"])).round().astype(int)
    rows = [["gemeente", code, code, str(total), np.nan, 0.0, 0.0, 0.0] for code, total in totals.items()]
    areas = replace(counts.areas, totals=pd.DataFrame(rows, columns=COLUMNS))
    return replace(counts, areas=areas, totals=interpret_totals(areas, counts.lower, counts.upper))


def test_draws_are_taken_in_the_order_of_chains():
    values = np.arange(12.0).reshape(2, 3, 2)
    posterior = xr.Dataset({"a": (("chain", "draw", "x"), values), "b": (("chain", "draw"), values[..., 0])})
    found = _taken(posterior, np.array([0, 0, 1, 3, 4, 5]))
    assert found["b"].to_numpy().tolist() == [[0, 0, 2], [6, 8, 10]]
    assert found["a"].to_numpy()[1, 0].tolist() == [6, 7]


def test_weights_that_tell_too_much_are_refused():
    fine = Diagnostics(1.0, 900.0, 0, 1.0, "intercept", totals_pareto_k=0.3)
    assert fine.converged
    told = replace(fine, totals_pareto_k=0.9)
    assert not told.converged
    assert "totals.use = false" in told.problems[0]


@pytest.mark.slow
def test_both_engines_agree():
    laplace, nuts = (fit_model(build_model(with_totals(*each))) for each in (("laplace", 500), ("nuts", 1000)))
    assert laplace.diagnostics.converged
    assert nuts.diagnostics.totals_pareto_k is not None
    for what in ("use.actual", "use.underlying"):
        first, second = (aggregate(fit, "wijk", what).draws for fit in (laplace, nuts))
        means = [each.mean(("chain", "draw")) for each in (first, second)]
        sds = second.std(("chain", "draw"))
        assert (abs(means[0] - means[1]) / sds.clip(min=0.05)).max() < 0.3
