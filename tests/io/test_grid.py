"""Headers below titles, remarks below tables, headings over columns."""

import pytest

from bayesmodel.errors import DataError
from bayesmodel.io.grid import Grid, body_of
from bayesmodel.study.parts import TableForm


def body(*rows, **form):
    return body_of(Grid("x.xlsx", rows, range(1, len(rows) + 1)), TableForm(**form))


def fault(*rows, **form):
    with pytest.raises(DataError) as caught:
        body(*rows, **form)
    (found,) = caught.value.faults
    return found


TITLE, EMPTY = ("Jeugdhulp per wijk 2021", "", ""), ("", "", "")
HEADER, ROW = ("wijk", "naam", "n"), ("WK000300", "Noord", "12")


def test_titles_and_remarks_are_left_out_and_said():
    table = body(TITLE, EMPTY, HEADER, ROW, EMPTY, ("Bron: CBS", "", ""), ("© CBS",))
    assert table.frame.to_dict("list") == {"wijk": ["WK000300"], "naam": ["Noord"], "n": ["12"]}
    assert table.positions == [3]
    assert table.notes == [
        "left out above the header: 'Jeugdhulp per wijk 2021'",
        "left out below the table: 'Bron: CBS', '© CBS'",
    ]


def test_a_code_alone_in_the_last_row_is_no_remark():
    assert body(HEADER, ROW, ("WK000301", "", "")).frame["wijk"].tolist() == ["WK000300", "WK000301"]
    assert "another length" in fault(HEADER, ROW, ("WK0003",)).found


def test_columns_without_a_name_are_dropped_when_empty_and_numbered_when_not():
    rows = [("", "", "wijk", "n", "m", ""), ("1", "", "A", "10", "x", "y"), ("2", "", "B", "20", "", "")]
    assert list(body(*(row[:5] for row in rows)).frame) == ["column 1", "wijk", "n", "m"]
    assert list(fault(*rows).rows) == ["column 6 ('y')"]
    assert list(body(*rows, header_row=1).frame) == ["column 1", "wijk", "n", "m", "column 6"]


def test_a_year_may_be_a_name():
    assert list(body(("wijk", "2020", "2021"), ("A", "1", "2")).frame) == ["wijk", "2020", "2021"]


MERGED = [("", "", "Jongeren", "", "Ouders", ""), ("wijk", "naam", "n", "%", "n", "%"), ("A", "a", "1", "2", "3", "4")]


def test_merged_headings_above_the_same_names_are_named_with_the_key_that_joins_them():
    found = fault(*MERGED)
    assert found.found == "columns named twice, under merged headings (Jongeren, Ouders)"
    assert "header_rows = 2" in found.advice
    table = body(*MERGED, header_row=2, header_rows=2)
    assert list(table.frame) == ["wijk", "naam", "Jongeren n", "Jongeren %", "Ouders n", "Ouders %"]


def test_a_header_of_two_rows_whose_first_names_are_merged_downwards():
    rows = [("wijk", "naam", "Jongeren", ""), ("", "", "n", "hulp"), ("A", "a", "10", "2")]
    found = fault(*rows)
    assert (found.found, list(found.rows)) == ("columns without a name", ["column 4 ('hulp')"])
    assert "header_row = 2 and header_rows = 2" in found.advice
    assert list(body(*rows, header_row=2, header_rows=2).frame) == ["wijk", "naam", "Jongeren n", "Jongeren hulp"]


def test_a_row_that_is_no_header():
    assert fault(EMPTY).found == "no header: the table is empty"
    assert "row 1 is the first full one, and holds '12'" in fault(ROW, ROW).found
    assert fault(HEADER, ROW, header_row=9).found == "nothing in row 9"
    assert fault(HEADER, ROW, header_rows=2).found == "more rows than there are"
    assert fault(("a", "b", "a"), ROW).found == "columns named twice"
