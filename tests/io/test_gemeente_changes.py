"""Changes of gemeenten: read as CBS writes them, followed in time, and the real mergers of 2016 and 2017."""

import pandas as pd
import pytest

from bayesmodel.errors import ArgumentError, DataError
from bayesmodel.io.gemeente_changes import bridge_through_mergers, read_gemeente_changes

CHANGES = """Bestaan tot;Eindjaar;Oude;Nieuwe;Huidige code;Huidige naam
1-1-2014;2014;GM0051;GM1921;GM1940;De Fryske Marren
1-6-2015;2015;GM1921;GM1940;GM1940;De Fryske Marren
1-1-2016;2016;GM0241;GM1945;GM1945;Berg en Dal
1-1-2016;2016;GM1945;GM1945;GM1945;Berg en Dal
1-1-2017;2017;GM0844;GM1948;GM1948;Meierijstad
1-1-2017;2017;GM0846;GM1948;GM1948;Meierijstad
"""


@pytest.fixture
def changes(tmp_path):
    (tmp_path / "changes.csv").write_bytes(CHANGES.replace("Fryske", "Fryské").encode("latin-1"))
    return read_gemeente_changes(tmp_path / "changes.csv")


def test_they_are_read_as_published(changes):
    """In Latin-1, with days first; a change of a name only is none."""
    assert changes["date"].astype(str).tolist()[:3] == ["2014-01-01", "2015-06-01", "2016-01-01"]
    assert len(changes) == 5


@pytest.mark.parametrize(
    ("first", "last", "heir"),
    [(2013, 2014, "GM1921"), (2014, 2015, "GM1921"), (2014, 2016, "GM1940"), (2013, 2017, "GM1940")],
)
def test_a_change_holds_from_the_next_first_of_january(changes, first, last, heir):
    found = bridge_through_mergers(changes, ["GM0051" if first < 2014 else "GM1921"], first, last)
    assert found.new.tolist() == [heir]


def test_merged_gemeenten_are_added_up_exactly(changes):
    found = bridge_through_mergers(changes, ["GM0844", "GM0846", "GM0363"], 2016, 2017)
    bounds = found.counts(pd.Series([10.0, 5.0, 7.0], found.old), pd.Series([12.0, 5.0, 7.0], found.old))
    assert bounds.loc["GM1948", ["lower", "upper"]].tolist() == [15, 17]
    assert bounds.loc["GM0363", ["lower", "upper", "exact"]].tolist() == [7, 7, True]
    assert not found.approximate
    assert any("GM0844, GM0846" in note for note in found.notes)


def test_within_one_year_nothing_changes(changes):
    codes = ["GM0844", "GM0846"]
    assert bridge_through_mergers(changes, codes, 2016, 2016).new.tolist() == codes


def test_a_gemeente_that_was_divided_is_refused(changes):
    divided = pd.concat([changes, changes.iloc[-1:].assign(new="GM0855")])
    with pytest.raises(DataError, match="GM0846"):
        bridge_through_mergers(divided, ["GM0846"], 2016, 2017)


def test_a_merger_is_not_undone(changes):
    with pytest.raises(ArgumentError, match="not undone"):
        bridge_through_mergers(changes, ["GM1948"], 2017, 2016)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Jaar;Van\n2017;GM0844\n", ["old", "new", "date"]),
        ("Bestaan tot;Oude;Nieuwe\nmorgen;GM0844;Veghel\n", ["morgen", "Veghel"]),
    ],
)
def test_other_tables_end_in_help(tmp_path, text, said):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(DataError) as caught:
        read_gemeente_changes(tmp_path / "a.csv")
    assert all(each in str(caught.value) for each in said)


def test_the_gemeenten_of_2016_become_those_of_2017(shared_data):
    """388 of 390, and nobody in them is lost."""
    folder = shared_data / "cbs_regioindeling"
    changes = read_gemeente_changes(folder / "gemeente_wijzigingen_tot_2018.csv")
    old = pd.read_csv(folder / "gemeente_regio_2016.csv", dtype=str)["gemeente_code"]
    new = pd.read_csv(folder / "gemeente_regio_2017.csv", dtype=str)["gemeente_code"]
    found = bridge_through_mergers(changes, list(old), 2016, 2017)
    assert set(found.new) == set(new)
    assert found.counts(pd.Series(3.0, found.old))["estimate"].sum() == 3 * 390
