"""Change between two years: it is that of the draws, refused where these do not belong together, and true."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.change import change
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.trend import trend
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule


@pytest.fixture(name="years")
def years_fixture(fitted_years):
    """The fits of three years."""
    return fitted_years[0]


def shares(fit, areas):
    """Draws of underlying use per head."""
    return aggregate(fit, areas, scale="share").samples


def test_a_change_is_the_difference_of_the_draws_of_both_years(years):
    code = str(years[2021].counts.areas.codes[5])
    found = change(years[2021], years[2023], [code])
    first, last = shares(years[2021], [code]), shares(years[2023], [code])
    assert np.allclose(found.points.samples, 100 * (last - first))
    assert np.allclose(found.ratio.samples, last / first)
    table = found.summary()
    assert table.loc[code, "share_before"] == pytest.approx(first.mean())
    assert table.loc[code, "points_lower"] == pytest.approx(np.quantile(100 * (last - first), 0.05))


def test_a_group_is_its_areas_added_up_in_each_year(years):
    found = change(years[2021], years[2023], "gemeente")
    first, last = shares(years[2021], "gemeente"), shares(years[2023], "gemeente")
    assert np.allclose(found.points.samples, 100 * (last - first))
    assert list(found.classes.index) == sorted(set(years[2021].counts.areas.levels["gemeente"]))


def test_all_together_have_not_changed_beside_all_together(years):
    everybody = {"everybody": list(years[2023].counts.areas.codes)}
    assert np.allclose(change(years[2021], years[2023], everybody, relative=True).points.samples, 0)
    assert np.allclose(change(years[2021], years[2023], everybody, relative=True).ratio.samples, 1)


def test_verdicts_follow_the_rule_and_its_margin(years):
    found = change(years[2021], years[2023], rule=VerdictRule(margin=0.05))
    higher = (found.ratio.samples > 1.05).mean(axis=0)
    assert np.allclose(found.probabilities["p_higher"], higher)
    assert (higher[found.classes == VerdictClass.CLEARLY_HIGHER] >= 0.9).all()
    assert (found.classes == VerdictClass.CLEARLY_HIGHER).sum() > 5
    assert found.counts["areas"].sum() == 100


def test_what_is_said_to_have_risen_clearly_did(fitted_years):
    years, truth = fitted_years
    found = change(years[2021], years[2023], rule=VerdictRule(margin=0.0))
    risen = (found.classes == VerdictClass.CLEARLY_HIGHER).to_numpy()
    order = years[2023].counts.areas.codes.get_indexer(found.classes.index)
    assert np.mean((truth[2] - truth[0])[order][risen] > 0) >= 0.9


def test_fits_of_years_that_were_not_fitted_together_are_refused(years):
    other = replace(years[2021], provenance={**years[2021].provenance, "years": {"joint": "another"}})
    with pytest.raises(ComparisonError, match="bayesmodel years"):
        change(other, years[2023])
    with pytest.raises(ComparisonError, match="bayesmodel years"):
        change(replace(years[2021], provenance={}), years[2023])


def test_years_in_the_wrong_order_are_refused(years):
    with pytest.raises(ComparisonError, match="the earliest first"):
        change(years[2023], years[2021])


def test_an_area_that_is_not_followed_is_left_out_and_refused_when_named(years):
    before = years[2021]
    code = str(before.counts.areas.codes[0])
    how = {**before.provenance["years"], "identities": {code: f"{code} 2021"}}
    lost = replace(before, provenance={**before.provenance, "years": how})
    assert code not in change(lost, years[2023]).classes.index
    with pytest.raises(ComparisonError, match=code):
        change(lost, years[2023], [code])


def test_an_area_under_another_code_is_followed(years):
    """The earlier figures of an area are found under the code it had then."""
    before = years[2021]
    one, other = (str(code) for code in before.counts.areas.codes[:2])
    how = {**before.provenance["years"], "identities": {one: other, other: one}}
    swapped = replace(before, provenance={**before.provenance, "years": how})
    found = change(swapped, years[2023], [one])
    assert np.allclose(found.before.samples, shares(before, [other]))


def test_people_placed_more_often_are_spoken_of(years):
    how = {**years[2023].provenance["years"], "unplaced": [0.2, None, 0.15]}
    after = replace(years[2023], provenance={**years[2023].provenance, "years": how})
    [said] = change(years[2021], after).notes_in("en")
    assert "20.0%" in said
    assert "+6.2%" in said  # .85 / .80 is 1.0625
    assert change(years[2021], years[2023]).notes() == ()


def test_a_trend_has_every_year_of_everything_asked(years):
    table = trend(years, "jeugdzorgregio").summary()
    assert len(table) == 9
    assert table["mean"].between(table["lower"], table["upper"]).all()
    code = str(years[2021].counts.areas.codes[7])
    one = trend(years, [code])
    assert np.allclose(one.estimates[2022].samples, shares(years[2022], [code]))
    assert one.summary().index.tolist() == [(code, 2021), (code, 2022), (code, 2023)]


def test_everybody_is_called_all_areas_and_not_by_the_name_of_the_last_study(years):
    whole = trend(years)
    assert set(whole.summary()["name"]) == {"alle wijken"}
    label = whole.plot(language="en").axes[0].get_legend_handles_labels()[1]
    assert label == ["all wijken"]


def test_changes_and_trends_have_pictures(years):
    assert "2021" in change(years[2021], years[2023]).plot(language="en").get_label()
    picture = trend(years, "jeugdzorgregio").plot(language="en")
    assert len(picture.axes[0].lines) == 3
    many = trend(years, "gemeente").plot(language="nl")
    assert len(many.axes[0].lines) == 14
