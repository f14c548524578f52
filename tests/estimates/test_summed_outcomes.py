"""Outcomes added up: sums over sums on every draw, and how many of them the people are."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError, StudyError
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.summed_outcomes import summed
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.testing import invented_fit


@pytest.fixture(name="outcomes")
def outcomes_fixture(fitted_outcomes):
    """The fits of two outcomes."""
    return fitted_outcomes[0]


def total(fits, areas, what):
    """Draws of a count of all outcomes together."""
    return np.sum([aggregate(fit, areas, what).samples for fit in fits.values()], axis=0)


def test_counts_are_added_up_over_outcomes_and_divided_by_all_people(outcomes):
    found = summed(outcomes, "gemeente")
    use, expected = total(outcomes, "gemeente", "use.underlying"), total(outcomes, "gemeente", "expected.determinants")
    assert np.allclose(found.ratio.samples, use / expected)
    areas = outcomes["youth"].counts.areas
    people = 2 * areas.population.groupby(areas.levels["gemeente"]).sum()
    assert found.people.to_dict() == people.to_dict()
    assert np.allclose(found.use.samples, use / people.to_numpy())
    assert np.allclose(found.expected.samples, expected / people.to_numpy())


def test_all_areas_together_use_what_is_expected(outcomes):
    everybody = summed(outcomes, {"all": list(outcomes["youth"].counts.areas.codes)})
    assert np.allclose(everybody.ratio.samples, 1)


def test_another_mix_of_people_has_another_expectation_and_a_ratio_between_those_of_each(outcomes):
    """Indirect standardisation: who has more people of the higher outcome is expected to use more."""
    counts = outcomes["youth"].counts
    half = replace(counts.areas, population=counts.areas.population // 2)
    fewer = replace(outcomes["youth"], counts=replace(counts, areas=half))
    all_of_them, less_youth = summed(outcomes), summed({"youth": fewer, "wmo": outcomes["wmo"]})
    assert (less_youth.expected.samples.mean(axis=0) < all_of_them.expected.samples.mean(axis=0)).all()
    apart = {
        name: aggregate(fit, "wijk", "difference.underlying.determinants", "ratio").samples
        for name, fit in outcomes.items()
    }
    low, high = np.minimum(*apart.values()), np.maximum(*apart.values())
    assert ((all_of_them.ratio.samples >= low - 1e-9) & (all_of_them.ratio.samples <= high + 1e-9)).all()


def test_verdicts_follow_the_rule(outcomes):
    found = summed(outcomes, rule=VerdictRule(margin=0.05))
    assert np.allclose(found.probabilities["p_higher"], (found.ratio.samples > 1.05).mean(axis=0))
    high = found.classes == VerdictClass.CLEARLY_HIGHER
    assert high.sum() > 5
    assert (found.probabilities["p_higher"][high] >= 0.9).all()
    assert found.counts["areas"].sum() == 100
    table = found.summary()
    assert table["ratio"].between(table["ratio_lower"], table["ratio_upper"]).all()


def test_it_is_said_that_they_may_be_the_same_people(outcomes):
    assert "youth, wmo" in summed(outcomes).notes_in("en")[1]
    counts = outcomes["wmo"].counts
    others = replace(counts.areas, population=counts.areas.population + 1)
    apart = summed({"youth": outcomes["youth"], "wmo": replace(outcomes["wmo"], counts=replace(counts, areas=others))})
    assert len(apart.notes()) == 1


def test_it_is_said_that_one_may_hold_the_people_of_another(outcomes):
    counts = outcomes["youth"].counts
    more = np.where(counts.shown, counts.lower // 5 + 1, 0)
    areas = replace(counts.areas, population=counts.areas.population + 3 * more)
    whole = replace(counts, areas=areas, lower=counts.lower + more, upper=counts.upper + more)
    found = summed({"youth": outcomes["youth"], "wmo": replace(outcomes["wmo"], counts=whole)})
    assert found.contained == (("youth", "wmo"),)
    assert "wmo has at least as many people, and as many users, as youth" in found.notes_in("en")[1]


def test_ages_that_overlap_are_not_added_up(outcomes):
    with pytest.raises(StudyError, match="0-22, which has ages that 0-17 has too"):
        summed({"0-17": outcomes["youth"], "0-22": outcomes["wmo"]})


def test_fits_that_do_not_belong_together_are_refused(outcomes):
    with pytest.raises(ComparisonError, match="bayesmodel outcomes"):
        summed({"youth": outcomes["youth"], "wmo": invented_fit()})


def test_it_has_a_picture_and_a_title(outcomes):
    found = summed(outcomes, "gemeente")
    assert "14" not in found.title
    assert "alles samen" in found.title
    assert len(found.plot(language="en").axes[0].get_yticklabels()) == 14
