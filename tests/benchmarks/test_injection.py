"""The count of cells that run: none in what is written, and it counts them where nothing is made neutral."""

from bayesmodel.tables import export
from benchmarks.evidence.sense import injection
from benchmarks.evidence.sense.injection import HOSTILE, figures

SOME = HOSTILE[::31]


def test_no_cell_runs():
    found = figures(SOME)
    assert found["injection_cells_tried"] > 1000
    assert found["injection_cells_live"] == 0


def test_it_sees_cells_that_run(monkeypatch):
    monkeypatch.setattr(export, "neutralised", lambda table: table)
    assert figures(SOME[:7])["injection_cells_live"] > 0


def test_it_sees_formulas_of_a_workbook(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "=1+1")
        sheet.write_formula(1, 0, "=1+1")
        sheet.write_url(2, 0, "http://x.nl")
    assert injection._formulas(tmp_path / "x.xlsx").count(True) == 2
