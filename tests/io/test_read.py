import re

import numpy as np
import pytest

from bayesmodel.errors import DataError
from bayesmodel.io import read_areas


def faults_of(study):
    with pytest.raises(DataError) as caught:
        read_areas(study)
    return {fault.where: list(fault.rows) for fault in caught.value.faults}


def test_everything_is_on_the_index_of_codes(study_of, wijken):
    areas = read_areas(study_of({"wijken.csv": wijken}))
    assert areas.codes.tolist() == ["WK000101", "WK000102", "WK000201", "WK000301", "WK000302"]
    assert areas.codes.name == "wijk"
    for part in (areas.names, areas.levels, areas.published, areas.population, areas.determinants):
        assert part.index.equals(areas.codes)
    assert areas.names.tolist() == ["Wijk 11", "Wijk 12", "Wijk 21", "Wijk 31", "Wijk 32"]
    assert areas.levels["gemeente"].tolist() == ["GM0001", "GM0001", "GM0002", "GM0003", "GM0003"]
    assert areas.published.tolist() == ["12", "", "15", "20", "25"]
    assert areas.population.tolist() == [150, 250, 150, 150, 250]
    np.testing.assert_array_equal(areas.determinants["huur"], [10.5, np.nan, 30, np.nan, 55.25])
    assert areas.level_labels["regio"].to_dict() == {"JZ01": "JZ01", "JZ02": "JZ02"}


def test_order_of_rows_permutes_the_areas_and_nothing_else(study_of, wijken):
    header, *rows = wijken.splitlines(keepends=True)
    areas = read_areas(study_of({"wijken.csv": wijken}))
    other = read_areas(study_of({"wijken.csv": header + "".join(reversed(rows))}))
    assert other.codes.tolist() == areas.codes.tolist()[::-1]
    assert other.determinants.loc[areas.codes].equals(areas.determinants)
    assert other.level_labels["gemeente"].equals(areas.level_labels["gemeente"])


def test_names_of_groups_come_from_their_table(study_of, wijken):
    tables = [{"path": "wijken.csv", "key": "wijk"}, {"path": "gm.csv", "key": "nr", "on": "gm", "code": "gemeente"}]
    levels = [{"name": "gemeente", "column": "gm", "name_column": "gemeentenaam"}]
    files = {"wijken.csv": wijken, "gm.csv": "nr,gemeentenaam\n3,C\n2,B\n1,A\n"}
    areas = read_areas(study_of(files, tables=tables, levels=levels))
    assert areas.level_labels["gemeente"].to_dict() == {"GM0001": "A", "GM0002": "B", "GM0003": "C"}
    files["gm.csv"] = "nr,gemeentenaam\n3,C\n2,B\n4,A\n"
    assert faults_of(study_of(files, tables=tables, levels=levels)) == {"gm": ["GM0001"]}


def test_areas_are_left_out_before_they_are_judged(study_of, wijken):
    broken = wijken + "WK000999,GM0009,JZ09,Water,0,3,x,9\n"
    assert faults_of(study_of({"wijken.csv": broken})) == {
        "zorg": ["WK000999 ('0') in row 7 of wijken.csv"],
        "huur": ["WK000999 ('x') in row 7 of wijken.csv"],
    }
    areas = read_areas(study_of({"wijken.csv": broken}, exclusions=[{"column": "jongeren", "at_most": 100}]))
    assert areas.left_out["reason"].to_dict() == {"WK000999": "jongeren is 3, at most 100"}
    assert areas.left_out.index.name == "wijk"
    assert "GM0009" not in areas.level_labels["gemeente"].index
    assert areas.notes[-2] == "5 areas, 3 in level gemeente, 2 in level regio; left out: 1."
    assert areas.notes[-1] == "2 determinants; 2 determinant values not known (huur 2)."


def test_an_area_without_a_name_goes_by_its_code(study_of, wijken):
    areas = read_areas(study_of({"wijken.csv": wijken.replace("Wijk 11", "")}))
    assert areas.names.iloc[0] == "WK000101"


def test_columns_that_are_in_no_table(study_of, wijken):
    study = study_of(
        {"wijken.csv": wijken},
        columns={"area": "wijk", "area_name": "namen", "count": "zorg", "population": "jongere"},
        determinants=[{"column": "huur"}, {"column": "afstnd"}],
        exclusions=[{"column": "inwoners", "at_most": 100}],
    )
    with pytest.raises(DataError, match="has 4 faults") as caught:
        read_areas(study)
    assert "Did you mean jongeren?" in str(caught.value)
    assert "determinants[1].column: found afstnd, which is in no table" in str(caught.value)


