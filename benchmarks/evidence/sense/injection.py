"""How many cells of what is written a spreadsheet program would still run, over names and headings that attack."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

from bayesmodel.cli.fit_output import keep
from bayesmodel.study import Label
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.export import is_live, neutralised, write_csv, write_csv_for_excel
from bayesmodel.tables.per_area import codebook
from bayesmodel.tables.workbook import write_workbook
from bayesmodel.testing import invented_fit

FORMULAS = (
    *('=HYPERLINK("http://x.nl";"klik")', "=cmd|'/C calc'!A0", "=1+1", "@SUM(1+1)"),
    *("+1+1", "-1+1|cmd", "=", "--1"),
)
BEFORE = ("", " ", "\t", "\r", "\n", "\u00a0", "\u200b", "\ufeff", '"', "Duin;", "Duin, ", "Duin\t", "Duin\n")
WIDE = str.maketrans("=+-@", "＝＋－＠")
HOSTILE = tuple(
    before + text for formula in FORMULAS for text in (formula, formula.translate(WIDE)) for before in BEFORE
)


def figures(texts: tuple[str, ...] = HOSTILE) -> dict[str, int]:
    """Write every hostile text as name, heading and label to every format; count the cells tried and those that run.

    Parameters
    ----------
    texts : tuple of str
        What to write.

    Returns
    -------
    dict of str to int
        ``injection_cells_tried`` and ``injection_cells_live``.
    """
    tried = live = 0
    with TemporaryDirectory() as folder:
        for start in range(0, len(texts), 7):
            for found in _written(texts[start : start + 7], Path(folder)):
                tried, live = tried + len(found), live + sum(found)
    return {"injection_cells_tried": tried, "injection_cells_live": live}


def _written(texts: tuple[str, ...], folder: Path) -> list[list[bool]]:
    """Write some texts to every file of a results folder; return per file which of its text cells run."""
    fit = invented_fit()
    outcome = fit.study.outcome
    hostile = Label(nl=texts[0], en=texts[-1])
    study = fit.study.model_copy(update={"outcome": outcome.model_copy(update={"population": hostile})})
    fit = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))
    tables = tables_of(fit, "nl")
    wijken = tables.frames["wijk"]
    names = [texts[row % len(texts)] for row in range(len(wijken))]
    wijken = wijken.assign(wijk_name=names, gemeente_name=names[::-1])
    tables = replace(tables, frames={**tables.frames, "wijk": wijken})
    write_csv(wijken, folder / "wijken.csv")
    write_csv_for_excel(wijken, folder / "excel.csv", tables.columns("wijk"), (), "nl")
    neutralised(codebook(fit)).to_csv(folder / "codebook.csv")
    (folder / "kept.csv").unlink(missing_ok=True)
    keep(wijken.rename(columns={"wijk_name": texts[0]}), folder / "kept.csv")
    write_workbook(tables, folder / "tables.xlsx")
    found = [
        [is_live(cell) for cell in _cells(folder / name, separator)]
        for name, separator in (("wijken.csv", ","), ("excel.csv", ";"), ("codebook.csv", ","), ("kept.csv", ","))
    ]
    return [*found, _formulas(folder / "tables.xlsx")]


def _cells(path: Path, separator: str) -> list[str]:
    """Return the cells of a csv, headings included."""
    content = path.read_bytes().decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator) for cell in row]


def _formulas(path: Path) -> list[bool]:
    """Return for each cell of a workbook whether it is a formula or a link to elsewhere."""
    found = []
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/_rels/"):
                root = ElementTree.fromstring(parts.read(name))
                found += [each.get("TargetMode") == "External" for each in root]
            elif name.startswith("xl/worksheets/"):
                root = ElementTree.fromstring(parts.read(name))
                found += [cell.find("{*}f") is not None for cell in root.iter() if cell.tag.endswith("}c")]
    return found


if __name__ == "__main__":
    print(figures())
