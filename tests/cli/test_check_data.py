"""What `check-data` says about a small study of csv."""

import pytest
from typer.testing import CliRunner

from bayesmodel.cli.app import app

STUDY = """
name = "small"
columns = { area = "wijk", count = "care", population = "young" }
tables = [{ path = "counts.csv", key = "wijk" }]
levels = [{ name = "gemeente", column = "gemeente" }]

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
    rows = {cells[1]: cells[3:-1:2] for line in done.stdout.splitlines() if (cells := line.split()) and cells[0] == "│"}
    assert rows["exact"] == ["3", "860", "83", "83"]
    assert rows["suppressed"] == ["1", "60", "0", "9"]


def test_faults_of_the_data_end_in_one_message(study):
    table = study.with_name("counts.csv")
    table.write_text(table.read_text().replace("12,150", "many,150").replace("31,300", "310,300"))
    done = CliRunner().invoke(app, ["check-data", str(study)])
    assert done.exit_code == 1
    assert "2 faults" in done.stderr
    assert "WK000500" in done.stderr
    assert "WK000501" in done.stderr
