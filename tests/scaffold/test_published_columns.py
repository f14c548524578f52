"""Tables in the shape of CBS's, invented: what is counted, over whom, and by what it is explained, is recognised."""

import numpy as np
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.errors import DataError, StudyError, UnknownNameError
from bayesmodel.io import read_areas
from bayesmodel.scaffold import propose_study, write_study
from bayesmodel.study import read_study

WIJKEN = 40
"""In five gemeenten, of which the last delivered nothing."""


def workbook(decimals=True, symbol="."):
    """Key figures as the workbooks have them: padded codes, dots behind blanks, rows of the country and gemeenten."""
    rng = np.random.default_rng(3)
    names = [
        *("gwb_code_10", "regio", "gm_naam", "recs", "ind_wbi", "a_inw", "a_00_14", "a_15_24", "a_hh", "a_hh_m_k"),
        *("a_gesch", "a_nw_all", "a_soz_wb", "g_wozbag", "p_1gezw", "ste_oad", "g_afs_hp", "a_jz_tn", "a_wmo_t"),
    ]
    rows = []

    def row(code, name, gemeente, kind, size, delivered):
        people = int(size * rng.integers(100, 400) // 5 * 5)
        young, households = people // 5 // 5 * 5, people // 2 // 5 * 5
        count = round(young * 2 * rng.uniform(0.05, 0.15) / 5) * 5
        wmo = round(people * rng.uniform(0.03, 0.08) / 5) * 5
        distance = rng.integers(3, 40) / 10
        cells = [code, name, gemeente, kind, 1, people, young, young, households, households // 4, people // 20,
                 people // 10, people // 50 // 10 * 10, rng.integers(150, 600), rng.integers(5, 95),
                 rng.integers(50, 9000),
                 f"{distance:.1f}".replace(".", ",") if decimals else f"{10 * distance:.0f}",
                 count if count >= 10 else f"      {symbol}",
                 (wmo if wmo >= 10 else f"      {symbol}") if delivered else f"      {symbol}"]  # fmt: skip
        rows.append([str(cell) for cell in cells])

    row("NL00", "Nederland", "Nederland", "Land", 99, True)
    for gemeente in range(1, 6):
        row(f"GM{gemeente:04d}  ", f"Town {gemeente}", f"Town {gemeente}", "Gemeente", 20, gemeente < 5)
        for wijk in range(WIJKEN // 5):
            code, name = f"WK{gemeente:04d}{wijk:02d}", f"Wijk {gemeente}-{wijk}"
            row(f"{code}  ", name, f"Town {gemeente}", "Wijk", 0.3 if wijk == 0 else 8, gemeente < 5)
    return "\n".join(";".join(each) for each in [names, *rows]) + "\n"


@pytest.fixture
def proposed(tmp_path):
    """Write tables, propose a study of them, write and read it; also its text."""

    def make(*texts, **options):
        paths = []
        for place, text in enumerate(texts):
            paths.append(tmp_path / f"table{place}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        file = tmp_path / "study.toml"
        proposal = propose_study(paths, **{"year": 2021} | options)
        file.write_text(write_study(proposal, file), encoding="utf-8")
        return read_study(file), file.read_text("utf-8"), proposal

    return make


def test_a_workbook_of_key_figures_asks_nothing(proposed):
    study, text, _ = proposed(workbook())
    assert study.outcome.count.nl == "jongeren tot 23 jaar met jeugdzorg in natura"
    assert (study.columns.count, study.columns.population) == ("a_jz_tn", ("a_00_14", "a_15_24"))
    assert study.columns.area_name == "regio"
    assert study.publication.hidden_symbols == (".",)
    assert {part.column: part.share_of for part in study.determinants} == {
        "a_hh_m_k": "a_hh",
        "a_gesch": "a_inw",
        "a_nw_all": "a_inw",
        "a_soz_wb": "a_inw",
        **dict.fromkeys(["g_wozbag", "p_1gezw", "ste_oad", "g_afs_hp"]),
    }
    assert "ind_wbi" not in text
    counts = interpret_counts(read_areas(study))
    assert len(counts) == WIJKEN
    assert counts.areas.determinants["a_hh_m_k"].between(20, 30).all()
    assert counts.areas.names.iloc[1] == "Wijk 1-1"


def test_another_subject_of_the_same_table_has_its_own_words_people_and_gemeenten(proposed):
    study, _, proposal = proposed(workbook(), subject="wmo")
    assert study.outcome.population.en == "inhabitants"
    assert (study.columns.count, study.columns.population) == ("a_wmo_t", "a_inw")
    assert study.delivery.none == ("GM0005",)
    assert proposal.recognised.others == {"jeugdhulp": "a_jz_tn", "bijstand": "a_soz_wb"}
    counts = interpret_counts(read_areas(study))
    assert (counts.status == "missing").sum() == WIJKEN // 5


def test_what_is_counted_does_not_explain_itself(proposed):
    study, *_ = proposed(workbook(), subject="bijstand")
    assert "a_soz_wb" not in study.determinant_names
    assert study.publication.rounded_to == 10


def test_an_unknown_subject_is_refused_with_those_that_are_known(proposed):
    with pytest.raises(UnknownNameError, match="jeugdhulp"):
        proposed(workbook(), subject="jeugdhup")


def test_columns_that_lost_their_decimals_are_not_taken_and_refused_in_a_study(proposed, tmp_path):
    study, text, _ = proposed(workbook(decimals=False))
    assert "g_afs_hp" not in study.determinant_names
    assert "#   g_afs_hp: CBS publishes it with a decimal" in text
    file = tmp_path / "study.toml"
    file.write_text(text + '\n[[determinants]]\ncolumn = "g_afs_hp"\n', encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_areas(read_study(file))
    (fault,) = caught.value.faults
    assert fault.where == "g_afs_hp"
    assert "bayesmodel fetch" in fault.advice


def test_key_figures_without_counts_ask_for_the_table_of_counts(proposed):
    text = workbook().replace("a_jz_tn", "x1").replace("a_wmo_t", "x2").replace("a_soz_wb", "x3")
    with pytest.raises(StudyError) as caught:
        proposed(text)
    assert "columns.count" in [fault.where for fault in caught.value.faults]


def test_counts_of_ones_own_stay_the_counts_and_own_columns_are_proposed(proposed):
    rows = [
        f"WK{1 + number // 8:04d}{number % 8:02d};{20 + number};{400 + number};{number % 9}.5"
        for number in range(WIJKEN)
    ]
    own = "\n".join(["wijk;jongeren_met_jeugdhulp;jongeren;opvang_per_100", *rows]) + "\n"
    study, *_ = proposed(own, workbook())
    assert study.columns.count == "jongeren_met_jeugdhulp"
    assert "opvang_per_100" in study.determinant_names
    assert "a_hh_m_k" in study.determinant_names


def test_parts_of_the_count_beside_it_become_bounds(proposed):
    lines = [line.split(";") for line in workbook().splitlines()]
    lines[0] += ["k_0Tot4Jaar_2", "k_4Tot12Jaar_3", "k_12Tot18Jaar_4", "k_18Tot23Jaar_5"]
    for line in lines[1:]:
        line += ["115" if line[17] == "145" else line[17], *(["10"] * 3 if line[17] == "145" else ["."] * 3)]
    study, *_ = proposed("\n".join(map(";".join, lines)) + "\n")
    assert [len(each.columns) for each in study.bounds.subtotals] == [4]
    interpret_counts(read_areas(study))


def test_water_is_left_out(proposed):
    lines = workbook().splitlines()
    water = [f"{line};{'WATER' if not place else 'NEE'}" for place, line in enumerate(lines)]
    wet = water[2].replace("GM0001", "WK000199").rsplit(";", 1)[0] + ";JA"
    study, text, _ = proposed("\n".join([*water, wet]) + "\n")
    assert study.tables[0].where == {"WATER": "NEE"}
    assert "1 row is water or abroad" in text
