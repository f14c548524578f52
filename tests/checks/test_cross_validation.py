"""Cross-validation: held equal to refits and to ArviZ; other observations are no comparison."""

from dataclasses import replace
from itertools import combinations

import arviz_stats
import numpy as np
import pandas as pd
import pytest

from bayesmodel import build_model, compare_elpd, cross_validate, example_study, fit_model, interpret_counts, read_areas
from bayesmodel.checks import cross_validation
from bayesmodel.checks.cross_validation import CrossValidation, windows_of
from bayesmodel.checks.left_out import without
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.arviz_groups import with_groups
from bayesmodel.testing import invented_fit

pytestmark = pytest.mark.filterwarnings("ignore:.*Pareto.*")  # made-up draws do not know the counts


@pytest.fixture(scope="module")
def fit():
    return invented_fit(areas=80)


@pytest.fixture(scope="module")
def found(fit):
    return cross_validate(fit, refits=0)


def test_areas_are_scored_as_arviz_does(fit, found):
    theirs = arviz_stats.loo(with_groups(fit, "log_likelihood").tree, pointwise=True)
    assert found.elpd == pytest.approx(theirs.elpd)
    assert found.error == pytest.approx(theirs.se, rel=0.02)  # they divide by n, not n - 1
    np.testing.assert_allclose(found.points["pareto_k"], theirs.pareto_k)


@pytest.mark.parametrize("certain", [slice(2, 4), slice(None)])
def test_what_is_certain_under_every_draw_has_weights_without_a_tail(fit, found, monkeypatch, certain):
    """A hidden count of a tiny area is nearly sure to be hidden with the family normal-share."""
    inner = cross_validation.unit_loglik
    monkeypatch.setattr(cross_validation, "unit_loglik", lambda *given: _certain(inner(*given), certain))
    points = cross_validate(fit, refits=0).points
    assert points["elpd"].iloc[certain].tolist() == pytest.approx([-0.25] * len(points.iloc[certain]))
    assert (points["pareto_k"].iloc[certain] == 0).all()
    others = ~points.index.isin(points.index[certain])
    np.testing.assert_allclose(points[others]["elpd"], found.points[others]["elpd"])


def _certain(loglik, columns):
    """Return the log-likelihood with some units as probable on every draw."""
    changed = loglik.copy()
    changed.iloc[:, columns] = -0.25
    return changed


def test_every_informative_area_is_in_one_unit(fit):
    for level in (None, "gemeente", "regio"):
        points = cross_validate(fit, level, refits=0).points
        assert points["areas"].sum() == len(fit.counts.informative)
        assert (points["elpd"] < 0).all()


def test_a_new_gemeente_is_predicted_less_sharply_where_gemeenten_differ_more(fit):
    """All areas use as much here, so that effects of gemeenten only add doubt."""
    tree = fit.tree.copy(deep=True)
    tree["posterior"]["sd_gemeente"] = tree["posterior"]["sd_gemeente"] * 5
    scores = [cross_validate(each, "gemeente", refits=0).elpd for each in (fit, replace(fit, tree=tree))]
    assert scores[1] < scores[0] - 1


def test_the_worst_come_first_and_are_named_in_the_picture(found):
    scores = found.summary()["elpd"]
    assert scores.is_monotonic_increasing
    assert scores.index[0] in found.plot(language="en").get_label()


def test_what_weights_fail_on_is_refitted_worst_first(fit, monkeypatch):
    """And what could not be refitted stays poor."""
    asked = []

    def refitted(_fit, codes, *_):
        asked.extend(codes)
        return {codes[0]: -3.0}

    shapes = np.linspace(0, 1, len(fit.counts.informative))
    monkeypatch.setattr(cross_validation, "_refitted", refitted)
    monkeypatch.setattr(
        cross_validation, "_weighted", lambda _fit, loglik: (np.full(loglik.shape[1], -2.0), shapes, 0.7)
    )
    some = cross_validate(fit, refits=2)
    assert asked == list(some.points.index[[-1, -2]])
    assert some.points["elpd"].iloc[-2:].tolist() == [-2.0, -3.0]
    assert some.points["refitted"].sum() == 1
    assert len(some.poor) == (shapes > 0.7).sum() - 1
    assert str(some.poor[0]) in some.sentences("en")[1]
    assert "1 of 50 refitted" in some.sentences("en")[0]


