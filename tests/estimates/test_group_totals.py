"""Figures of groups whose totals are in the model: about everybody in them, adding up on every draw."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.errors import DataError
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.group_totals import everybody_in, group_totals, whole_groups
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.unplaced import unplaced_of
from bayesmodel.estimates.use import use
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall
from bayesmodel.estimates.what_if import what_if
from bayesmodel.tables.notes import reading_notes
from bayesmodel.tables.per_area import area_table, codebook
from bayesmodel.tables.per_level import level_table
from bayesmodel.testing import invented_fit
from tests.estimates.test_joint_counts import fit_with

_COUNTS = invented_fit("poisson", areas=24).counts
_LEAST = pd.Series(_COUNTS.lower).groupby(_COUNTS.areas.levels["gemeente"].to_numpy()).sum()
TOTALS = (1.1 * _LEAST + 16).astype(int).to_dict()
"""Totals of which some tenth is in no wijk."""


@pytest.fixture(scope="module")
def fit():
    """Eight gemeenten of three wijken, of which seven have a total."""
    return fit_with({code: total for code, total in TOTALS.items() if code != "GM0004"})


def test_wijken_those_left_out_and_unplaced_add_up_on_every_draw():
    fit = fit_with(TOTALS, aside=(2.0, 9.0, 50.0))
    drawn, counts = group_totals(fit), use(fit, "actual").samples
    of_area = groups_of(fit.counts, "gemeente").codes.get_indexer(fit.counts.areas.levels["gemeente"])
    placed = np.stack([counts[:, of_area == group].sum(axis=1) for group in range(8)], axis=1)
    assert (placed + drawn.aside + drawn.unplaced == [*TOTALS.values()]).all()
    assert (drawn.unplaced >= 0).all()
    assert ((drawn.aside >= 2) & (drawn.aside <= 9)).all()


def test_actual_use_of_a_gemeente_is_its_total_and_of_a_region_that_of_its_gemeenten(fit):
    found = aggregate(fit, "gemeente", "use.actual")
    known = [code for code in TOTALS if code != "GM0004"]
    assert (found.select(known).samples == [TOTALS[code] for code in known]).all()
    region = aggregate(fit, "regio", "use.actual")
    assert (region.select("JZ01").samples[:, 0] == TOTALS["GM0001"] + TOTALS["GM0002"]).all()
    assert np.allclose(aggregate(fit, None, "use.actual").samples[:, 0], found.samples.sum(axis=1))


def test_a_gemeente_without_a_total_is_predicted_with_its_uncertainty(fit):
    found = aggregate(fit, "gemeente", "use.actual").samples[:, 3]
    wijken = use(fit, "actual").samples[:, 9:12].sum(axis=1)
    assert (found >= wijken).all()
    assert found.std() > 5
    assert "was not published; predicted from its wijken" in explain(fit, "GM0004").loc["GM0004", "en"]


def test_a_waterfall_is_of_the_areas_together_and_a_what_if_of_everybody_and_both_say_so(fit):
    parts, change = waterfall(fit, ["GM0001"]), what_if(fit, by={"poverty": 1.0}, areas=["GM0001"])
    placed, everybody = (aggregate(fit, areas, "use.actual", "share").samples for areas in (["GM0001"], "gemeente"))
    assert not np.allclose(parts.total.samples, 100 * everybody[:, :1])
    assert np.allclose(100 * placed, 100 * everybody[:, :1]), "a gemeente by its code is everybody in it too"
    wijken = use(fit, "actual").samples[:, :3].sum(axis=1) / fit.counts.population[:3].sum()
    assert np.allclose(parts.total.samples[:, 0], 100 * wijken)
    assert parts.summary()["name"]["GM0001", "total"] == "feitelijk gebruik, in haar wijken samen"
    assert change.title.startswith(
        "what_if.determinants: wat als, verschil in verwachting, met wie in geen enkele wijk staat"
    )
    expected = aggregate(fit, "gemeente", "expected.determinants", "share")
    assert np.allclose(change.before.samples[:, 0], expected.samples[:, 0])
    bare = what_if(invented_fit("poisson"), by={"poverty": 1.0}, areas=["GM0001"])
    assert bare.title.startswith("what_if.determinants: wat als, verschil in verwachting, in haar wijken samen")
    assert "samen" not in what_if(fit, by={"poverty": 1.0}, areas=["WK000100"]).title
    assert waterfall(fit, ["WK000100"]).summary()["name"]["WK000100", "total"] == "feitelijk gebruik"


def test_use_and_what_is_expected_add_up_to_the_same_in_the_country(fit):
    use_of_all = aggregate(fit, "gemeente", "use.underlying").samples.sum(axis=1)
    expected = aggregate(fit, "gemeente", "expected.determinants").samples.sum(axis=1)
    assert np.allclose(use_of_all, expected)
    assert np.allclose(aggregate(fit, None, "use.underlying").samples[:, 0], use_of_all)


def test_a_gemeente_with_many_unplaced_is_no_longer_too_low():
    few, many = (fit_with(TOTALS | {"GM0001": total}) for total in (150, 300))
    name = "difference.underlying.determinants"
    low, high = (aggregate(each, "gemeente", name, "ratio").samples[:, 0].mean() for each in (few, many))
    assert high > 1.4 * low


def test_a_share_is_of_all_people_those_of_areas_left_out_too():
    fit = fit_with(TOTALS, aside=(2.0, 9.0, 50.0))
    people = fit.counts.population[:3].sum() + 50
    share = aggregate(fit, "gemeente", "use.actual", "share").samples[:, 0]
    assert np.allclose(share, TOTALS["GM0001"] / people)


def test_the_unplaced_share_of_a_region_is_that_of_everybody_in_its_gemeenten(fit):
    drawn, region = group_totals(fit), everybody_in(fit, groups_of(fit.counts, ["JZ01"]))
    everybody = drawn.everybody[:, :2]
    expected = (drawn.share[:, :2] * everybody).sum(axis=1) / everybody.sum(axis=1)
    assert np.allclose(region.share[:, 0], expected)


def test_only_groups_made_of_whole_gemeenten_have_everybody_in_them(fit):
    counts = fit.counts
    assert whole_groups(counts, groups_of(counts, {"mine": ["GM0001", "GM0002"]})) is not None
    assert whole_groups(counts, groups_of(counts, {"mine": ["GM0001", "WK000200"]})) is None
    assert everybody_in(fit, groups_of(counts, "wijk")) is None
    label = compare(fit, ["GM0001", "GM0002"]).definition.label
    assert (label.nl, label.en) == (
        "onderliggend gebruik, met wie in geen enkele wijk staat",
        "underlying use, those in no wijk included",
    )
    assert compare(fit, ["GM0001", "WK000200"]).definition.label.en == "underlying use, in its wijken together"


def test_no_verdict_is_withheld_for_those_in_no_wijk(fit):
    beside = unplaced_of(fit.counts, groups_of(fit.counts, "gemeente")).totals
    assert beside["lower"].notna().sum() == len(TOTALS) - 1
    assert beside[["least", "most"]].isna().to_numpy().all()
    assert not (verdicts(fit, areas="gemeente").withheld == "unplaced").any()
    assert verdicts(fit, areas={"all": fit.counts.areas.codes.tolist()}).withheld.tolist() == ["whole"]


@pytest.mark.parametrize("level", ["gemeente", "regio"])
def test_tables_are_about_everybody_with_the_wijken_beside_it(fit, level):
    table, book = level_table(fit, level), codebook(fit, level)
    assert book.index.tolist() == [level, *table.columns]
    assert "those in no wijk included" in book.loc["actual_count", "label_en"]
    assert "in its wijken together" in book.loc["placed_count", "label_en"]
    assert (table["placed_count_upper"] <= table["actual_count_upper"]).all()
    assert table["unplaced_share"].between(0, 1).all()
    summary = aggregate(fit, level, "difference.underlying.determinants", "ratio").summary()
    assert np.allclose(table["ratio_determinants"], summary["mean"])
    assert np.allclose(table["actual_count_upper"], aggregate(fit, level, "use.actual").summary()["upper"])


def test_figures_of_wijken_are_not_about_those_in_none(fit):
    bare = replace(fit, counts=replace(fit.counts, totals=pd.DataFrame()))
    with_totals, without = area_table(fit), area_table(bare)
    columns = [name for name in without if name.startswith(("underlying", "expected", "ratio", "verdict"))]
    # what is kept of a fit adds areas up in another order
    pd.testing.assert_frame_equal(with_totals[columns], without[columns], rtol=1e-12)


def test_readers_are_told(fit):
    english, dutch = (" ".join(reading_notes(fit.counts, language)) for language in ("en", "nl"))
    assert "Figures of groups (gemeente, regio) are about everybody counted there" in english
    assert "Cijfers van groepen (gemeente, regio) gaan over iedereen die er is geteld" in dutch
    said = explain(fit, "GM0001").loc["GM0001", "nl"]
    assert said.startswith(f"Gemeente 0001 (GM0001) telt {TOTALS['GM0001']} jongeren met jeugdhulp op 1.260 jongeren")
    assert "in geen enkele wijk" in said


def test_totals_above_what_wijken_can_count_refuse_that_nobody_is_unplaced():
    fit = fit_with({"GM0001": 400}, "none")
    with pytest.raises(DataError, match=r"GM0001 \(253\)"):
        interpret_counts(fit.counts.areas)
    assert len(interpret_counts(fit_with({"GM0001": 147}, "none").counts.areas)) == 24
