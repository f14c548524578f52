import zipfile

import pandas as pd
import pytest

from bayesmodel.errors import DataError
from bayesmodel.io import read_table, read_workbook

NAME = "Wijkdata_Jeugdhulp_in_de_wijk.ods"


def made_of(path, sheets):
    """Write an open-document workbook with these cells."""
    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
                for cell in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{part}="urn:oasis:names:tc:opendocument:xmlns:{part}:1.0"' for part in ("office", "table", "text")
    )
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr("content.xml", content + "</office:spreadsheet></office:body></office:document-content>")


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "scp_jeugdhulp_wijk_2017"


@pytest.fixture(scope="module")
def workbook(folder):
    return read_workbook(folder / NAME)


def test_five_sheets_are_read(workbook):
    assert workbook.beschrijving.shape == (26, 1)
    assert workbook.bronnen.shape == (66, 5)
    assert [len(sheet) for sheet in (workbook.wijk, workbook.determinanten, workbook.gebruik)] == [2918] * 3
    assert workbook.wijken.shape == (2918, 4 + 27 + 3)


def test_codes_are_text_and_symbols_survive(workbook):
    first = workbook.wijken.iloc[0]
    assert (first["wijk"], first["gemeentecode"], first["gemnaam_2017"]) == ("WK000300", "GM0003", "Appingedam")
    assert (workbook.gebruik["perc_jhzv"] == ".").sum() == 286
    assert (workbook.determinanten == ".").to_numpy().sum() == 4984


@pytest.mark.parametrize("sheet", ["determinanten", "gebruik"])
def test_numbers_are_those_of_another_extraction_of_the_workbook(workbook, folder, sheet):
    other = pd.read_csv(folder / f"{sheet}.csv.gz", dtype=str, keep_default_na=False).drop(columns="wijk")
    own = getattr(workbook, sheet).drop(columns="wijk")
    as_numbers = [frame.replace(".", "nan").astype(float) for frame in (own, other)]
    pd.testing.assert_frame_equal(*as_numbers, check_exact=True)


def test_as_a_table_it_is_its_three_sheets_of_wijken(workbook, folder):
    table = read_table(folder / NAME, "jeugdhulp-2017-workbook")
    pd.testing.assert_frame_equal(table.frame, workbook.wijken)
    assert table.notes == (f"{NAME}: 2,918 rows, 34 columns, from its sheets wijk, determinanten, gebruik.",)


def test_a_workbook_without_its_sheets(tmp_path):
    path = tmp_path / "other.ods"
    made_of(path, {"wijken": [["wijk"], ["300"]]})
    with pytest.raises(DataError, match="has 5 faults") as caught:
        read_workbook(path)
    assert "Did you mean wijken?" in str(caught.value)


def test_sheets_with_other_wijken(tmp_path):
    path = tmp_path / "other.ods"
    text = {"beschrijving": [["a"]], "bronnen": [["a"]]}
    wijken = [["wijk", "wijknaam"], ["300", "A"], ["500", "B"]]
    made_of(path, text | {"wijk": wijken, "determinanten": wijken[:2], "gebruik": [["code"], ["300"]]})
    with pytest.raises(DataError, match="gebruik: found no column wijk"):
        read_workbook(path)
    made_of(path, text | {"wijk": wijken, "determinanten": wijken[:2], "gebruik": [*wijken, ["500", "B"]]})
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    assert {fault.where: list(fault.rows) for fault in caught.value.faults} == {
        "determinanten": ["500"],
        "gebruik": ["500"],
    }


def test_no_workbook(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_workbook(tmp_path / "x.ods")
    (tmp_path / "x.ods").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(DataError, match="a file that cannot be read"):
        read_workbook(tmp_path / "x.ods")
