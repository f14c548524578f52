"""Gemeenten that did not deliver, or in part: their counts are predicted, and everything says so."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel import example_study, read_areas
from bayesmodel.data import interpret_counts
from bayesmodel.data.delivery import delivery_faults, delivery_notes, partly_delivered, undelivered, without_delivery
from bayesmodel.data.remark import RemarkKind
from bayesmodel.errors import DataError, StudyError
from bayesmodel.io.read import areas_of
from bayesmodel.io.text_table import TextTable
from bayesmodel.study import study_from
from bayesmodel.study.published_parts import Delivery

ROWS = [
    *("WK000101 GM0001 12 150", "WK000102 GM0001 30 250", "WK000201 GM0002 15 150", "WK000202 GM0002 . 90"),
    *("WK000301 GM0003 20 150", "WK000302 GM0003 25 250", "GM0002 GM0002 40 240", "GM0003 GM0003 50 400"),
]


def study(**delivery):
    label = {"nl": "a", "en": "a"}
    return study_from(
        {
            "name": "small",
            "outcome": {"count": label, "population": label, "year": 2017, "vintage": 2017},
            "tables": [{"path": "x.csv", "key": "wijk", "code": "wijk", "keep": "codes"}],
            "columns": {"area": "wijk", "count": "zorg", "population": "jongeren"},
            "levels": [{"name": "gemeente", "column": "gm"}],
            "publication": {"hidden_symbols": ["."]},
            "delivery": delivery,
        }
    )


def counts(**delivery):
    cells = pd.DataFrame([row.split() for row in ROWS], columns=["wijk", "gm", "zorg", "jongeren"])
    larger = cells[cells["wijk"].str.startswith("GM")].set_index("wijk")
    frame = cells[~cells["wijk"].str.startswith("GM")].reset_index(drop=True)
    return interpret_counts(areas_of(study(**delivery), TextTable(frame, larger=larger)))


def test_a_gemeente_that_did_not_deliver_is_predicted_whatever_its_cells_hold():
    found = counts(none=["GM0002"])
    assert found.frame["status"].to_dict()["WK000201"] == "missing"
    assert found.frame.loc[["WK000201", "WK000202"], "upper"].tolist() == [150, 90]
    assert not found.observed[2:4].any()
    assert found.totals["code"].tolist() == ["GM0003"]
    assert not any("belong" in note for note in found.areas.notes), "its row is of a group, which did not deliver"
    assert RemarkKind.JOIN_GAP not in {each.kind for each in found.remarks}, "no row of it was lost"
    assert any("Not delivered, as the study says: 1 x gemeente (2 areas)" in note for note in found.areas.notes)


@pytest.mark.parametrize(("read", "status"), [("missing", "missing"), ("published", "exact")])
def test_a_partial_delivery_is_predicted_or_taken_as_it_is_and_never_a_total(read, status):
    found = counts(partial=["GM0003"], read_partial_as=read)
    assert found.frame.loc["WK000301", "status"] == status
    assert found.totals["code"].tolist() == ["GM0002"]
    assert partly_delivered(found.study, found.areas.levels).tolist() == [False] * 4 + [True] * 2
    assert any("in part" in note for note in found.areas.notes)


GROUPS = ["GM0001", "GM0002", "GM0003", "GM0004", "GM0005"]


def test_a_group_delivered_nothing_where_its_own_row_has_no_count_and_many_are_expected():
    people = pd.Series([9000, 5000, 120, 8000, 90], GROUPS)
    cells = pd.Series(["900", "500", "12", ".", ""], GROUPS)
    assert undelivered(cells, people).tolist() == ["GM0004"]
    assert undelivered(cells, people * np.nan).tolist() == ["GM0004", "GM0005"], "where people are not known"
    assert undelivered(cells, people.drop("GM0004")).tolist() == ["GM0004"]
    assert undelivered(cells, people.replace(8000, 400)).empty, "of 400 people 40 are expected"
    assert undelivered(cells.where(cells.index < "GM0003", "."), people).empty, "too few groups to judge by"
    assert undelivered(cells[:0], people[:0]).empty


def test_nothing_is_said_where_all_delivered():
    found = counts()
    assert without_delivery(found.study, found.areas.levels) == frozenset()
    assert delivery_notes(found.study, found.areas.levels) == []
    assert delivery_faults(found.study, found.areas.levels) == []
    assert len(found.totals) == 2


def test_an_unknown_group_is_a_fault_with_the_one_that_may_be_meant():
    with pytest.raises(DataError) as caught:
        counts(none=["GM0004"])
    (fault,) = caught.value.faults
    assert fault.where == "delivery.none"
    assert "GM0004" in fault.found


def test_a_group_cannot_be_both_and_the_level_must_be_there():
    with pytest.raises(StudyError, match="not both"):
        study(none=["GM0001"], partial=["GM0001"])
    with pytest.raises(StudyError, match=r"no .*levels.* named regio"):
        study(none=["JZ01"], level="regio")


def test_the_areas_of_a_group_are_those_that_lie_in_it():
    areas = read_areas(example_study(areas=60, gemeenten=8, regions=2))
    groups = areas.levels["gemeente"]
    changed = areas.study.model_copy(update={"delivery": Delivery(none=tuple(groups.unique()[:2]))})
    assert without_delivery(changed, areas.levels) == set(groups.index[groups.isin(groups.unique()[:2])])
