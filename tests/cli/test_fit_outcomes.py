"""`bayesmodel outcomes` and `bayesmodel accumulation`, as typed, on a table for each outcome."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from bayesmodel.cli.fit_outcomes import _groups, _named, _of_each_group
from bayesmodel.cli.program import app
from bayesmodel.data import interpret_counts
from bayesmodel.io import read_areas
from bayesmodel.study import read_study

STUDY = """
name = "{name}"
area = "wijk"
[outcome]
year = 2023
vintage = 2023
count = {{ nl = "{name}", en = "{name}" }}
population = {{ nl = "inwoners", en = "inhabitants" }}
[[tables]]
path = "{name}.csv"
key = "wijk"
[columns]
area = "wijk"
count = "count"
population = "people"
[[levels]]
name = "gemeente"
column = "gemeente"
[publication]
hidden_below = 10
hidden_symbols = ["."]
[inference]
engine = "laplace"
fallback = "none"
draws = 250
[report]
language = "en"
"""


def said(*words):
    """What the program answers."""
    return CliRunner().invoke(app, ["--language", "en", *map(str, words)])


@pytest.fixture(scope="module", name="folder")
def folder_fixture(world_of_outcomes, tmp_path_factory):
    """A folder with a table and a study of each outcome, and what `bayesmodel outcomes` made of them."""
    where = tmp_path_factory.mktemp("outcomes")
    for name, counts in world_of_outcomes(areas=100, gemeenten=14, regions=3)[0].items():
        areas = counts.areas
        table = {"wijk": areas.codes, "gemeente": areas.levels["gemeente"].to_numpy()}
        table |= {"count": areas.published.to_numpy(), "people": areas.population.to_numpy()}
        pd.DataFrame(table).to_csv(where / f"{name}.csv", index=False)
        (where / f"{name}.toml").write_text(STUDY.format(name=name), "utf-8")
    done = said("outcomes", where / "youth.toml", f"care={where / 'wmo.toml'}", "--sum", "--out", where / "together")
    assert done.exit_code == 0, done.output
    assert "youth, care are counted over as many people in all areas" in " ".join(done.output.split())
    return where


def test_outcomes_writes_a_folder_for_each_and_what_they_are_together(folder):
    names = {path.name for path in (folder / "together").iterdir()}
    assert {"youth", "care", "accumulation_wijken.csv", "correlations.csv", "summed_gemeenten.csv"} <= names


def test_accumulation_says_where_all_are_high(folder):
    done = said("--json", "accumulation", folder / "together", "--level", "gemeente", "--margin", "0.05")
    answer = json.loads(done.stdout)
    assert answer["outcomes"] == ["youth", "care"]
    assert len(answer["areas"]) == 14
    assert "not persons" in " ".join(answer["notes"])
    shown = said("accumulation", folder / "together", "--out", folder / "accumulation.csv", "--highest", "3")
    assert "in between are not shown" in shown.output
    table = pd.read_csv(folder / "accumulation.csv", index_col="wijk")
    assert len(table) == 100
    written = pd.read_csv(folder / "together" / "accumulation_wijken.csv", index_col="wijk")
    assert table["p_all_higher"].to_dict() == pytest.approx(written["p_all_higher"].to_dict())


def test_the_largest_are_shown_and_no_more_than_asked(folder):
    command = ("accumulation", folder / "together", "--highest", "3", "--margin", "0.02")
    answer = json.loads(said("--json", *command, "--out", folder / "largest.csv").stdout)
    assert len(answer["areas"]) == 6
    assert answer["not_shown"] == 94
    table = pd.read_csv(folder / "largest.csv", index_col="wijk")
    assert table.index.tolist()[:3] == [row["wijk"] for row in answer["areas"][:3]]
    certain = (table["p_all_higher"] - table["p_all_lower"]).round(2) == 1
    sure = table.loc[certain, ["ratio_youth", "ratio_care"]].mean(axis=1).round(2)
    assert sure.nunique() > 3
    assert sure.is_monotonic_decreasing


def test_probabilities_are_called_so_in_dutch(folder):
    shown = CliRunner().invoke(app, ["--language", "nl", "accumulation", str(folder / "together"), "GM5003"]).output
    assert "P(" not in shown
    assert "kans dat" in shown


def test_areas_and_groups_can_be_named(folder):
    codes = pd.read_csv(folder / "youth.csv")["wijk"]
    answer = json.loads(said("--json", "accumulation", folder / "together", codes[3], "GM5003").stdout)
    assert {row["group"] for row in answer["areas"]} == {codes[3], "GM5003"}


def test_other_commands_read_an_outcome(folder):
    assert said("show", folder / "together" / "care").exit_code == 0
    assert said("rank", folder / "together" / "youth", "--level", "gemeente").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("accumulation", "{folder}"), "bayesmodel outcomes"),
        (("accumulation", "{together}", "WK1", "--level", "gemeente"), "Give one of them"),
        (("accumulation", "{together}", "WK9"), "WK9"),
        (("accumulation", "{together}", "--level", "foo"), "Unknown level 'foo'. Known: wijk, gemeente."),
        (("accumulation", "{together}", "--expectation", "weather"), "determinants"),
        (("outcomes", "{folder}/youth.toml"), "from 2 to 4 outcomes"),
        (("outcomes", "a/b={folder}/youth.toml", "wmo={folder}/wmo.toml"), "NAME=STUDY"),
        (("outcomes", "Care={folder}/youth.toml", "care={folder}/wmo.toml"), "more than capitals"),
        (("outcomes", "a={folder}/youth.toml", "b={folder}/none.toml"), "no such file"),
        (("outcomes", "a={folder}/youth.toml", "b={folder}/youth.toml"), "a, b: found the same counts for both"),
        (("outcomes", "0-17={folder}/youth.toml", "0-22={folder}/wmo.toml", "--sum"), "ages that 0-17 has too"),
    ],
)
def test_what_cannot_be_is_refused_with_help(folder, words, told):
    places = {"together": folder / "together", "folder": folder}
    done = said(
        *(word.format(**places) for word in words), *(("--out", folder / "x") if words[0] == "outcomes" else ())
    )
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())
    assert not (folder / "x").exists()


def test_outcomes_are_called_after_their_files_or_else_their_folders(tmp_path):
    one, other = tmp_path / "youth" / "study.toml", tmp_path / "wmo" / "study.toml"
    assert _named(["youth.toml", "care=wmo.toml"]) == [("youth", Path("youth.toml")), ("care", Path("wmo.toml"))]
    assert _named([str(one), str(other)]) == [("youth", one), ("wmo", other)]


def test_a_file_with_an_equals_sign_is_a_file(tmp_path):
    study = tmp_path / "a=b.toml"
    study.touch()
    assert _named([str(study)]) == [("a=b", study)]


def test_groups_of_one_table_are_read_as_from_a_table_each(folder, tmp_path):
    """Rows of areas x age groups: each group has its own counts and people."""
    parts = {name: pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("youth", "wmo")}
    ages = {"youth": "0-17", "wmo": "18 en ouder"}
    table = pd.concat([part.assign(leeftijd=ages[name]) for name, part in parts.items()])
    table.to_csv(tmp_path / "ages.csv", index=False)
    (tmp_path / "ages.toml").write_text(STUDY.format(name="ages"), encoding="utf-8")
    found = _of_each_group(
        {"ages": read_study(tmp_path / "ages.toml")}, "leeftijd", _groups(["0-17", "old=18 en ouder"])
    )
    assert list(found) == ["0-17", "old"]
    for name, study in zip(parts, found.values(), strict=True):
        counts = interpret_counts(read_areas(study))
        alone = interpret_counts(read_areas(read_study(folder / f"{name}.toml")))
        assert counts.lower.tolist() == alone.lower.tolist()
        assert counts.population.tolist() == alone.population.tolist()


@pytest.mark.parametrize("words", [["--column", "leeftijd"], ["--group", "0-17"]])
def test_groups_need_a_column_and_a_column_groups(folder, words):
    result = said("outcomes", folder / "youth.toml", *words, "--out", folder / "never")
    assert result.exit_code == 2
    assert "--group for each" in result.output + result.stderr
