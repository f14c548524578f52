"""The table per area: hidden stays hidden, parts agree, and the codebook covers it."""

import numpy as np
import pytest

from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.parameters import smallest_size
from bayesmodel.estimates.use import use
from bayesmodel.tables import summaries as module
from bayesmodel.tables.per_area import area_table, codebook
from bayesmodel.testing import invented_fit

HIDDEN = ["WK000102", "WK000301"]


@pytest.fixture(scope="module")
def fit():
    return invented_fit()


@pytest.fixture(scope="module")
def table(fit):
    return area_table(fit)


@pytest.mark.parametrize("family", ["binomial", "poisson", "beta-binomial", "negative-binomial", "normal-share"])
def test_the_codebook_covers_exactly_the_table(family):
    fit = invented_fit(family, draws=50)
    table, columns = area_table(fit), codebook(fit)
    assert columns.index.tolist() == [table.index.name, *table.columns]
    assert (columns != "").all(axis=None)


def test_a_hidden_count_has_bounds_only(table):
    hidden = table.loc[HIDDEN]
    assert (hidden["status"] == "suppressed").all()
    assert hidden[["published_count", "actual_count"]].isna().all(axis=None)
    assert hidden[["actual_count_lower", "actual_count_upper"]].notna().all(axis=None)


def test_known_counts_are_as_published(table):
    assert table.loc[["WK000100", "WK000101"], "published_count"].tolist() == [46, 92]
    assert table.loc["WK000100", ["actual_count", "actual_count_lower", "actual_count_upper"]].tolist() == [46, 46, 46]


@pytest.mark.parametrize(
    ("column", "estimate"),
    [
        ("underlying_share", lambda fit: use(fit, "underlying", "share")),
        ("expected_typical_count", lambda fit: expected(fit, "typical")),
        ("expected_gemeente_count", lambda fit: expected(fit, "gemeente")),
        ("expected_gemeente_others_share", lambda fit: expected(fit, "gemeente_others", "share")),
        ("difference_determinants_count", lambda fit: difference(fit)),
        ("difference_gemeente_others_points", lambda fit: difference(fit, "underlying", "gemeente_others", "points")),
        ("ratio_gemeente_others", lambda fit: difference(fit, "underlying", "gemeente_others", "ratio")),
    ],
)
def test_columns_are_the_estimates(fit, table, column, estimate):
    summary = estimate(fit).summary()
    for suffix, name in (("", "mean"), ("_lower", "lower"), ("_upper", "upper")):
        assert np.allclose(table[column + suffix], summary[name], equal_nan=True)


def test_probabilities_of_a_difference_add_up(table):
    for given in ("determinants", "gemeente_others"):
        total = table[[f"p_{kind}_{given}" for kind in ("higher", "within", "lower")]].sum(axis=1, skipna=False)
        assert np.allclose(total.drop("WK000300"), 1)
        assert np.isnan(total["WK000300"])


def test_rows_do_not_depend_on_how_many_are_held_at_once(fit, table, monkeypatch):
    monkeypatch.setattr(module, "NUMBERS_AT_ONCE", 3 * fit.posterior["intercept"].size)
    again = area_table(fit)
    assert again.index.equals(table.index)
    numbers = table.select_dtypes("number").astype(float)
    assert np.allclose(again[numbers.columns].astype(float), numbers, equal_nan=True)


def test_flags_say_what_to_beware_of(table):
    assert table["flags"].to_dict() == {
        "WK000100": "",
        "WK000101": "",
        "WK000102": "hidden_count; missing_determinants",
        "WK000200": "rounded_count",
        "WK000201": "",
        "WK000202": "missing_count; missing_determinants",
        "WK000300": "no_people",
        "WK000301": "hidden_count; no_comparison",
    }


def test_few_effective_draws_are_flagged():
    assert area_table(invented_fit(draws=60))["flags"].str.contains("low_ess").all()


def test_the_effective_draws_are_the_fewest_of_the_row(fit, table):
    assert (table["ess_min"] <= smallest_size(difference(fit, expectation="gemeente_others", scale="ratio")) + 1e-3)[
        :6
    ].all()
    assert (table["ess_min"] <= smallest_size(expected(fit, "regio")) + 1e-3).all()


def test_names_of_groups(table):
    assert table.loc["WK000200", ["gemeente", "gemeente_name", "regio_name"]].tolist() == [
        "GM0002", "Gemeente 0002", "Regio 01",
    ]  # fmt: skip
