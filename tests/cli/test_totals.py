"""Totals on the command line: a gemeente of which a third is in no wijk, from its rows to verdict and sentence."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from bayesmodel.cli.program import app

STUDY = """
name = "small"
[outcome]
count = { nl = "jongeren met hulp", en = "young people in care" }
population = { nl = "jongeren", en = "young people" }
year = 2021
vintage = 2021
[[tables]]
path = "wijken.csv"
key = "code"
code = "wijk"
keep = "codes"
[columns]
area = "code"
count = "zorg"
population = "jongeren"
[[levels]]
name = "gemeente"
column = "gm"
[publication]
hidden_below = 10
hidden_symbols = ["."]
[model]
family = "poisson"
[inference]
engine = "laplace"
draws = 250
[report]
language = "en"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Eight gemeenten of ten wijken; gemeente 3 has as many in care as others, and a third of them in no wijk."""
    folder = tmp_path_factory.mktemp("totals")
    rng = np.random.default_rng(3)
    lines = ["code,gm,jongeren,zorg"]
    for gemeente in range(1, 9):
        share = 0.1 * (0.66 if gemeente == 3 else 1.0)
        people = rng.integers(300, 2000, size=10)
        counts = rng.poisson(share * people)
        total = round(counts.sum() * (1.5 if gemeente == 3 else 1.02))
        lines.append(f"GM{gemeente:04d},GM{gemeente:04d},{people.sum()},{total}")
        for wijk, (n, count) in enumerate(zip(people, counts, strict=True)):
            lines.append(f"WK{gemeente:04d}{wijk:02d},GM{gemeente:04d},{n},{count if count > 9 else '.'}")
    (folder / "wijken.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder


def invoke(*arguments):
    done = CliRunner().invoke(app, ["--language", "en", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def results(folder):
    invoke("run", folder / "study.toml", "--out", folder / "results")
    return folder / "results"


def test_check_data_tabulates_totals_and_says_who_is_in_no_wijk(folder):
    said = invoke("check-data", folder / "study.toml")
    assert "Totals of groups" in said
    assert "its wijken together" in said
    assert "In 1: GM0003." in " ".join(said.split())
    data = json.loads(invoke("--json", "check-data", folder / "study.toml"))
    assert len(data["totals"]) == 8
    assert {"unplaced"} <= {remark["kind"] for remark in data["remarks"]}


def test_a_gemeente_is_judged_with_those_in_no_wijk(results):
    table = (results / "gemeenten.csv").read_text(encoding="utf-8").splitlines()
    names = table[0].split(",")
    row = next(line for line in table if line.startswith("GM0003")).split(",")
    found = dict(zip(names, row, strict=True))
    assert found["verdict_determinants"] == "about as expected"
    assert found["flags"] == ""
    assert float(found["actual_count"]) == float(found["published_total_lower"])
    assert float(found["published_total_lower"]) > float(found["placed_count_upper"])
    assert 0.28 < float(found["unplaced_share_lower"]) < 1 / 3 < float(found["unplaced_share_upper"]) < 0.38


def test_sentence_comparison_and_ranks_tell_it_too(results):
    sentence = " ".join(invoke("explain", results, "GM0003").split())
    assert "in its wijken together" not in sentence
    assert "are in no wijk (90% interval; of all totals" in sentence
    for command in (["compare", results, "GM0003", "GM0004"], ["rank", results, "--level", "gemeente"]):
        assert "Counted in no wijk, and still in these figures: GM0003 33" in " ".join(invoke(*command).split())
    assert "Counted in no wijk" not in invoke("rank", results)


def test_it_travels_with_the_results(results):
    readme = (results / "readme.txt").read_text(encoding="utf-8")
    assert "Figures of groups (gemeente) are about everybody counted there" in " ".join(readme.split())
    remarks = json.loads((results / "provenance.json").read_text(encoding="utf-8"))["remarks"]
    assert "unplaced" in [remark["kind"] for remark in remarks]
