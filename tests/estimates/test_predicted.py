"""A gemeente that did not deliver is predicted, and says so wherever a number of it shows."""

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from bayesmodel.cli.program import app
from bayesmodel.data import Status
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.explain import explain
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall as made_of
from bayesmodel.plots import waterfall
from bayesmodel.plots.style import MISSING, mark_of
from bayesmodel.tables.per_area import area_table
from bayesmodel.tables.per_level import level_table
from bayesmodel.testing import invented_fit

GEMEENTE = "GM0002"


@pytest.fixture(scope="module")
def fit():
    """The invented fit, but that gemeente 2 did not deliver."""
    made = invented_fit("poisson", areas=24)
    rows = np.flatnonzero((made.counts.areas.levels["gemeente"] == GEMEENTE).to_numpy())
    counts = made.counts.with_bounds(rows, 0, made.counts.population[rows], Status.MISSING)
    return replace(made, counts=counts)


def test_the_table_of_gemeenten_flags_it_and_no_other(fit):
    flags = level_table(fit, "gemeente")["flags"]
    assert flags[flags == "predicted"].index.tolist() == [GEMEENTE]


def test_its_wijken_are_flagged_too(fit):
    table = area_table(fit)
    own = table["gemeente"] == GEMEENTE
    assert table.loc[own, "flags"].str.contains("missing_count").all()


def test_sentences_say_so_in_both_languages(fit):
    said = explain(fit, [GEMEENTE, "GM0001", "GM0003"])
    assert "Nothing was counted here: all figures are predicted" in said.loc[GEMEENTE, "en"]
    assert "Hier is niets geteld: alle cijfers zijn voorspeld" in said.loc[GEMEENTE, "nl"]
    assert not said.loc[["GM0001", "GM0003"], "en"].str.contains("predicted").any()
    assert "predicted" in explain(fit, "WK000200").iloc[0]["en"]


def test_pictures_mark_it_as_a_wijk_without_a_count(fit):
    draws = aggregate(fit, "gemeente", "use.underlying", "share").draws
    status = dict(zip(draws["gemeente"].to_numpy(), draws["status"].to_numpy(), strict=True))
    assert mark_of(status[GEMEENTE]) is MISSING
    assert status["GM0001"] == ""


def test_ranks_comparisons_and_verdicts_mark_it(fit):
    ranks = rank(fit, "gemeente").summary()
    assert ranks.index[ranks["predicted"]].tolist() == [GEMEENTE]
    wijken = rank(fit).summary()
    unknown = fit.counts.areas.codes[fit.counts.status == Status.MISSING]
    assert sorted(wijken.index[wijken["predicted"]]) == sorted(unknown)
    compared = compare(fit, [GEMEENTE, "GM0001", "WK000200", "WK000100"]).estimate
    assert compared.predicted.tolist() == [True, False, True, False]
    judged = verdicts(fit, areas="gemeente").summary()
    assert judged.index[judged["flags"] == "predicted"].tolist() == [GEMEENTE]


@pytest.mark.parametrize("command", [["rank", "--level", "gemeente"], ["compare", GEMEENTE, "GM0001"]])
def test_commands_mark_it_in_the_table_the_notes_and_the_json(fit, command, tmp_path):
    fit.save(tmp_path / "fit.nc")
    name, *rest = command
    asked = [name, str(tmp_path / "fit.nc"), *rest]
    shown = CliRunner().invoke(app, ["--language", "en", *asked]).output
    assert "Gemeente 0002 *" in shown
    assert "Gemeente 0001 *" not in shown
    assert f"* Nothing was counted here, so that all figures of it are predicted: {GEMEENTE}." in " ".join(
        shown.split()
    )
    said = json.loads(CliRunner().invoke(app, ["--json", *asked]).stdout)
    found = {row["gemeente"]: row for row in said["ranks"]} if name == "rank" else said["areas"]
    assert {code for code, row in found.items() if row["predicted"]} == {GEMEENTE}
    if name == "compare":
        assert (said["pairs"][0]["area_predicted"], said["pairs"][0]["other_predicted"]) == (True, False)


def test_the_waterfall_says_so(fit):
    said, silent = (waterfall(made_of(fit, code), language="en").get_label() for code in ("WK000200", "WK000100"))
    assert "the use at the bottom is predicted too" in said
    assert "predicted" not in silent


def test_its_interval_is_wider_than_that_of_one_that_delivered(fit):
    made = replace(fit, counts=invented_fit("poisson", areas=24).counts)
    widths = [
        np.ptp(aggregate(each, [GEMEENTE], "use.actual").summary()[["lower", "upper"]].to_numpy())
        for each in (fit, made)
    ]
    assert widths[0] > widths[1]
