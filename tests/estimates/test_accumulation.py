"""Accumulation: probabilities of all at once are those of the draws, refused where these do not belong together."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import plots
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.accumulation import accumulation
from bayesmodel.estimates.change import change
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule, classify
from bayesmodel.testing import invented_fit


@pytest.fixture(name="outcomes")
def outcomes_fixture(fitted_outcomes):
    """The fits of two outcomes."""
    return fitted_outcomes[0]


def ratios(fits, areas):
    """Draws of use over expected use of each outcome (outcome, sample, area)."""
    return np.array([aggregate(fit, areas, "difference.underlying.determinants", "ratio").samples for fit in fits])


def test_all_at_once_is_per_draw_and_no_product_of_probabilities(outcomes):
    found = accumulation(outcomes)
    draws = ratios(outcomes.values(), "wijk")
    above = draws > 1.1
    assert np.allclose(found.probabilities["p_all_higher"], above.all(axis=0).mean(axis=0))
    assert np.allclose(found.probabilities["p_two_higher"], (above.sum(axis=0) >= 2).mean(axis=0))
    assert np.allclose(found.probabilities["p_all_lower"], (draws < 0.9).all(axis=0).mean(axis=0))
    within = ((draws >= 0.9) & (draws <= 1.1)).all(axis=0).mean(axis=0)
    assert np.allclose(found.probabilities["p_all_within"], within)
    product = above.mean(axis=1).prod(axis=0)
    assert np.abs(found.probabilities["p_all_higher"] - product).max() > 0.01  # the outcomes are correlated


def test_the_joint_probability_is_at_most_that_of_each(outcomes):
    found, draws = accumulation(outcomes), ratios(outcomes.values(), "wijk")
    each = (draws > 1.1).mean(axis=1)
    assert (found.probabilities["p_all_higher"] <= each.min(axis=0) + 1e-12).all()
    table = found.summary().loc[found.classes.index]
    assert np.allclose(table["higher"], each.sum(axis=0))  # the mean number is the sum of the probabilities
    assert np.allclose(table["lower"], (draws < 0.9).mean(axis=1).sum(axis=0))


def test_ratios_are_those_of_each_outcome(outcomes):
    table = accumulation(outcomes).summary()
    expected = difference(outcomes["wmo"], scale="ratio").summary().loc[table.index]
    assert table["ratio_wmo"].to_numpy() == pytest.approx(expected["mean"].to_numpy())
    assert table["ratio_wmo_lower"].to_numpy() == pytest.approx(expected["lower"].to_numpy())


def test_verdicts_follow_the_rule_with_its_false_discovery_rate(outcomes):
    rule = VerdictRule(margin=0.05, false_discovery=0.02)
    found = accumulation(outcomes, rule=rule)
    sides = [found.probabilities[f"p_all_{side}"].to_numpy() for side in ("higher", "within", "lower")]
    assert found.classes.tolist() == classify(*sides, rule)
    high = found.classes == VerdictClass.CLEARLY_HIGHER
    assert high.sum() > 3
    assert 1 - found.probabilities["p_all_higher"][high].mean() <= 0.02
    assert found.counts["areas"].sum() == 100


def test_what_is_said_to_be_high_in_all_is(fitted_outcomes):
    outcomes, truth = fitted_outcomes
    found = accumulation(outcomes, rule=VerdictRule(margin=0.0))
    high = (found.classes == VerdictClass.CLEARLY_HIGHER).to_numpy()
    people = outcomes["youth"].counts.population
    true = np.exp(truth)[:, people > 0] / np.average(np.exp(truth), axis=1, weights=people)[:, None]
    assert (true[:, high] > 1).all(axis=0).mean() >= 0.85  # no determinant matters in this world


def test_a_group_is_its_areas_added_up(outcomes):
    found = accumulation(outcomes, "gemeente")
    assert np.allclose(found.ratios["youth"].samples, ratios([outcomes["youth"]], "gemeente")[0])
    own = accumulation(outcomes, {"mine": list(outcomes["youth"].counts.areas.codes[:5])})
    assert own.classes.index.tolist() == ["mine"]


def test_the_order_of_outcomes_does_not_matter(outcomes):
    turned = {name: outcomes[name] for name in ("wmo", "youth")}
    one, other = accumulation(outcomes), accumulation(turned)
    assert one.probabilities.equals(other.probabilities)
    assert one.classes.equals(other.classes)


def test_an_area_of_one_outcome_only_is_left_out(outcomes):
    """Where nobody lives for one of the outcomes, nothing can be said of all."""
    counts = outcomes["wmo"].counts
    code = str(counts.areas.codes[0])
    nobody = replace(counts.areas, population=counts.areas.population.where(counts.areas.codes != code, 0))
    empty = replace(outcomes["wmo"], counts=replace(counts, areas=nobody))
    found = accumulation({"youth": outcomes["youth"], "wmo": empty})
    assert code not in found.classes.index
    assert len(found.classes) == 99


def test_a_verdict_withheld_for_one_is_withheld_for_all(outcomes):
    """All areas together are what the expectation is made of."""
    everything = accumulation(outcomes, {"all": list(outcomes["youth"].counts.areas.codes)})
    assert everything.withheld["all"] == "whole"
    assert everything.classes["all"] == VerdictClass.INCONCLUSIVE
    assert everything.probabilities["p_all_within"]["all"] > 0.9


def test_it_is_said_of_which_outcome_nothing_was_counted(outcomes):
    counts = outcomes["wmo"].counts
    status = counts.status.copy()
    status[2] = "missing"
    unknown = replace(outcomes["wmo"], counts=replace(counts, status=status))
    table = accumulation({"youth": outcomes["youth"], "wmo": unknown}).summary()
    assert table["predicted"][counts.areas.codes[2]] == "wmo"


def test_fits_that_do_not_belong_together_are_refused(outcomes):
    youth, wmo = outcomes["youth"], outcomes["wmo"]
    other = replace(wmo, provenance={**wmo.provenance, "outcomes": {"joint": "another", "outcome": "wmo"}})
    for second in (other, invented_fit()):
        with pytest.raises(ComparisonError, match="bayesmodel outcomes"):
            accumulation({"youth": youth, "wmo": second})
    with pytest.raises(ComparisonError, match="more than once: a, b"):
        accumulation({"a": youth, "b": youth})
    with pytest.raises(ComparisonError, match="at least two"):
        accumulation({"youth": youth})


def test_years_of_one_model_are_no_outcomes_of_one_and_the_other_way_round(outcomes):
    years = {name: replace(fit, provenance={"years": {"joint": "one"}}) for name, fit in outcomes.items()}
    with pytest.raises(ComparisonError, match="of several years, not of several outcomes"):
        accumulation(years)
    with pytest.raises(ComparisonError, match="of several outcomes, not of several years"):
        change(outcomes["youth"], outcomes["wmo"])


def test_unknown_names_are_refused(outcomes):
    with pytest.raises(UnknownNameError, match="WK9"):
        accumulation(outcomes, ["WK9"])
    with pytest.raises(UnknownNameError, match="determinants"):
        accumulation(outcomes, expectation="weather")
    with pytest.raises(UnknownNameError, match="youth"):
        plots.accumulation(accumulation(outcomes), ("youth", "jail"))


def test_readers_are_told_that_areas_are_counted(outcomes):
    found = accumulation(outcomes)
    assert "geen personen" in " ".join(found.notes_in("nl"))
    assert "not persons" in " ".join(found.notes_in("en"))
    assert "marge 10%" in found.title


def test_it_has_a_picture_with_the_areas_that_are_high_in_all(outcomes):
    found = accumulation(outcomes)
    picture = found.plot(language="en")
    high = found.summary().query("verdict == 'clearly higher in all'")
    assert str(high["name"].iloc[0]) in picture.get_label()
    assert picture.axes[0].get_xlabel() == "youth: use over expected"
    assert sum(len(line.get_xdata()) for line in picture.axes[0].lines if line.get_linestyle() == "None") == 100
    of_groups = accumulation(outcomes, "gemeente").plot(language="nl")
    assert "14 gemeenten" in of_groups.get_label()
