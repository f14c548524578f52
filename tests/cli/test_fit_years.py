"""`bayesmodel years` and `bayesmodel change`, as typed, on a table that holds several years."""

import json
import tomllib

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from bayesmodel.cli.program import app

STUDY = """
name = "three years"
area = "wijk"
[outcome]
year = 2023
vintage = 2021
count = {{ nl = "jongeren", en = "young people in care" }}
population = {{ nl = "jongeren", en = "young people" }}
[[tables]]
path = "{path}"
key = "wijk"
[columns]
area = "wijk"
count = "count"
population = "young"
[[levels]]
name = "gemeente"
column = "gemeente"
[publication]
hidden_below = 10
hidden_symbols = ["."]
[inference]
engine = "laplace"
draws = 150
[report]
language = "en"
"""


@pytest.fixture(scope="module", name="folder")
def folder_fixture(world_of_years, tmp_path_factory):
    """A folder with one table of three years, its study, and what `bayesmodel years` made of them."""
    where = tmp_path_factory.mktemp("several")
    parts = []
    for each in world_of_years()[0]:
        areas = each.areas
        part = pd.DataFrame(
            {"wijk": areas.codes, "jaar": each.study.outcome.year, "gemeente": areas.levels["gemeente"]}
        )
        parts.append(part.assign(count=areas.published, young=areas.population))
    pd.concat(parts).to_csv(where / "table.csv", index=False)
    (where / "study.toml").write_text(STUDY.format(path="table.csv"), "utf-8")
    years = [word for year in (2021, 2022, 2023) for word in ("--year", str(year))]
    done = said("years", str(where / "study.toml"), "--column", "jaar", *years, "--out", str(where / "years"))
    assert done.exit_code == 0, done.output
    return where


def said(*words):
    """What the program answers."""
    return CliRunner().invoke(app, ["--language", "en", *words])


def test_years_writes_a_folder_for_each_year_and_what_changed(folder):
    names = {path.name for path in (folder / "years").iterdir()}
    assert {"2021", "2022", "2023", "change_wijken_2021_2023.csv", "trend.csv"} <= names
    assert pd.read_csv(folder / "years" / "2022" / "wijken.csv")["year"].unique().tolist() == [2022]


def test_a_year_is_added_to_a_folder_of_years(folder, tmp_path):
    """The earlier ones are read from their fits: their table is not needed."""
    table = pd.read_csv(folder / "table.csv", dtype=str)
    later = table[table["jaar"] == "2023"].drop(columns="jaar")
    later["young"] = later["young"].astype(int) + 1  # else it would be 2023 again
    later.to_csv(tmp_path / "later.csv", index=False)
    study = STUDY.format(path="later.csv").replace("year = 2023", "year = 2024")
    (tmp_path / "2024.toml").write_text(study, "utf-8")
    command = ("years", str(tmp_path / "2024.toml"), "--earlier", str(folder / "years"))
    done = said("--json", *command, "--out", str(tmp_path / "years"))
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["years"] == [2021, 2022, 2023, 2024]
    assert (tmp_path / "years" / "change_wijken_2023_2024.csv").is_file()
    assert "holds no fits" in said(*command[:3], str(tmp_path), "--out", str(tmp_path / "none")).output


def test_change_says_what_rose_between_two_years(folder):
    done = said("--json", "change", str(folder / "years"), "--level", "gemeente", "--from", "2022")
    answer = json.loads(done.stdout)
    assert answer["years"] == [2022, 2023]
    assert len(answer["areas"]) == 14
    shown = said("change", str(folder / "years"), "--out", str(folder / "change.csv"))
    assert "2021" in shown.output
    assert len(pd.read_csv(folder / "change.csv")) == 100


