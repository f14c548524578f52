"""From tables to a study that is read, or that asks all its questions at once."""

import openpyxl
import pytest

from bayesmodel.errors import DataError, FaultKind, StudyError
from bayesmodel.io import read_areas
from bayesmodel.io.table import read_table
from bayesmodel.messages import LANGUAGES, speaking
from bayesmodel.scaffold import propose_study, write_study
from bayesmodel.study import read_study
from bayesmodel.study.parts import TableForm

ROWS = [
    "wijkcode;naam;gm_code;jongeren;jeugdhulp;huur;afstand;postcodes;id",
    "WK000101;A;GM0001;1.250;120;10,5;1;3;1",
    "WK000102;B;GM0001;80;.;20,5;1;4;2",
    "WK000201;C;GM0002;400;41;30,5;2;3;3",
    "WK000202;D;GM0002;300;10;.;2;5;4",
]


@pytest.fixture
def proposed(tmp_path):
    """Write tables, propose a study of them, write it and read it."""

    def make(*tables, **options):
        paths = []
        for number, rows in enumerate(tables):
            paths.append(tmp_path / f"tabel{number}.csv")
            paths[-1].write_text("\n".join(rows) + "\n", encoding="utf-8")
        study = tmp_path / "study.toml"
        study.write_text(write_study(propose_study(paths, **options), study), encoding="utf-8")
        return read_study(study)

    return make


def questions(caught):
    return [fault.where for fault in caught.value.faults]


def test_a_usual_table_needs_the_year_and_no_more(proposed):
    study = proposed(ROWS, year=2021)
    assert (study.outcome.year, study.outcome.vintage) == (2021, 2021)
    assert study.outcome.count.en == "young people in youth care"
    assert (study.columns.area, study.columns.count, study.columns.population) == ("wijkcode", "jeugdhulp", "jongeren")
    assert [(level.name, level.column) for level in study.levels] == [("gemeente", "gm_code")]
    assert (study.publication.hidden_below, study.publication.hidden_symbols) == (10, (".",))
    determinants = [(each.column, each.level) for each in study.determinants]
    assert determinants == [("huur", None), ("afstand", "gemeente"), ("postcodes", None)]
    assert read_areas(study).population.tolist() == [1250, 80, 400, 300]


@pytest.mark.parametrize(("people", "asked"), [("inwoners_0_17", True), ("inwoners_0_23", False)])
def test_of_people_of_other_ages_than_were_counted_it_asks(proposed, people, asked):
    header = ROWS[0].replace("jongeren", people).replace("jeugdhulp", "jeugdhulp_0_23")
    if not asked:
        assert proposed([header, *ROWS[1:]], year=2021).columns.population == people
        return
    with pytest.raises(StudyError) as caught:
        proposed([header, *ROWS[1:]], year=2021)
    assert questions(caught) == ["columns.population"]


def test_without_a_year_it_is_the_only_question(proposed):
    with pytest.raises(StudyError) as caught:
        proposed(ROWS)
    assert questions(caught) == ["outcome.year", "outcome.vintage"]


def test_a_column_of_one_period_says_the_year(proposed):
    rows = [row + (";Perioden" if number == 0 else ";2019JJ00") for number, row in enumerate(ROWS)]
    assert proposed(rows).outcome.year == 2019


def test_several_years_are_one_question_and_the_year_answers_it(proposed):
    rows = [ROWS[0] + ";jaar", *(f"{row};{year}" for year in (2019, 2020) for row in ROWS[1:])]
    with pytest.raises(StudyError) as caught:
        proposed(rows)
    assert "tables[0].where.jaar" in questions(caught)
    assert len(read_areas(proposed(rows, year=2020))) == 4


def test_totals_are_left_out_and_numbers_become_codes(proposed):
    rows = [ROWS[0], *(row.replace("WK000", "") for row in ROWS[1:]), "Totaal;;;2.030;171;;;;"]
    study = proposed(rows, year=2021)
    assert (study.tables[0].code, study.tables[0].keep) == ("wijk", "codes")
    assert read_areas(study).codes.tolist() == ["WK000101", "WK000102", "WK000201", "WK000202"]


