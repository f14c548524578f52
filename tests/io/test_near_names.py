"""Names that match no row of a joined table are remarked on where the table has nearly the same name to spare."""

import pytest

from bayesmodel.io.join import join_tables
from bayesmodel.io.near_names import near_name_remarks, near_names
from bayesmodel.messages import speaking

BASE = "wijk,gemeente,n\nWK000100,Hengelo,5\nWK000200,Epe,6\nWK000300,Utrecht,7\n"


def joined(study_of, names):
    tables = [{"path": "base.csv", "key": "wijk"}, {"path": "gm.csv", "key": "naam", "on": "gemeente"}]
    rows = "\n".join(f"{name},{place}" for place, name in enumerate(names))
    return join_tables(study_of({"base.csv": BASE, "gm.csv": f"naam,x\n{rows}\n"}, tables=tables))


def test_both_sides_are_named(study_of):
    with speaking("en"):
        (remark,) = near_name_remarks(joined(study_of, ["Hengelo (Gld.)", "Epe", "Utrecht"]).near)
    assert "gm.csv has no row of gemeente Hengelo," in remark.text.en
    assert "belong to no area: Hengelo (Gld.)" in remark.text.en
    assert (remark.where, remark.areas) == ("gemeente", ("Hengelo",))


@pytest.mark.parametrize("names", [["Hengelo", "Epe", "Utrecht", "Hengelo (Gld.)"], ["Epe", "Utrecht", "Bladel"]])
def test_a_name_that_has_its_row_or_none_like_it_is_no_remark(study_of, names):
    assert list(near_name_remarks(joined(study_of, names).near)) == []


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("Hengelo", "Hengelo, gemeente", True),
        ("Coevorden", "Coevoorden", True),
        ("Bergen (L.)", "Bergen (NH.)", False),
        ("Utrecht", "Utrechtse Heuvelrug", False),
        ("GM0340", "GM0341", False),
        ("Regio 1", "Regio 11", False),
    ],
)
def test_names_are_one_but_for_what_stands_behind_or_a_letter(name, other, same):
    assert bool(near_names([name], [other])) == same
