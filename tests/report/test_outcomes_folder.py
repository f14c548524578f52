"""The folder of several outcomes: results of each that open again, and tables that say what they say."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel.errors import ConvergenceError, OutputError, StudyError
from bayesmodel.estimates.accumulation import IN_ALL, accumulation
from bayesmodel.estimates.summed_outcomes import summed
from bayesmodel.inference import load_fit
from bayesmodel.inference.outcomes_fit import OutcomesFit
from bayesmodel.report.outcomes_folder import refuse_names, write_outcomes


@pytest.fixture(scope="module", name="folder")
def folder_fixture(fitted_outcomes, tmp_path_factory):
    """The folder of two outcomes, added up too."""
    where = tmp_path_factory.mktemp("outcomes") / "together"
    write_outcomes(fitted_outcomes[0], where, add_up=True)
    return where


def columns(path):
    """The names of columns in the description of a csv."""
    told = json.loads(path.with_name(f"{path.name}-metadata.json").read_text("utf-8"))
    return [column["name"] for column in told["tableSchema"]["columns"]]


def test_each_outcome_has_its_results_and_they_open_again(folder, fitted_outcomes):
    for name, fit in fitted_outcomes[0].items():
        assert load_fit(folder / name / "fit.nc").posterior.equals(fit.posterior)
        assert (folder / name / "wijken.csv").is_file()


def test_accumulation_can_be_read_from_the_folder(folder, fitted_outcomes):
    fits = {name: load_fit(folder / name / "fit.nc") for name in ("youth", "wmo")}
    assert accumulation(fits).probabilities.equals(accumulation(fitted_outcomes[0]).probabilities)


def test_tables_hold_what_the_estimates_say(folder, fitted_outcomes):
    outcomes = fitted_outcomes[0]
    table = pd.read_csv(folder / "accumulation_gemeenten.csv", index_col="gemeente")
    expected = accumulation(outcomes, "gemeente").summary().loc[table.index]
    for name in ("ratio_wmo", "p_all_higher", "higher"):
        assert table[name].to_numpy() == pytest.approx(expected[name].to_numpy())
    assert set(table["verdict"]) <= {word.nl for word in IN_ALL.values()}
    whole = pd.read_csv(folder / "summed_wijken.csv", index_col="wijk")
    assert whole["ratio"].to_dict() == pytest.approx(summed(outcomes).summary()["ratio"].to_dict())
    assert pd.read_csv(folder / "correlations.csv")["groups"].tolist() == [100, 14, 3]


@pytest.mark.parametrize("stem", ["accumulation_wijken", "correlations", "summed_gemeenten"])
def test_every_column_is_described_and_has_a_heading(folder, stem):
    path = folder / f"{stem}.csv"
    table = pd.read_csv(path)
    assert columns(path) == list(table.columns)
    shown = pd.read_csv(folder / f"{stem}-excel.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert shown.shape == table.shape
    assert (folder / f"{stem}-excel-toelichting.txt").is_file()


def test_the_table_for_excel_has_words_and_per_cents(folder):
    table = pd.read_csv(folder / "accumulation_wijken-excel.csv", sep=";", decimal=",", encoding="utf-8-sig")
    assert table["Kans op hoger bij alle (%)"].between(0, 100).all()
    assert table["Kans op hoger bij alle (%)"].max() > 1
    assert "duidelijk hoger bij alle" in set(table["Oordeel"])


def test_readers_are_told_what_it_is_in_their_language(folder):
    text = (folder / "lees-mij.txt").read_text("utf-8")
    assert text.startswith("De uitkomsten youth, wmo")
    assert "geen personen" in text
    assert "dezelfde mensen, dan telt een som" in text
    assert "persons" not in text
    assert json.loads((folder / "provenance.json").read_text("utf-8"))["provenance"]["outcomes"]["all"] == [
        "youth",
        "wmo",
    ]


def test_pictures_are_there(folder):
    for name in ("accumulation_wijken_youth_wmo.png", "correlations.png", "summed_gemeenten.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")


def test_outcomes_are_added_up_only_when_asked(fitted_outcomes, tmp_path):
    names = {path.name for path in write_outcomes(fitted_outcomes[0], tmp_path / "together")}
    assert "correlations.csv" in names
    assert not any(name.startswith("summed") for name in names)
    assert "summed" not in (tmp_path / "together" / "lees-mij.txt").read_text("utf-8")


def test_older_results_are_replaced_only_when_asked(folder, fitted_outcomes):
    with pytest.raises(OutputError, match="--force"):
        write_outcomes(fitted_outcomes[0], folder)


def test_draws_that_did_not_converge_are_not_written(fitted_outcomes, tmp_path):
    outcomes = fitted_outcomes[0]
    joint = replace(outcomes.joint, diagnostics=replace(outcomes.joint.diagnostics, certificate=None, rhat_max=1.5))
    with pytest.raises(ConvergenceError):
        write_outcomes(OutcomesFit(joint, outcomes.joined), tmp_path / "together")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "a\\b", "con", "x" * 41, " wmo", "wmo.csv", "a:b", "wmo_lower", "=1+1"]
)
def test_names_that_are_no_folders_are_refused(name):
    with pytest.raises(StudyError, match="NAME=STUDY"):
        refuse_names(["youth", name])


def test_names_of_folders_are_taken_and_may_not_be_alike():
    refuse_names(["Wmo 18-65", "65+", "bijstand_2023", "é"])
    with pytest.raises(StudyError, match="more than capitals"):
        refuse_names(["wmo", "WMO"])
