"""What `check-data` says about a small study of csv."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from bayesmodel.cli.data_report import picture
from bayesmodel.cli.program import app

STUDY = """
name = "small"
columns = { area = "wijk", count = "care", population = "young" }
tables = [{ path = "counts.csv", key = "wijk" }]
levels = [{ name = "gemeente", column = "gemeente" }]
publication = { hidden_symbols = [""] }

[outcome]
count = { nl = "hulp", en = "care" }
population = { nl = "jongeren", en = "young people" }
year = 2017
vintage = 2017
"""


@pytest.fixture
def study(tmp_path):
    """A study of four wijken, one hidden."""
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "counts.csv").write_text(
        "wijk,gemeente,care,young\n"
        "WK000300,GM0003,40,410\nWK000301,GM0003,,60\nWK000500,GM0005,12,150\nWK000501,GM0005,31,300\n"
    )
    return tmp_path / "study.toml"


def test_it_says_how_each_symbol_was_read(study):
    done = CliRunner().invoke(app, ["check-data", str(study)])
    assert done.exit_code == 0, done.output
    assert "1 hidden (empty cell), read as 0..9" in done.stdout
    rows = {cells[0]: cells[1:] for line in done.stdout.splitlines() if (cells := line.split())}
    assert rows["known"] == ["3", "860", "83", "83"]
    assert rows["hidden"] == ["1", "60", "0", "9"]


def test_it_says_what_each_published_value_stands_for(study):
    study.write_text(study.read_text().replace('hidden_symbols = [""]', 'hidden_symbols = [""], raised_from = 8'))
    done = CliRunner().invoke(app, ["check-data", str(study)])
    assert done.exit_code == 0, done.output
    rows = [line.split() for line in done.stdout.splitlines()]
    assert ["empty", "cell", "0..7", "1"] in rows
    assert ["10", "8..10", "0"] in rows
    assert ["12", "12", "1"] in rows
    assert ["larger", "numbers", "themselves"] in rows
    done = CliRunner().invoke(app, ["--json", "check-data", str(study)])
    answer = json.loads(done.stdout)
    stands_for = answer.get("data", answer)["stands_for"]
    assert {"published": "10", "lower": 8, "upper": 10} in stands_for


@pytest.fixture
def rich_study(study):
    """The same with determinants, one of them mostly empty and two nearly the same, and an exclusion."""
    lines = study.with_name("counts.csv").read_text().splitlines()
    more = ["rent,house,gap", "10,20.1,", "20,40,5", "35,70,", "60,120,"]
    study.with_name("counts.csv").write_text("\n".join(map(",".join, zip(lines, more, strict=True))) + "\n")
    determinants = 'determinants = [{ column = "rent" }, { column = "house" }]\n'
    study.write_text('exclusions = [{ column = "young", at_most = 60 }]\n' + determinants + study.read_text())
    return study


def test_the_report_tells_levels_determinants_what_is_alike_and_what_is_left_out(rich_study):
    out = rich_study.with_name("report.md")
    done = CliRunner().invoke(app, ["check-data", str(rich_study), "--out", str(out)])
    assert done.exit_code == 0, done.output
    text = out.read_text("utf-8")
    assert "| gemeente | 2 | 1 | 1.5 | 2 | 1 |" in text
    assert "| rent | 0 | 10 | 35 | 60 |" in text
    assert "rent and house tell nearly the same (correlation 1.00)" in text
    assert "| WK000301 | WK000301 | young is 60, at most 60 |" in text
    assert CliRunner().invoke(app, ["check-data", str(rich_study), "--out", str(out)]).exit_code == 4


def test_a_machine_gets_the_same(rich_study):
    told = json.loads(CliRunner().invoke(app, ["check-data", str(rich_study), "--json"]).stdout)
    assert (told["areas"], told["status"]) == (3, {"exact": 3})
    assert told["left_out"] == {"WK000301": "young is 60, at most 60"}


def test_a_picture_has_room_for_every_value_and_none_for_what_is_not_known():
    assert picture(np.array([np.nan])) == ""
    assert picture(np.array([1.0, 1.0, np.nan])).strip() == "█"


def test_a_report_is_not_written_when_the_data_have_faults(study):
    table = study.with_name("counts.csv")
    table.write_text(table.read_text().replace("12,150", "many,150"))
    done = CliRunner().invoke(app, ["check-data", str(study), "--out", str(study.with_name("report.md"))])
    assert done.exit_code == 2
    assert not study.with_name("report.md").exists()


def test_faults_of_the_data_end_in_one_message(study):
    table = study.with_name("counts.csv")
    table.write_text(table.read_text().replace("12,150", "many,150").replace("31,300", "310,300"))
    done = CliRunner().invoke(app, ["check-data", str(study)])
    assert done.exit_code == 2
    assert "2 faults" in done.stderr
    assert "WK000500" in done.stderr
    assert "WK000501" in done.stderr


def test_what_else_is_published_narrows_and_every_step_can_be_had(study, tmp_path):
    (tmp_path / "counts.csv").write_text(
        "wijk,gemeente,care,young,little,tall\n"
        "WK000300,GM0003,40,410,12,28\nWK000301,GM0003,,60,,\nWK000500,GM0005,12,150,10,\nWK000501,GM0005,31,300,,25\n"
    )
    study.write_text(study.read_text() + '\n[[bounds.subtotals]]\ncolumns = ["little", "tall"]\n')
    trail = tmp_path / "trail.csv"
    done = CliRunner().invoke(app, ["check-data", str(study), "--trail", str(trail)])
    assert done.exit_code == 0, done.output
    assert "little + tall" in done.stdout
    steps = trail.read_text().splitlines()
    assert steps[0] == "area,column,by,lower_before,upper_before,lower,upper"
    assert "WK000500,tall,little + tall,0,9,2,2" in steps
    again = CliRunner().invoke(app, ["check-data", str(study), "--trail", str(trail)])
    assert again.exit_code == 4, again.output
    done = CliRunner().invoke(app, ["check-data", str(study), "--json"])
    assert json.loads(done.stdout)["narrowed"] == 2
