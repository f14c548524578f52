"""Years side by side: a study each, on its own boundaries; who can be followed, and who cannot."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.vintages import Follow
from bayesmodel.errors import ArgumentError, OutputError, UnknownTableError
from bayesmodel.io import read_areas
from bayesmodel.sources import fetch_years
from bayesmodel.sources.fetch_years import years_asked
from bayesmodel.study import read_study
from benchmarks.sources.invented_tables import areas, kwb
from benchmarks.sources.local_cbs import LocalCbs

FIRST, SECOND = "WK010000", "WK010001"


@pytest.fixture(scope="module")
def later(country):
    """The country a year later: two wijken took each other's place, and the last one is gone."""
    order = np.arange(len(country.wijken))
    one, other = (country.wijken.index(code) for code in (FIRST, SECOND))
    order[[one, other]] = order[[other, one]]
    kept = order[:-1]
    names = {**country.names, country.wijken[2]: "Een andere naam"}
    parts = {name: getattr(country, name)[kept] for name in ("young", "inhabitants", "cared")}
    return replace(country, wijken=country.wijken[:-1], names=names, **parts)


@pytest.fixture
def two_years(tables, later):
    served = [
        tables["counts"],
        tables["kwb"],
        tables["areas"],
        kwb(later, 2018, "84286NED"),
        areas(later, 2018, "83859NED"),
    ]
    with LocalCbs(served) as server:
        yield server


def test_each_year_is_a_study_on_its_own_boundaries(two_years, asking, country, tmp_path):
    found = fetch_years("jeugdhulp", (2018, 2017), tmp_path / "out", asking(two_years))
    assert [each.year for each in found.years] == [2017, 2018]
    for each, wijken in zip(found.years, (country.wijken, country.wijken[:-1]), strict=True):
        study = read_study(each.study)
        assert (study.outcome.year, study.outcome.vintage) == (each.year, each.year)
        assert set(read_areas(study).codes) == set(wijken)
        assert each.folder == tmp_path / "out" / str(each.year)


def test_it_says_who_can_be_followed_and_why(two_years, asking, country, tmp_path):
    found = fetch_years("jeugdhulp", (2017, 2018), tmp_path / "out", asking(two_years))
    table = pd.read_csv(found.table, dtype=str, keep_default_na=False)
    assert list(table.columns[:7]) == ["from_year", "to_year", "before", "after", "follow", "followed", "reason"]
    assert (len(table), set(table["from_year"]), set(table["to_year"])) == (60, {"2017"}, {"2018"})
    rows = table.set_index("before")
    inhabitants = dict(zip(country.wijken, country.inhabitants, strict=True))
    assert max(inhabitants[FIRST], inhabitants[SECOND]) > 1.3 * min(inhabitants[FIRST], inhabitants[SECOND])
    assert set(rows.loc[[FIRST, SECOND], "follow"]) == {Follow.REUSED}
    assert rows.loc[FIRST, "reason"].startswith("the code means another area; ")
    assert rows.loc[country.wijken[2], "follow"] == Follow.OTHER_NAME
    assert rows.loc[country.wijken[-1], "follow"] == Follow.GONE
    assert (rows["follow"] == Follow.SAME).sum() == 56
    assert (rows["followed"] == "True").sum() == 57
    assert "Of the 59 areas of 2018 57 can be followed from 2017." in found.sentences()


def test_of_years_that_cannot_be_fetched_nothing_is_written_and_all_are_named(two_years, asking, tmp_path):
    with pytest.raises(UnknownTableError, match=r"2020-2021: tables are known for 2015-2019, 2024"):
        fetch_years("jeugdhulp", (2017, 2018, 2020, 2021), tmp_path / "out", asking(two_years))
    with pytest.raises(ArgumentError, match="two at least"):
        fetch_years("jeugdhulp", (2017,), tmp_path / "out", asking(two_years))
    assert not (tmp_path / "out").exists()


def test_what_fails_in_the_last_year_leaves_nothing_behind(tables, asking, tmp_path):
    with LocalCbs([tables["counts"], tables["kwb"], tables["areas"]]) as server, pytest.raises(UnknownTableError):
        fetch_years("jeugdhulp", (2017, 2018), tmp_path / "out", asking(server))
    assert [path.name for path in tmp_path.iterdir()] == ["snapshots"]


def test_an_older_folder_is_replaced_only_when_asked(two_years, asking, tmp_path):
    fetch_years("jeugdhulp", (2017, 2018), tmp_path / "out", asking(two_years))
    with pytest.raises(OutputError, match="--force"):
        fetch_years("jeugdhulp", (2017, 2018), tmp_path / "out", asking(two_years))
    fetch_years("jeugdhulp", (2017, 2018), tmp_path / "out", asking(two_years), force=True)
    about = json.loads((tmp_path / "out" / "provenance.json").read_text("utf-8"))
    assert about["years"] == [2017, 2018]


@pytest.mark.parametrize("text", ["", "17", "2017-2019", "2019:2017", "1900:2100", "2017:", "twee"])
def test_years_are_asked_for_in_one_way(text):
    with pytest.raises(ArgumentError, match="2021:2024"):
        years_asked(text)


def test_counts_of_their_own_table_and_those_of_kwb_may_be_mixed_over_years(two_years, asking, tmp_path):
    """2017 has a table of its own, 2018 has not: each study says where its counts are from."""
    found = fetch_years("jeugdhulp", (2017, 2018), tmp_path / "out", asking(two_years))
    assert [table.purpose for table in found.years[0].tables] == ["jeugdhulp", "kwb", "gebieden"]
    assert any(text.startswith("2018: There is no table of jeugdhulp") for text in found.sentences())
