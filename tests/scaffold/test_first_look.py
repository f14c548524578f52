"""A proposed study says already what check-data will say of its tables, as far as its questions allow."""

from contextlib import chdir

import numpy as np
import pandas as pd
import pytest

from bayesmodel.messages import speaking
from bayesmodel.scaffold import propose_study, write_study
from benchmarks.sense.world import country

HEAD = "# What check-data will say"


def looked(table, folder, year=2021):
    """The lines that a proposal of a table ends with."""
    table.to_csv(folder / "wijken.csv", sep=";", index=False)
    with chdir(folder), speaking("en"):
        text = write_study(propose_study([folder / "wijken.csv"], year))
    return text.partition(HEAD)[2].splitlines()[1:]


def test_a_sound_table_gets_no_word(tmp_path):
    assert looked(country(), tmp_path) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"regio": lambda t: t["regio"].mask(t["gemeente"] == "GM0342", "NA")}, "a word that says there is no"),
        ({"naam": lambda t: t["naam"].replace("Goes 8", "Wijk onbekend")}, "Wijk onbekend"),
        ({"peiljaar": lambda t: "2019"}, "2019 in every row"),
        ({"regio": lambda t: np.where(t.index < 80, "JZ01", "JZ02")}, "only 2 groups"),
        ({"bijna": lambda t: np.where(t.index == 5, "4.5", "3.5")}, "bijna is 3.5 but in 1 area"),
    ],
)
def test_what_check_data_would_say_is_said(change, said, tmp_path):
    lines = looked(country().assign(**change), tmp_path)
    assert any(said in line for line in lines)
    assert all(line.startswith("# CHECK: ") for line in lines)


def test_nothing_is_said_of_years_where_the_year_is_asked(tmp_path):
    assert looked(country().assign(jongeren_2016="1"), tmp_path, None) == []


def test_what_is_asked_already_is_not_said_again(tmp_path):
    """An error among the counts is a question of the symbols; of the columns beside it all is said."""
    table = country()
    table["jeugdhulp"] = table["jeugdhulp"].mask(table.index == 9, "#N/B")
    table["naam"] = table["naam"].replace("Goes 8", "Wijk onbekend")
    lines = looked(table, tmp_path)
    assert any("Wijk onbekend" in line for line in lines)
    assert not any("#N/B" in line for line in lines)


def test_without_a_column_of_people_nothing_can_be_said(tmp_path):
    assert looked(country().drop(columns="jongeren"), tmp_path) == []


def test_a_symbol_that_is_known_to_be_hidden_is_not_taken_for_missing_where_another_is_asked_about(tmp_path):
    table = country()
    large = table["jongeren"].astype(int).nlargest(6).index
    table["jeugdhulp"] = table["jeugdhulp"].mask(table.index.isin(large), "-")
    with chdir(tmp_path), speaking("en"):
        table.to_csv("wijken.csv", sep=";", index=False)
        proposal = propose_study([tmp_path / "wijken.csv"], 2021)
        text = write_study(proposal)
    assert proposal.publication.rule["hidden_symbols"] == "?"
    assert proposal.publication.hidden == (".",)
    assert HEAD not in text


def test_rows_of_a_year_that_leaves_out_other_areas_are_said(tmp_path):
    table = country()
    table["meetjaar"] = np.where(table["regio"] == "JZ03", "2020", "2021")
    table.to_csv(tmp_path / "wijken.csv", sep=";", index=False)
    with chdir(tmp_path), speaking("en"):
        text, asked = (write_study(propose_study([tmp_path / "wijken.csv"], year)) for year in (2021, None))
    assert "no row" not in text
    assert "; 32 of 160 areas have rows of other years than 2021 only, and are left out: WK034200," in text
    assert "most areas stand in one year only" in asked


def test_of_a_table_with_all_areas_in_each_year_nothing_more_is_said(tmp_path):
    table = country()
    both = pd.concat([table.assign(jaar="2020"), table.assign(jaar="2021")])
    both.to_csv(tmp_path / "wijken.csv", sep=";", index=False)
    with chdir(tmp_path), speaking("en"):
        text, asked = (write_study(propose_study([tmp_path / "wijken.csv"], year)) for year in (2021, None))
    assert "# CHECK: The table holds several years: 2020, 2021.\n" in text
    assert "# QUESTION: The table holds several years: 2020, 2021.\n" in asked
