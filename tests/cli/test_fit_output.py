"""Commands that read a fit: compare, rank, explain and variance, for the eye, for a machine and to a file."""

import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from typer.testing import CliRunner

from bayesmodel.cli.fit_output import between, chances, written
from bayesmodel.cli.program import app
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.rank import rank
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.messages import speaking
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a saved fit, whose study speaks Dutch."""
    path = tmp_path_factory.mktemp("results")
    invented_fit().save(path / "fit.nc")
    return path


def answer(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def read(*arguments):
    done = answer("--json", *arguments)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_fit_is_read_from_its_file_or_its_folder(folder):
    assert read("explain", folder, "WK000100") == read("explain", folder / "fit.nc", "WK000100")


def test_the_language_is_that_of_the_study_unless_chosen(folder):
    assert "telt 46 jongeren" in answer("explain", folder, "WK000100").stdout
    assert "has 46 young people" in answer("explain", folder, "WK000100", "--language", "en").stdout


def test_both_units_of_a_comparison_are_named(folder):
    """Areas are shares and pairs are percentage points, in the language that is spoken."""
    data = read("compare", folder, "WK000100", "WK000101", "--language", "en")
    assert (data["unit"], data["unit_of_pairs"]) == ("share of young people, 0 to 1", "percentage points")
    gap = data["areas"]["WK000100"]["mean"] - data["areas"]["WK000101"]["mean"]
    assert data["pairs"][0]["mean"] == pytest.approx(100 * gap)


def test_compare_gives_each_area_and_each_pair(folder):
    data = read("compare", folder, "WK000100", "GM0002", "--expectation", "gemeente")
    found = compare(invented_fit(), ["WK000100", "GM0002"], "difference.underlying.gemeente")
    assert data["quantity"] == "difference.underlying.gemeente"
    [pair] = data["pairs"]
    assert (pair["area"], pair["other"]) == ("WK000100", "GM0002")
    assert pair["p_higher"] == found.p_higher.loc["WK000100", "GM0002"]
    assert data["areas"]["GM0002"]["name"] == "Gemeente 0002"


def test_compare_reads_well_in_a_narrow_terminal(folder):
    shown = answer("compare", folder, "WK000100", "WK000102", "--actual").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert "11,5%" in shown
    assert re.search(r"WK000100 +WK000102", shown)


def test_rank_gives_ranks_with_intervals(folder):
    data = read("rank", folder, "--level", "gemeente", "--highest", "2")
    table = rank(invented_fit(), "gemeente").summary(highest=2)
    assert [row["expected_rank"] for row in data["ranks"]] == pytest.approx(table["expected_rank"].head(2).tolist())
    assert data["areas"] == 3
    assert {"lower", "upper", "p_among_2", "highest_rank", "lowest_rank"} <= set(data["ranks"][0])
    assert "de hoogste 7 van 7" in answer("rank", folder).stdout


def test_variance_gives_levels_and_parts_that_add_up(folder):
    data = read("variance", folder, "--people", "500")
    assert sum(row["share"] for row in data["levels"].values()) == pytest.approx(1)
    assert sum(row["mean"] for row in data["variance.parts"].values()) == pytest.approx(1)
    assert "jeugdzorgregio" in answer("variance", folder).stdout


def test_a_table_is_written_whole_and_not_over_another(folder, tmp_path):
    out = tmp_path / "table.csv"
    for command in (["compare", folder, "WK000100", "GM0002"], ["rank", folder], ["variance", folder]):
        assert answer(*command, "--out", out, "--force").exit_code == 0
        assert len(pd.read_csv(out)) >= 1
    refused = answer("explain", folder, "WK000100", "--out", out)
    assert refused.exit_code == 4
    assert "--force" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "help_given"),
    [
        (["compare", "WK000100", "WK00O101"], "Did you mean WK000101"),
        (["compare", "WK000100"], "at least two areas"),
        (["compare", "WK000100", "WK000300"], "WK000300"),
        (["compare", "WK000100", "GM0002", "--expectation", "gemeenten"], "difference.underlying.gemeente"),
        (["rank", "--level", "gemeenten"], "Did you mean gemeente"),
        (["rank", "--level", "gemeente", "--gemeente", "GM0002"], "Leave out --level"),
        (["rank", "--level", "regio", "--within", "GM0002"], "Leave out --level"),
        (["explain", "WK990000"], "boundaries of 2017"),
        (["variance", "--people", "0"], "needs people"),
    ],
)
def test_a_mistake_ends_in_help_and_no_traceback(folder, arguments, help_given):
    done = answer(arguments[0], folder, *arguments[1:], "--language", "en")
    assert done.exit_code == 2
    assert help_given in done.stderr
    assert "Traceback" not in done.output


def test_draws_that_did_not_converge_are_refused(tmp_path):
    bad = replace(invented_fit(), diagnostics=Diagnostics(1.2, 10.0, 3, 1.0, "intercept"))
    bad.save(tmp_path / "fit.nc")
    assert answer("rank", tmp_path).exit_code == 3
    assert answer("rank", tmp_path, "--accept-unconverged").exit_code == 0


def test_numbers_as_they_are_written():
    values = pd.Series([0.5, -0.001, float("nan"), 1.0])
    with speaking("nl"):
        assert written(values, ".1f") == ["0,5", "0,0", "", "1,0"]
        assert chances(values) == ["50%", "< 1%", "", "> 99%"]
        assert between(pd.DataFrame({"lower": [1.5], "upper": [2.5]}), ".1f") == ["1,5 .. 2,5"]


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "WK000100", "WK000102", "GM0003", "--expectation", "gemeente"],
        ["compare", "WK000100", "WK000102", "--actual"],
        ["rank", "--level", "gemeente"],
        ["rank", "--highest", "8"],
        ["variance", "--people", "500"],
        ["show"],
    ],
)
def test_no_number_is_cut_and_no_word_broken_at_any_width(folder, monkeypatch, width, arguments):
    def shown(columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        return answer(arguments[0], folder, *arguments[1:]).stdout

    narrow, wide = shown(width), shown(400)
    assert "…" not in narrow
    in_narrow, in_wide = " ".join(narrow.split()), " ".join(wide.split())
    for number in (r"-?\d[\d.,]*%? \.\. -?\d[\d.,]*%?(?!\w)", r"(?<![\w.,])-?\d[\d.,]*%?(?!\w)"):
        assert set(re.findall(number, in_wide)) <= set(re.findall(number, in_narrow))
    assert set(re.findall(r"\w{3,}", narrow)) <= set(re.findall(r"\w{3,}", wide))


def test_ranks_of_one_gemeente_are_among_its_wijken(folder):
    by_option, by_name = read("rank", folder, "--gemeente", "GM0002"), read("rank", folder, "Gemeente 0002")
    assert by_option == by_name
    assert by_option["areas"] == 3
    assert by_option["within"] == "Gemeente 0002"
    assert max(row["lowest_rank"] for row in by_option["ranks"]) <= 3
    assert "Gemeente 0002: " in answer("rank", folder, "--within", "gm0002").stdout
    assert read("rank", folder, "--level", "gemeente", "--within", "JZ01")["areas"] == 2
    assert read("rank", folder, "WK000100", "GM0003")["areas"] == 2


@pytest.mark.parametrize(
    ("arguments", "help_given"),
    [
        (["rank", "--gemeente", "GM9999"], "Unknown gemeente 'GM9999'"),
        (["rank", "--gemeente", "JZ01"], "Unknown gemeente"),
        (["rank", "--gemeente", "GM0001", "--within", "JZ01"], "Give one of them"),
        (["rank", "GM0001", "--level", "gemeente"], "Give one of them"),
        (["rank", "--within", "WK000100"], "Unknown gemeente or regio"),
    ],
)
def test_a_wrong_group_to_rank_within_gets_help(folder, arguments, help_given):
    done = answer(arguments[0], folder, *arguments[1:], "--language", "en")
    assert done.exit_code == 2
    assert help_given in done.stderr


def test_stages_are_told_and_a_machine_or_a_quiet_user_hears_none(folder):
    assert "fit inlezen" in answer("rank", folder, "--language", "nl").stderr
    assert answer("rank", folder, "--json").stderr == ""
    assert answer("rank", folder, "--quiet").stderr == ""
