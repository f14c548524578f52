"""The folder of several years: results of each year that open again, tables of change that say what they say."""

import json

import pandas as pd
import pytest

from bayesmodel.errors import ConvergenceError, OutputError
from bayesmodel.estimates.change import change
from bayesmodel.inference import load_fit
from bayesmodel.inference.years_fit import YearsFit
from bayesmodel.report.years_folder import write_years


@pytest.fixture(scope="module", name="folder")
def folder_fixture(fitted_years, tmp_path_factory):
    """The folder of three years."""
    where = tmp_path_factory.mktemp("years") / "years"
    write_years(fitted_years[0], where)
    return where


def test_each_year_has_its_results_and_they_open_again(folder, fitted_years):
    for year, fit in fitted_years[0].items():
        table = pd.read_csv(folder / str(year) / "wijken.csv", index_col="wijk")
        assert set(table["year"]) == {year}
        assert load_fit(folder / str(year) / "fit.nc").posterior.equals(fit.posterior)


def test_tables_of_change_hold_the_change(folder, fitted_years):
    years = fitted_years[0]
    table = pd.read_csv(folder / "change_gemeenten_2021_2023.csv", index_col="gemeente")
    expected = change(years[2021], years[2023], "gemeente").summary().loc[table.index]
    assert table["points"].to_numpy() == pytest.approx(expected["points"].to_numpy())
    assert set(table["verdict"]) <= {word.nl for word in change(years[2021], years[2023]).words.values()}
    assert (folder / "change_wijken_2022_2023.csv").is_file()  # the last year beside the one before it
    told = json.loads((folder / "change_gemeenten_2021_2023.csv-metadata.json").read_text("utf-8"))
    assert [column["name"] for column in told["tableSchema"]["columns"]] == ["gemeente", *table.columns]


def test_the_table_for_excel_has_words_and_per_cents(folder):
    table = pd.read_csv(folder / "change_wijken_2021_2023-excel.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert table.iloc[:, 3].between(0, 100).all()
    assert table.iloc[:, 3].max() > 1


def test_a_trend_has_a_row_for_each_group_and_year(folder):
    table = pd.read_csv(folder / "trend_jeugdzorgregios.csv")
    assert len(table) == 9
    assert table["share"].between(table["share_lower"], table["share_upper"]).all()
    shown = pd.read_csv(folder / "trend_jeugdzorgregios-excel.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert shown.iloc[:, 3].to_numpy() == pytest.approx(100 * table["share"].to_numpy(), abs=0.051)


def test_readers_are_told_what_it_is_in_their_language(folder):
    text = (folder / "lees-mij.txt").read_text("utf-8")
    assert text.startswith("De jaren 2021, 2022, 2023")
    assert "followed" not in text
    assert json.loads((folder / "provenance.json").read_text("utf-8"))["provenance"]["years"]["effects"] == "walk"


def test_pictures_are_there(folder):
    for name in ("change_wijken_2021_2023.png", "trend.png", "trend_jeugdzorgregios.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_older_results_are_replaced_only_when_asked(folder, fitted_years):
    with pytest.raises(OutputError, match="--force"):
        write_years(fitted_years[0], folder)


def test_draws_that_did_not_converge_are_not_written(fitted_years, tmp_path):
    from dataclasses import replace

    years = fitted_years[0]
    joint = replace(years.joint, diagnostics=replace(years.joint.diagnostics, certificate=None, rhat_max=1.5))
    poor = YearsFit(joint, years.joined, years.time)
    with pytest.raises(ConvergenceError):
        write_years(poor, tmp_path / "years")
    assert list(tmp_path.iterdir()) == []
