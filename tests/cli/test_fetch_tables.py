"""`bayesmodel fetch`: what it lists, writes, says next and answers to a machine, and how it fails."""

import json

import pytest
from typer.testing import CliRunner

from bayesmodel.cli.program import app
from bayesmodel.sources import read_registry
from bayesmodel.sources.known_tables import in_runs
from bayesmodel.study import read_study
from benchmarks.sources.invented_tables import areas, invented_country, kwb, youth_care
from benchmarks.sources.local_cbs import LocalCbs

FEW = """
[purposes.jeugdhulp]
label = {{ nl = "jeugdzorg", en = "youth care" }}
years = [2015, 2025]
regions = ["Wijken"]
prefixes = ["GM", "WK"]
columns = {{ count = ["TotaalJongerenMetJeugdzorgInNatura"] }}
select = [{{ dimension = ["Vormen"], code = "T001203" }}]

[purposes.kwb]
label = {{ nl = "kerncijfers", en = "key figures" }}
years = [2014, 2025]
regions = ["WijkenEnBuurten"]
prefixes = ["GM", "WK"]

[purposes.gebieden]
label = {{ nl = "gebieden", en = "areas" }}
years = [2016, 2023]
regions = ["RegioS"]
prefixes = ["GM"]
"""


@pytest.fixture
def fetching(tmp_path, monkeypatch):
    """The program in a folder of its own, with a server of this machine and a small country that is whole."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(FEW.format(), "utf-8")
    monkeypatch.setenv("BAYESMODEL_SNAPSHOTS", str(tmp_path / "snapshots"))
    country = invented_country(wijken=60, gemeenten=8)
    served = [youth_care(country), kwb(country, 2017, "83765NED"), areas(country), youth_care(country, 2023, "7NED")]
    with LocalCbs(served) as server:
        monkeypatch.setenv("BAYESMODEL_CBS_URL", server.url)
        yield lambda *words: CliRunner().invoke(app, ["fetch", *words, "--sources", "own.toml"])


def test_the_list_says_of_each_subject_which_years_there_are():
    answer = CliRunner().invoke(app, ["fetch", "--list"])
    assert answer.exit_code == 0
    registry = read_registry()
    years = in_runs(registry.known_years("jeugdhulp"), registry.provisional_years("jeugdhulp"))
    assert years.startswith("2015-2017, 2021")
    assert f"its own table      {years}" in answer.output
    assert "no table known     2018-2020, 2022-2024" in answer.output
    assert "a study that runs  2015-2019, 2024" in answer.output


def test_a_subject_without_a_year_lists_its_years():
    answer = CliRunner().invoke(app, ["fetch", "wmo"])
    assert answer.exit_code == 0
    assert "wmo:" in answer.output
    assert "jeugdhulp:" not in answer.output


def test_the_list_for_a_machine():
    listed = json.loads(CliRunner().invoke(app, ["fetch", "--list", "--json"]).stdout)
    assert listed["jeugdhulp"]["tables"]["2017"] == "83782NED"
    assert 2022 in listed["jeugdhulp"]["unknown_years"]


def test_a_study_is_fetched_into_a_folder_of_its_name(fetching, tmp_path):
    answer = fetching("jeugdhulp", "--year", "2017")
    assert answer.exit_code == 0, answer.output
    assert read_study(tmp_path / "jeugdhulp-2017" / "study.toml").outcome.year == 2017
    assert "bayesmodel run jeugdhulp-2017" in answer.output.replace("\n", "")
    assert CliRunner().invoke(app, ["check-data", "jeugdhulp-2017/study.toml"]).exit_code == 0


def test_what_was_fetched_for_a_machine(fetching):
    fetching("jeugdhulp", "--year", "2017", "--out", "one")
    answer = fetching("jeugdhulp", "--year", "2017", "--out", "two", "--refresh", "--json")
    told = json.loads(answer.stdout)
    assert [table["table"] for table in told["tables"]] == ["83782NED", "83765NED", "83553NED"]
    assert [table["revised_cells"] for table in told["tables"]] == [[], [], []]
    assert told["study"].endswith("study.toml")


def test_a_table_of_another_year_is_given_by_its_identifier(fetching):
    answer = fetching("jeugdhulp", "--year", "2023", "--table", "7NED")
    assert answer.exit_code == 0, answer.output
    assert "study init jeugdhulp-2023" in answer.output.replace("\n", "")


def test_the_proposal_of_a_study_reads_the_fetched_table(fetching):
    """No study is made of that year, but what is written is what `study init` reads well."""
    fetching("jeugdhulp", "--year", "2023", "--table", "7NED")
    answer = CliRunner().invoke(app, ["study", "init", "jeugdhulp-2023/jeugdhulp.csv", "--year", "2023"])
    assert answer.exit_code == 0, answer.output
    for role, column in {"area ": "code", "area name": "naam", "gemeente ": "gemeente_code"}.items():
        assert any(line.strip().startswith(role) and f" {column} " in line for line in answer.output.splitlines()), role


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["jeugdhulpp", "--year", "2017"], "Did you mean jeugdhulp?"),
        (
            ["jeugdhulp", "--year", "2022"],
            f"Known years: {in_runs(read_registry().known_years('jeugdhulp'))}. A whole study can be made of",
        ),
        (["jeugdhulp", "--year", "2022"], "For a study of 2022 the table of key figures is enough: --table kwb="),
        (["grenzen", "--year", "2017"], "None of any year is known."),
        (["jeugdhulp", "--year", "2016"], "CBS has no table 83563NED"),
        (["jeugdhulp", "--year", "2017", "--table", "huis=1NED"], "Unknown subject 'huis'"),
    ],
)
def test_what_cannot_be_fetched_is_said_in_one_message(fetching, tmp_path, words, said):
    answer = fetching(*words)
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.split())
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(("jeugdhulp", "."))]


def test_a_folder_that_exists_is_kept(fetching):
    fetching("jeugdhulp", "--year", "2017")
    answer = fetching("jeugdhulp", "--year", "2017")
    assert answer.exit_code == 4
    assert "--force" in answer.output
    assert fetching("jeugdhulp", "--year", "2017", "--force").exit_code == 0


def test_help_and_answers_are_dutch_for_who_reads_dutch(fetching):
    assert "momentopname" in CliRunner().invoke(app, ["fetch", "--help", "--language", "nl"]).output
    assert "Tabellen in jeugdhulp-2017" in fetching("jeugdhulp", "--year", "2017", "--language", "nl").output


def test_years_side_by_side(fetching, tmp_path):
    answer = fetching("jeugdhulp", "--year", "2020:2022")
    assert answer.exit_code == 2
    assert "No whole study of jeugdhulp can be made of 2020-2022" in " ".join(answer.output.split())
    assert fetching("jeugdhulp", "--year", "2019:2017").exit_code == 2
    assert fetching("jeugdhulp", "--year", "2017:2018", "--table", "1NED").exit_code == 2
    assert not list(tmp_path.glob("jeugdhulp*"))