def test_the_gemeente_comes_from_the_code_and_the_order_of_the_tables_is_free(proposed):
    rows = [row.replace(";gm_code", "").replace(";GM0001", "").replace(";GM0002", "") for row in ROWS]
    regions = ["gemeente;jeugdzorgregio;jeugdzorgregio_naam", "1;JZ01;Noord", "2;JZ02;Zuid"]
    study = proposed(regions, rows, year=2021)
    assert study.tables[1].on == "gemeente_from_code"
    assert [(level.name, level.column) for level in study.levels] == [("gemeente", "gemeente_from_code")]
    assert read_areas(study).levels["gemeente"].tolist() == ["GM0001", "GM0001", "GM0002", "GM0002"]


def test_a_thousand_is_a_thousand_where_people_are_counted(proposed):
    rows = [row.rsplit(";", 4)[0] for row in ROWS]  # without the decimals that decide
    study = proposed(rows, year=2021)
    assert study.tables[0].thousands == "."
    assert read_areas(study).population.max() == 1250


def test_a_table_that_is_not_joined_is_said(tmp_path):
    for name, text in {"a.csv": "\n".join(ROWS), "b.csv": "x;y\n1;2\n3;4"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    proposal = propose_study([tmp_path / "b.csv", tmp_path / "a.csv"], 2021)
    assert proposal.notes == ["b.csv is left out: no column of codes that the first table has too, each once."]


def test_a_table_without_areas_is_refused_with_its_columns(tmp_path):
    (tmp_path / "x.csv").write_text("a;b\n1,5;2\n3,5;4\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"no column of wijken or buurten \(columns: a, b\)"):
        propose_study([tmp_path / "x.csv"])


@pytest.fixture
def workbook(tmp_path):
    """A spreadsheet with a sheet of notes, a sheet of wijken under merged headings, and a sheet of other things."""
    book = openpyxl.Workbook()
    book.active.append(["Toelichting", "zie intranet"])
    book.active.append(["Contact", "onderzoek"])
    sheet = book.create_sheet("wijken")
    sheet.append(["Jeugdhulp per wijk", None, None, None])
    sheet.append(["Wijkcode", "Naam", "Jongeren", None])
    sheet.append([None, None, "aantal", "met jeugdhulp"])
    for row in ROWS[1:]:
        cells = row.split(";")
        sheet.append([cells[0], cells[1], int(cells[3].replace(".", "")), cells[4]])
    sheet.merge_cells("C2:D2")
    book.save(tmp_path / "x.xlsx")
    return tmp_path / "x.xlsx"


def test_a_number_merged_over_rows_is_no_question_of_marks(tmp_path):
    book = openpyxl.Workbook()
    for row in [["wijkcode", "jongeren", "jeugdhulp", "huur"], ["WK000101", 90, 12, 10], ["WK000102", 80, 11, None]]:
        book.active.append(row)
    book.active.merge_cells("D2:D3")
    book.save(tmp_path / "x.xlsx")
    assert "thousands" not in write_study(propose_study([tmp_path / "x.xlsx"], 2021))


def test_faults_that_are_mended_have_a_kind(workbook):
    """What they say may change; what is done about them may not depend on it."""
    with pytest.raises(DataError) as several:
        read_table(workbook)
    with pytest.raises(DataError) as double:
        read_table(workbook, form=TableForm(sheet="wijken"))
    assert [error.value.faults[0].kind for error in (several, double)] == [FaultKind.SEVERAL_SHEETS, FaultKind.HEADER]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_and_a_double_header_are_found(workbook, language):
    path = workbook.with_name("study.toml")
    with speaking(language):
        path.write_text(write_study(propose_study([workbook], 2021), path), encoding="utf-8")
    study = read_study(path)
    assert (study.tables[0].sheet, study.tables[0].header_row, study.tables[0].header_rows) == ("wijken", 3, 2)
    assert (study.columns.population, study.columns.count) == ("Jongeren aantal", "Jongeren met jeugdhulp")
    assert len(read_areas(study)) == 4
