"""The tables per level: areas added up on draws, and nothing small given away."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel.estimates.quantities import aggregate
from bayesmodel.tables.per_area import area_table, codebook
from bayesmodel.tables.per_level import level_table, level_tables
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def fit():
    return invented_fit(areas=30)


@pytest.fixture(scope="module", params=["gemeente", "regio"])
def level(request):
    return request.param


@pytest.fixture(scope="module")
def table(fit, level):
    return level_table(fit, level)


def test_the_codebook_covers_exactly_the_table(fit, level, table):
    assert codebook(fit, level).index.tolist() == [table.index.name, *table.columns]


@pytest.mark.parametrize(
    ("column", "what", "scale"),
    [
        ("underlying_share", "use.underlying", "share"),
        ("expected_typical_count", "expected.typical", "count"),
        ("difference_gemeente_points", "difference.underlying.gemeente", "points"),
        ("ratio_determinants", "difference.underlying.determinants", "ratio"),
    ],
)
def test_columns_are_the_aggregated_estimates(fit, level, table, column, what, scale):
    summary = aggregate(fit, level, what, scale).summary()
    for suffix, name in (("", "mean"), ("_lower", "lower"), ("_upper", "upper")):
        assert np.allclose(table[column + suffix], summary[name])


def test_areas_people_and_hidden_add_up_to_the_country(fit, table):
    areas = area_table(fit)
    assert table["areas"].sum() == len(areas)
    assert table["population"].sum() == areas["population"].sum()
    assert table["areas_hidden"].sum() == (areas["status"] == "suppressed").sum()


def test_a_small_hidden_part_is_not_given_away(fit):
    table = level_table(fit, "gemeente")
    one_hidden = table["areas_hidden"] == 1
    assert table.loc[one_hidden, "actual_count"].isna().all()
    assert table.loc[one_hidden, ["actual_count_lower", "actual_count_upper"]].notna().all(axis=None)
    assert table.loc[table["areas_hidden"] == 0, "actual_count"].notna().all()


def test_names_and_what_a_group_lies_in(fit):
    row = level_table(fit, "gemeente").loc["GM0003"]
    assert row[["gemeente_name", "regio", "regio_name"]].tolist() == ["Gemeente 0003", "JZ02", "Regio 02"]


def test_verdicts_are_the_classes_of_the_probabilities(table):
    clear = table["verdict_gemeente"].isin(["clearly higher", "clearly lower"])
    assert (table.loc[clear, ["p_higher_gemeente", "p_lower_gemeente"]].max(axis=1) >= 0.9).all()
    assert (table.loc[table["verdict_gemeente"] == "about as expected", "p_within_gemeente"] >= 0.8).all()


def test_levels_together_are_the_levels_apart(fit):
    together = level_tables(fit, ("gemeente", "regio"))
    assert together["regio"].equals(level_table(fit, "regio"))


def test_the_parent_of_a_group_is_that_of_its_own_areas_in_whatever_order_they_stand(fit):
    areas = fit.counts.areas.levels
    expected = areas.drop_duplicates().set_index("gemeente")["regio"].sort_index()
    table = level_table(fit, "gemeente")
    assert table["regio"].sort_index().tolist() == expected.tolist()
    # the same world with its areas in another order
    order = np.random.default_rng(3).permutation(len(areas))
    shuffled = replace(
        fit.counts,
        areas=replace(
            fit.counts.areas,
            names=fit.counts.areas.names.iloc[order],
            levels=areas.iloc[order],
            published=fit.counts.areas.published.iloc[order],
            population=fit.counts.areas.population.iloc[order],
            determinants=fit.counts.areas.determinants.iloc[order],
        ),
        lower=fit.counts.lower[order],
        upper=fit.counts.upper[order],
        status=fit.counts.status[order],
    )
    posterior = fit.posterior.isel(wijk=order)
    again = replace(
        fit,
        counts=shuffled,
        design=replace(fit.design, x=fit.design.x[order], pattern=fit.design.pattern[order]),
        tree=xr.DataTree.from_dict({"posterior": posterior, "sample_stats": fit.tree["sample_stats"].to_dataset()}),
    )
    assert level_table(again, "gemeente")["regio"].sort_index().tolist() == expected.tolist()