def other(found: CrossValidation, change: float) -> CrossValidation:
    """Return the same with scores that differ, by more in some units."""
    gain = change * np.arange(len(found.points)) / len(found.points)
    return replace(found, points=found.points.assign(elpd=found.points["elpd"] - gain))


def test_models_are_compared_as_arviz_does(fit, found):
    worse = other(found, 0.3)
    table = compare_elpd({"worse": worse, "best": found})
    assert table.index.tolist() == ["best", "worse"]
    gain = worse.points["elpd"] - found.points["elpd"]
    assert table.loc["worse", "difference"] == pytest.approx(gain.sum())
    theirs = {name: arviz_stats.loo(with_groups(fit, "log_likelihood").tree, pointwise=True) for name in ("a", "b")}
    theirs["b"].elpd_i = theirs["b"].elpd_i.copy(data=worse.points["elpd"].to_numpy())
    theirs["b"].elpd = worse.elpd
    expected = arviz_stats.compare(theirs, round_to="none").loc["b"]
    assert abs(table.loc["worse", "difference"]) == pytest.approx(abs(expected["elpd_diff"]))
    assert table.loc["worse", "difference_error"] == pytest.approx(expected["dse"], rel=0.02)


def test_other_observations_are_no_comparison_and_are_named(fit, found):
    missing = replace(found, windows=found.windows.drop("WK000100"), points=found.points.drop("WK000100"))
    with pytest.raises(ComparisonError, match=r"different areas \(WK000100\)"):
        compare_elpd({"a": found, "b": missing})
    windows = found.windows.copy()
    windows.loc["WK000101", "upper"] += 1
    with pytest.raises(ComparisonError, match="counts of WK000101 in another way"):
        compare_elpd({"a": found, "b": replace(found, windows=windows)})
    with pytest.raises(ComparisonError, match="each wijk, b each gemeente"):
        compare_elpd({"a": found, "b": cross_validate(fit, "gemeente", refits=0)})
    with pytest.raises(ComparisonError, match="at least two"):
        compare_elpd({"a": found})


def test_odd_requests_are_refused(fit):
    with pytest.raises(UnknownNameError, match="gemeente"):
        cross_validate(fit, "gemeent")
    with pytest.raises(ComparisonError, match="found -1"):
        cross_validate(fit, refits=-1)
    alone = replace(fit, counts=without(fit.counts, tuple(range(1, 80))))
    with pytest.raises(ComparisonError, match="at least 2"):
        cross_validate(alone)


def test_both_languages_hold_the_same_figures(found):
    for language, figure in (("nl", f"{found.elpd:.1f}".replace(".", ",")), ("en", f"{found.elpd:.1f}")):
        assert figure in found.sentences(language)[0]
        assert "wijk" in found.title_in(language)


@pytest.mark.slow
@pytest.mark.parametrize("level", [None, "gemeente"])
def test_weights_give_what_refits_give(level):
    """Laplace fits of a small country; where Pareto k is small, within the noise of 1,000 draws."""
    study = example_study(areas=300, gemeenten=40, regions=5)
    engine = study.inference.model_copy(update={"engine": "laplace"})
    fit = fit_model(build_model(interpret_counts(read_areas(study.model_copy(update={"inference": engine})))))
    weighted = cross_validate(fit, level, refits=0)
    few = weighted.points[weighted.points["pareto_k"] < 0.5].sample(4, random_state=1)
    grids = cross_validation.grids_of(fit, level) if level else ()
    exact = cross_validation._refitted(fit, few.index, windows_of(fit.counts, weighted.unit), grids, None, None, None)
    assert len(exact) >= 2
    both = pd.DataFrame({"weighted": few["elpd"], "exact": pd.Series(exact)}).dropna()
    np.testing.assert_allclose(both["weighted"], both["exact"], atol=0.25)


def test_names_of_the_worst_predicted_stand_apart(found):
    points = found.points.copy()
    points["elpd"] = np.linspace(-8.0, -1.0, len(points))  # the worst three are next to each other
    figure = replace(found, points=points).plot()
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) == 3
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
