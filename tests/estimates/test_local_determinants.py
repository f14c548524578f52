"""Determinants of a region: codes found, gaps and strangers listed, and what makes no sense refused."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.errors import ArgumentError, DataError, UnknownNameError
from bayesmodel.estimates.local_determinants import local_determinants
from bayesmodel.study.parts import Determinant
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def fit():
    return invented_fit(areas=48)


@pytest.fixture
def table(fit):
    """Twenty areas with a value each, one that is unknown, one without a value and one without people."""
    rng = np.random.default_rng(3)
    codes = [*fit.counts.areas.codes[:20], "WK999999"]
    return pd.DataFrame({"wijk": codes, "waiting": rng.normal(10, 3, 21).round(2), "pupils": rng.normal(size=21)})


def refusal(fit, table, *names, **more):
    with pytest.raises(DataError) as refused:
        local_determinants(fit, table, list(names), **more)
    return str(refused.value)


def test_values_are_standardised_over_the_areas_that_are_used_weighted_by_people(fit, table):
    found = local_determinants(fit, table, ["waiting", "pupils"])
    people = fit.counts.population[found.rows]
    assert np.average(found.z, axis=0, weights=people) == pytest.approx([0, 0], abs=1e-12)
    assert np.average(found.z**2, axis=0, weights=people) == pytest.approx([1, 1])
    assert found.z * found.scale + found.centre == pytest.approx(found.raw.to_numpy())
    assert fit.counts.areas.codes[found.rows].tolist() == found.raw.index.tolist()


def test_neither_the_order_of_rows_nor_the_unit_matters(fit, table):
    found = local_determinants(fit, table, ["waiting"])
    again = local_determinants(fit, table.assign(waiting=1000 * table["waiting"] + 7).iloc[::-1], ["waiting"])
    assert again.z[::-1] == pytest.approx(found.z)
    assert again.scale == pytest.approx(1000 * found.scale)


def test_codes_that_are_not_used_are_listed_with_the_reason(fit, table):
    table.loc[1, "waiting"] = np.nan
    found = local_determinants(fit, table, ["waiting"])
    reasons = found.left_out["reason"].to_dict()
    empty = fit.counts.areas.codes[fit.counts.population == 0]
    assert reasons["WK999999"] == "not in the fit"
    assert reasons[table["wijk"][1]] == "no value of waiting"
    assert {reasons[code] for code in empty if code in reasons} == {"nobody lives there"}
    assert len(found.rows) + len(reasons) == len(table)


def test_a_gap_in_another_column_is_no_gap(fit, table):
    table.loc[1, "pupils"] = np.nan
    assert table["wijk"][1] in local_determinants(fit, table, ["waiting"]).raw.index


@pytest.mark.parametrize("spell", [str.lower, lambda code: str(int(code[2:])) if code[2:].isdigit() else code])
def test_codes_may_be_written_otherwise(fit, table, spell):
    found = local_determinants(fit, table.assign(wijk=table["wijk"].map(spell)), ["waiting"])
    assert found.raw.index.equals(local_determinants(fit, table, ["waiting"]).raw.index)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_is_read_as_the_table_in_memory(fit, table, ending, tmp_path):
    path = tmp_path / f"extra.{ending}"
    if ending == "csv":
        table.to_csv(path, index=False, sep=";", decimal=",")
    else:
        table.to_excel(path, index=False)
    found, expected = (local_determinants(fit, source, ["waiting"]) for source in (path, table))
    assert found.z == pytest.approx(expected.z)
    assert found.left_out.equals(expected.left_out)


def test_only_the_areas_that_are_named(fit, table):
    found = local_determinants(fit, table, ["waiting"], areas=["JZ01", "JZ02"])
    inside = fit.counts.areas.levels["regio"].reindex(found.raw.index)
    assert set(inside) == {"JZ01", "JZ02"}
    assert "not in the areas that were named" in set(found.left_out["reason"])


def test_a_symbol_of_a_gap_and_a_transform_are_said_by_a_determinant(fit, table):
    text = table.assign(waiting=table["waiting"].abs().astype(str).where(table.index != 2, "x"))
    part = Determinant(column="waiting", transform="log", missing_symbols=("x",))
    found = local_determinants(fit, text, [part])
    assert table["wijk"][2] in found.left_out.index
    assert found.centre[0] == pytest.approx(
        np.average(np.log(found.raw["waiting"]), weights=fit.counts.population[found.rows])
    )


def test_a_column_with_one_value_is_refused(fit, table):
    assert "one value" in refusal(fit, table.assign(waiting=3), "waiting")


def test_one_value_among_the_areas_that_are_left_is_refused(fit, table):
    table["waiting"] = np.where(table["wijk"].isin(fit.counts.areas.codes[:6]), np.arange(21), 5)
    inside = fit.counts.areas.levels["regio"] == "JZ02"
    message = refusal(fit, table, "waiting", areas=fit.counts.areas.codes[inside].tolist())
    assert "one value in all areas that are used" in message


def test_two_columns_that_are_the_same_are_refused(fit, table):
    assert "the same values as waiting" in refusal(fit, table.assign(pupils=table["waiting"]), "waiting", "pupils")


def test_text_where_a_number_should_stand_is_refused_with_its_row(fit, table):
    text = table.astype({"waiting": object})
    text.loc[3, "waiting"] = "many"
    assert table["wijk"][3] in refusal(fit, text, "waiting")


def test_a_code_given_twice_is_refused(fit, table):
    assert table["wijk"][0] in refusal(fit, pd.concat([table, table.head(1)]), "waiting")


def test_the_outcome_itself_is_refused(fit):
    counts = fit.counts
    share = 100 * counts.lower / np.maximum(counts.population, 1)
    table = pd.DataFrame({"wijk": counts.areas.codes, "care": share + 1e-9 * np.arange(len(share))})
    assert "the outcome itself" in refusal(fit, table, "care") or "one value" in refusal(fit, table, "care")


def test_fewer_than_three_counts_a_determinant_are_refused(fit, table):
    message = refusal(fit, table.iloc[:5], "waiting", "pupils")
    assert "at least 6: 3 for each determinant" in message
    counted = table["wijk"].isin(fit.counts.areas.codes[fit.counts.informative])
    one = pd.concat([table[counted].head(1), table[~counted].head(1)])
    assert "found 1 area with a value" in refusal(fit, one, "waiting")


def test_a_table_without_any_code_of_the_fit_is_refused(fit, table):
    message = refusal(fit, table.assign(wijk="GM0001"), "waiting")
    assert "found only cells that are no code of an area of the fit" in message


def test_a_determinant_of_the_national_model_is_remarked(fit):
    table = pd.DataFrame({"wijk": fit.counts.areas.codes, "poor": fit.design.x[:, 0]})
    [said] = local_determinants(fit, table, ["poor"]).remarks
    assert "poor tells nearly the same as poverty of the national model" in said


def test_an_unknown_column_gets_a_suggestion(fit, table):
    with pytest.raises(UnknownNameError, match="waiting"):
        local_determinants(fit, table, ["waitng"])
    with pytest.raises(UnknownNameError, match="code"):
        local_determinants(fit, table, ["waiting"], code="code")


@pytest.mark.parametrize("wrong", ["waiting", []])
def test_determinants_are_a_list(fit, table, wrong):
    with pytest.raises(ArgumentError, match="list of one column or more"):
        local_determinants(fit, table, wrong)