def test_the_largest_changes_are_shown_and_no_more_than_asked(folder):
    command = ("change", str(folder / "years"), "--highest", "3", "--margin", "0.02")
    answer = json.loads(said("--json", *command, "--out", str(folder / "largest.csv")).stdout)
    assert len(answer["areas"]) == 6
    assert answer["not_shown"] == 94
    table = pd.read_csv(folder / "largest.csv", index_col="wijk")
    assert table.index.tolist()[:3] == [row["wijk"] for row in answer["areas"][:3]]
    sure = table.loc[(table["p_higher"] - table["p_lower"]).round(2) == 1, "ratio"].round(2)
    assert sure.nunique() > 3
    assert sure.is_monotonic_decreasing


def test_all_areas_together_are_called_so(folder):
    assert pd.read_csv(folder / "years" / "trend.csv")["name"].unique().tolist() == ["all wijken"]


def test_other_commands_read_a_year(folder):
    assert "Pareto k" in said("show", str(folder / "years" / "2023")).output
    assert said("rank", str(folder / "years" / "2021"), "--level", "gemeente").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("change", "{years}", "--from", "2019"), "2021"),
        (("change", "{years}", "--from", "2023", "--to", "2021"), "earliest first"),
        (("change", "{folder}"), "bayesmodel years"),
        (("change", "{years}", "--level", "foo"), "Unknown level 'foo'. Known: wijk, gemeente."),
        (("change", "{years}", "--margin", "5"), "A margin is a share, at least 0"),
        (("change", "{years}", "WK1", "--level", "gemeente"), "Give one of them"),
        (("years", "{study}", "--column", "jaar"), "--year for each year"),
        (("years", "{study}", "--effects", "wolk"), "walk"),
        (("years", "{study}", "--column", "jaar", "--year", "2021"), "two or more years"),
    ],
)
def test_what_cannot_be_is_refused_with_help(folder, words, told):
    places = {"years": folder / "years", "folder": folder, "study": folder / "study.toml"}
    done = said(
        *(word.format(**places) for word in words), *(("--out", str(folder / "x")) if words[0] == "years" else ())
    )
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())
    assert not (folder / "x").exists()


def test_one_table_for_two_years_is_refused_before_the_fit(folder, tmp_path):
    table = pd.read_csv(folder / "table.csv", dtype=str)
    copy = table[table["jaar"] == "2021"].assign(jaar="2022")
    pd.concat([table[table["jaar"] != "2022"], copy]).to_csv(tmp_path / "table.csv", index=False)
    (tmp_path / "study.toml").write_text(STUDY.format(path="table.csv"), "utf-8")
    years = [word for year in (2021, 2022, 2023) for word in ("--year", str(year))]
    done = said("years", str(tmp_path / "study.toml"), "--column", "jaar", *years, "--out", str(tmp_path / "x"))
    assert done.exit_code == 2
    assert "2021, 2022: found the same counts of the same people" in done.output
    assert not (tmp_path / "x").exists()


def test_a_determinant_in_another_unit_is_said_and_written(folder, tmp_path):
    table = pd.read_csv(folder / "table.csv")
    table["benefits"] = np.linspace(2, 12, 100).tolist() * 2 + (np.linspace(2, 12, 100) / 100).tolist()
    table.to_csv(tmp_path / "table.csv", index=False)
    study = STUDY.format(path="table.csv").replace(
        "[publication]", '[[determinants]]\ncolumn = "benefits"\n[publication]'
    )
    (tmp_path / "study.toml").write_text(study, "utf-8")
    years = [word for year in (2022, 2023) for word in ("--year", str(year))]
    done = said("years", str(tmp_path / "study.toml"), "--column", "jaar", *years, "--out", str(tmp_path / "years"))
    assert done.exit_code == 0, done.output
    told = "benefits is around 100 times as low in 2023"
    assert told in " ".join(done.output.split())
    for file in ("readme.txt", "provenance.json"):
        assert told in " ".join((tmp_path / "years" / file).read_text("utf-8").split()), file


def test_the_study_of_the_test_is_one(folder):
    assert tomllib.loads((folder / "study.toml").read_text("utf-8"))["outcome"]["year"] == 2023