def test_all_faults_of_codes_columns_rows_and_counts_at_once(study_of, wijken):
    broken = (
        wijken.replace("WK000201,GM0002", "WK000201,GM0003")  # another gemeente, and one that lies in JZ02
        .replace("Wijk 11,12,150", "Wijk 11,12,.")
        .replace("Wijk 32,25,250", "Wijk 32,260,250")
        .replace("55.25", "veel")
    )
    broken += "WK000101,GM0001,JZ01,Nog eens,x,150,x,1\nGM0001,GM0001,JZ01,Totaal,12,150,1,1\n"
    study = study_of(
        {"wijken.csv": broken},
        determinants=[{"column": "huur"}, {"column": "afstand", "level": "gemeente"}, {"column": "huurr"}],
        publication={"hidden_symbols": ["", "."]},
    )
    assert faults_of(study) == {
        "determinants[2].column": [],
        "wijk": ["'GM0001' (row 8)"],  # and WK000101 twice, under the same column
        "gm": ["GM0003 in JZ01 and JZ02"],
        "jongeren": ["WK000101 ('.') in row 2 of wijken.csv"],
        "zorg": ["WK000302 ('260 of 250') in row 6 of wijken.csv"],
        "huur": ["WK000302 ('veel') in row 6 of wijken.csv"],
        "afstand": ["GM0003"],
    }


def test_numbers_with_two_readings_are_a_fault_once_the_study_uses_them(study_of, wijken):
    doubtful = wijken.replace("10.5", "1.234").replace("30.0", "2.100").replace("55.25", "980")
    study = study_of({"wijken.csv": doubtful})
    assert faults_of(study) == {"wijken.csv, column huur": ["row 2 ('1.234')", "row 4 ('2.100')"]}
    read_areas(study_of({"wijken.csv": doubtful}, determinants=[]))
    said = [{"path": "wijken.csv", "key": "wijk", "decimal": "."}]
    assert read_areas(study_of({"wijken.csv": doubtful}, tables=said)).determinants["huur"].max() == 980


def test_counts_that_are_all_hidden(study_of, wijken):
    hidden = re.sub(r",(12|15|20|25),", ",,", wijken)
    assert faults_of(study_of({"wijken.csv": hidden})) == {"zorg": []}


def test_the_gemeente_that_a_code_says(study_of, wijken):
    levels = [{"name": "gemeente", "column": "gemeente_from_code"}]
    areas = read_areas(study_of({"wijken.csv": wijken}, levels=levels))
    assert areas.levels["gemeente"].tolist() == ["GM0001", "GM0001", "GM0002", "GM0003", "GM0003"]


def test_totals_and_other_years_are_left_out_when_the_study_says_so(study_of, wijken):
    more = wijken + "Totaal,,,,72,950,,\nGM0001,GM0001,JZ01,Alles,12,400,1,1\n"
    tables = [{"path": "wijken.csv", "key": "wijk", "code": "wijk", "keep": "codes", "where": {"jz": "JZ01"}}]
    areas = read_areas(study_of({"wijken.csv": more}, tables=tables))
    assert areas.codes.tolist() == ["WK000101", "WK000102", "WK000201"]
    assert areas.notes[1:3] == (
        "wijken.csv: 4 of 7 rows kept, where jz is 'JZ01'.",
        "wijken.csv: 1 row left out, no code of a wijk: 'GM0001' (row 8).",
    )
    tables[0]["where"] = {"jz": "JZ09"}
    assert faults_of(study_of({"wijken.csv": more}, tables=tables)) == {"wijken.csv, column jz": []}


def test_a_base_without_rows_and_exclusions_of_everything(study_of, wijken):
    with pytest.raises(DataError, match="no rows"):
        read_areas(study_of({"wijken.csv": wijken.splitlines()[0] + "\n"}))
    with pytest.raises(DataError, match="no area left"):
        read_areas(study_of({"wijken.csv": wijken}, exclusions=[{"column": "jongeren", "at_most": 1000}]))


def test_a_table_of_one_region_keeps_the_level_without_an_effect(study_of, wijken):
    areas = read_areas(study_of({"wijken.csv": wijken.replace("JZ02", "JZ01")}))
    assert areas.study.effect_names == ("gemeente",)
    assert areas.levels["regio"].unique().tolist() == ["JZ01"]
    assert read_areas(study_of({"wijken.csv": wijken})).study.effect_names == ("gemeente", "regio")


def test_what_is_left_of_a_table_decides_which_levels_have_an_effect(study_of, wijken):
    """Of the rest, two wijken of one gemeente in one region, nothing can be told apart."""
    few = {"exclusions": [{"column": "afstand", "at_most": 2}], "determinants": []}
    assert read_areas(study_of({"wijken.csv": wijken}, **few)).study.effect_names == ()
