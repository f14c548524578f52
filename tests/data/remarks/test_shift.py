"""A column of regions that was moved against the others is seen: most gemeenten then lie in two."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel import interpret_counts, read_areas, read_study
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.grouping import rows_shifted
from bayesmodel.messages import speaking
from bayesmodel.scaffold import propose_study, write_study
from benchmarks.sense.world import country

GEMEENTEN = pd.Series(np.repeat([f"G{number}" for number in range(12)], 5))
REGIONS = pd.Series(np.repeat(["Noord", "Zuid", "West", "Oost"], 15))


@pytest.fixture
def said(tmp_path):
    """Propose a study of a table; return what is proposed, and what is then remarked on where levels lie in others."""

    def make(table, answer=""):
        table.to_csv(tmp_path / "wijken.csv", sep=";", index=False)
        with speaking("en"):
            text = write_study(propose_study([tmp_path / "wijken.csv"], 2021), tmp_path / "study.toml")
            (tmp_path / "study.toml").write_text(text.replace('within = "?"\n', answer), encoding="utf-8")
            remarks = interpret_counts(read_areas(read_study(tmp_path / "study.toml"))).remarks
            return text, [str(each) for each in remarks if each.kind is RemarkKind.STRADDLING]

    return make


@pytest.mark.parametrize("rows", [1, 2, -2])
def test_rows_of_a_shift_are_told(rows):
    moved = REGIONS.shift(rows).bfill().ffill()
    assert rows_shifted(GEMEENTEN, REGIONS) == 0
    regions_of_each = pd.Series([f"R{number}" for number in range(12)]).repeat(5).reset_index(drop=True)
    assert rows_shifted(GEMEENTEN, regions_of_each.shift(rows).bfill().ffill()) == rows
    assert rows_shifted(GEMEENTEN, moved) in (0, rows)  # three gemeenten in a row of one region say less


def test_levels_that_cross_are_not_moved():
    rng = np.random.default_rng(1)
    for _ in range(50):
        assert rows_shifted(GEMEENTEN, pd.Series(rng.choice(["a", "b", "c"], len(GEMEENTEN)))) == 0


def test_init_asks_and_check_data_remarks_on_it(said):
    table = country()
    table["regio"] = table["regio"].shift(2).bfill()
    text, remarks = said(table)
    (question,) = [line for line in text.splitlines() if line.startswith("# QUESTION:")]
    assert "19 of 20 in gemeente lie in several of regio: GM0341 lies in JZ01 and JZ02" in question
    assert "Moved up by 2 rows" in question
    (remark,) = remarks
    assert "19 of 20 groups of level gemeente lie in several of level jeugdzorgregio: GM0341" in remark
    assert "Moved up by 2 rows, regio puts nearly each in one" in remark
    assert "within = 'jeugdzorgregio' of the level gemeente" in remark
    assert "What check-data will say" not in text  # it is asked already


def test_regions_that_were_sorted_alone_are_remarked_on_too(said):
    table = country()
    table["regio"] = [f"JZ{place % 5 + 1:02d}" for place in range(len(table))]
    text, (remark,) = said(table)
    assert "20 of 20 in gemeente lie in several of regio" in text
    assert "Moved" not in text + remark
    assert "Look whether regio was moved, sorted or filled in apart" in remark


def test_sound_regions_get_no_word(said):
    text, remarks = said(country())
    assert ("# QUESTION:" in text, remarks) == (False, [])
