"""Verdicts on groups that people in none of their areas could turn are not given; all others stay as they are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.unplaced import Unplaced, unplaced_of
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.per_area import area_table, codebook
from bayesmodel.tables.per_level import has_totals, level_table
from bayesmodel.testing import invented_fit

HIGHER, LOWER = VerdictClass.CLEARLY_HIGHER, VerdictClass.CLEARLY_LOWER
AS_EXPECTED, UNSAID = VerdictClass.AS_EXPECTED, VerdictClass.INCONCLUSIVE


def changed(least, most):
    """One group whose use against what is expected changes by these factors when everybody is counted."""
    return Unplaced(pd.DataFrame({"lower": [1.0], "upper": 1.0, "least": least, "most": most, "whole": False}))


@pytest.mark.parametrize(
    ("verdict", "ratio", "least", "most", "withheld"),
    [
        (LOWER, 0.8, 1.0, 1.0, False),
        (LOWER, 0.8, 1.23, 1.24, True),
        (LOWER, 0.8, 1.1, 1.125, True),  # as likely as not
        (LOWER, 0.6, 1.23, 1.24, False),  # low all the same
        (LOWER, 0.8, 0.9, 0.95, False),  # fewer unplaced than elsewhere make it lower still
        (LOWER, 0.8, 1.0, 1.3, True),  # it may be
        (HIGHER, 1.2, 1.3, 1.4, False),  # more unplaced than elsewhere make it higher still
        (HIGHER, 1.2, 0.88, 0.9, True),  # elsewhere many more are unplaced
        (HIGHER, 1.2, 0.88, 1.1, True),  # or may be
        (AS_EXPECTED, 1.0, 1.0, 1.02, False),
        (AS_EXPECTED, 1.0, 1.2, 1.2, True),
        (AS_EXPECTED, 1.0, 0.8, 0.8, True),
        (UNSAID, 1.0, 1.5, 1.5, False),
        (LOWER, 0.8, np.nan, np.nan, False),
    ],
)
def test_which_verdicts_are_withheld(verdict, ratio, least, most, withheld):
    draws = ratio * np.exp(0.01 * np.random.default_rng(1).normal(size=(2000, 1)))
    found = changed(least, most).withheld([verdict], draws, 0.1, VerdictRule())
    assert found == ["unplaced" if withheld else ""]


def totals_of(**rows):
    """Totals of gemeenten by code: the total, what of it is in wijken, and the people in none."""
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["lower", "placed_lower", "unplaced_lower"])
    table = table.astype(float).reset_index(names="group")
    twice = {name.replace("lower", "upper"): table[name] for name in ("lower", "placed_lower", "unplaced_lower")}
    return table.assign(level="gemeente", code=table["group"], name=table["group"], covered=1.0, **twice)


@pytest.fixture(scope="module")
def fit():
    """Totals are not in the model. Gemeente 5 uses less than expected, 2 more; of 5 a third is in no wijk."""
    made = invented_fit("poisson", areas=48)
    codes = made.counts.areas.levels["gemeente"].to_numpy()
    push = np.where(codes == "GM0005", -0.35, np.where(codes == "GM0002", 0.35, 0.0))
    eta = made.posterior["linear_predictor"] * 0 + made.posterior["intercept"].mean()
    eta = eta + 0.02 * (made.posterior["linear_predictor"] - made.posterior["linear_predictor"].mean())
    eta = eta + xr.DataArray(push, dims="wijk")
    still = {name: made.posterior[name] * 0 for name in ("effect_gemeente", "effect_regio", "beta")}
    calm = made.posterior.assign(linear_predictor=eta, **still)
    tree = xr.DataTree.from_dict({"posterior": calm, "sample_stats": made.tree["sample_stats"].to_dataset()})
    rest = {f"GM{number:04d}": (1000, 1000, 0) for number in range(1, 17) if number != 5}
    study = made.study.model_copy(update={"totals": made.study.totals.model_copy(update={"use": False})})
    counts = replace(made.counts.with_study(study), totals=totals_of(GM0005=(300, 200, 100), **rest))
    return replace(made, tree=tree, counts=counts)


def test_a_lower_verdict_that_unplaced_people_turn_is_not_given(fit):
    bare = verdicts(replace(fit, counts=replace(fit.counts, totals=pd.DataFrame())), areas="gemeente")
    found = verdicts(fit, areas="gemeente")
    assert bare.classes["GM0005"] in (LOWER, VerdictClass.PROBABLY_LOWER)
    assert found.classes["GM0005"] is UNSAID
    assert found.withheld[found.withheld != ""].to_dict() == {"GM0005": "unplaced"}
    others = found.classes.index != "GM0005"
    assert found.classes[others].equals(bare.classes[others])
    assert found.classes["GM0002"] in (HIGHER, VerdictClass.PROBABLY_HIGHER)
    assert found.summary().loc["GM0005", "flags"] == "unplaced"
    assert "flags" not in bare.summary()
    assert found.counts["areas"].sum() == 16


def test_the_same_verdict_in_the_table_the_sentence_and_by_own_name(fit):
    table = level_table(fit, "gemeente")
    found = verdicts(fit, areas="gemeente")
    assert table["verdict_determinants"].tolist() == [str(verdict) for verdict in found.classes]
    assert table["flags"].to_dict()["GM0005"] == "unplaced"
    assert set(table["flags"]) == {"", "unplaced"}
    members = fit.counts.areas.codes[(fit.counts.areas.levels["gemeente"] == "GM0005").to_numpy()].tolist()
    own = unplaced_of(fit.counts, groups_of(fit.counts, {"mine": members, "part": members[:2]}))
    assert own.totals["lower"].tolist()[0] == 300
    assert np.isnan(own.totals["lower"].tolist()[1])


def test_the_table_has_the_total_and_the_share_in_no_wijk(fit):
    row = level_table(fit, "gemeente").loc["GM0005"]
    assert row["published_total_lower"] == row["published_total_upper"] == 300
    assert row["unplaced_share_lower"] == pytest.approx(1 / 3)
    names = codebook(fit, "gemeente").index
    assert [*level_table(fit, "gemeente").columns] == [*names[1:]]
    assert "in haar wijken samen" in codebook(fit, "gemeente").loc["underlying_share", "label_nl"]
    assert "in its wijken together" in codebook(fit, "gemeente").loc["verdict_determinants", "label_en"]
    assert "samen" not in codebook(fit).loc["underlying_share", "label_nl"]
    assert tables_of(fit).columns("gemeente")[-1].name == "flags"


def test_all_areas_together_have_only_themselves_to_be_compared_with():
    """A region that is the whole study uses what is expected of it, which is no finding."""
    fit = invented_fit("poisson", areas=6)
    levels = fit.counts.areas.levels.assign(regio="JZ01")
    whole = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, levels=levels)))
    found = verdicts(whole, areas={"all": fit.counts.areas.codes.tolist()})
    assert found.withheld.tolist() == ["whole"]
    assert found.classes.tolist() == [UNSAID]
    row = level_table(whole, "regio").loc["JZ01"]
    assert (row["verdict_determinants"], row["flags"]) == ("inconclusive", "whole")
    said = explain(whole, None)
    assert "only themselves to be compared with" in said.loc["country", "en"]
    assert "alleen met zichzelf te vergelijken" in said.loc["country", "nl"]


def test_levels_without_totals_and_wijken_have_no_such_columns(fit):
    assert not has_totals(fit.counts, "regio")
    assert "published_total_lower" not in level_table(fit, "regio")
    assert "published_total_lower" not in area_table(fit)
    plain = invented_fit()
    assert "published_total_lower" not in level_table(plain, "gemeente")
    assert not unplaced_of(plain.counts, groups_of(plain.counts, "wijk")).any


def test_the_sentence_says_what_it_is_of_and_why_there_is_no_verdict(fit):
    said = explain(fit, ["GM0005", "GM0002"])
    dutch, english = said.loc["GM0005", "nl"], said.loc["GM0005", "en"]
    assert "telt in haar wijken samen" in dutch
    assert "in totaal zijn het er 300, van wie 33,3% in geen enkele wijk staat" in dutch
    assert "niet te zeggen: in haar wijken samen is het" in dutch
    assert "300 in total, of whom 33.3% are in no wijk" in english
    assert "those in no wijk could turn that verdict" in english
    assert "turn that verdict" not in said.loc["GM0002", "en"]
    assert "wijken together" not in explain(fit, "WK000100").loc["WK000100", "en"]


def test_figures_of_groups_say_what_they_are_of(fit):
    assert compare(fit, ["GM0005", "GM0002"]).definition.label.nl == "onderliggend gebruik, in haar wijken samen"
    assert compare(fit, ["WK000100", "WK000101"]).definition.label.nl == "onderliggend gebruik"
