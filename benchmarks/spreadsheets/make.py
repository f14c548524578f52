"""Three spreadsheets as people make them; every figure is invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from bayesmodel.data.interpret import publish
from bayesmodel.example import example_study, example_truth
from bayesmodel.io import read_areas
from bayesmodel.study.parts import Publication

SIZE = {"areas": 60, "gemeenten": 8, "regions": 2}
KWB = Publication(hidden_below=8, rounded_to=5, hidden_symbols=(".",))


def invented() -> pd.DataFrame:
    """Return the invented wijken: codes, names, groups, people, published counts and three determinants."""
    study = example_study(**SIZE)
    areas = read_areas(study)
    table = pd.DataFrame({
        "code": areas.codes,
        "naam": areas.names.to_numpy(),
        "gemeente": areas.levels["gemeente"].to_numpy(),
        "jongeren": areas.population.to_numpy(),
        "hulp": areas.published.to_numpy(),
        "afgerond": publish(example_truth(study).counts.to_numpy(), KWB),
    })  # fmt: skip
    for name in ("bijstand", "eenoudergezin", "afstand_huisarts"):
        table[name] = areas.determinants[name].to_numpy()
    return table


def dutch_workbook(folder: Path) -> Path:
    """Write a Dutch workbook: merged titles, codes that became numbers, a row of totals, a remark, a sheet of notes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Wijken"
    sheet.append(["Jeugdhulp per wijk, 2021"])
    sheet.merge_cells("A1:G1")
    sheet.append(["Bron: registratie van de gemeenten, bewerking onderzoek"])
    sheet.merge_cells("A2:G2")
    sheet.append([])
    sheet.append(["Wijkcode", "Wijknaam", "Aantal jongeren", "Aantal met jeugdhulp", "% bijstand", "Afstand huisarts"])
    table = invented()
    for row in table.itertuples():
        sheet.append(
            [int(row.code[2:]), row.naam, row.jongeren, _number(row.hulp), *_gaps(row, "bijstand", "afstand_huisarts")]
        )
    shown = pd.to_numeric(table["hulp"], errors="coerce").sum()
    sheet.append(["Totaal", None, int(table["jongeren"].sum()), int(shown), None, None])
    sheet.append([])
    sheet.append(["* . = minder dan 10, niet getoond"])
    notes = book.create_sheet("Toelichting")
    notes.append(["Vragen?", "Bel onderzoek"])
    path = folder / "Jeugdhulp per wijk 2021.xlsx"
    book.save(path)
    return path


def statline_download(folder: Path) -> Path:
    """Write a csv as StatLine gives it: a title, units, country and gemeenten among the wijken, symbols."""
    lines = ['"Jeugdzorg in natura; wijken, 2021"', ""]
    names = [
        "WijkenEnBuurten",
        "Codering_3",
        "Perioden",
        "AantalInwoners_5",
        "JongerenMetJeugdzorgInNatura_91",
        "Bijstand_80",
    ]
    lines += [";".join(f'"{name}"' for name in names), '"";"code";"";"aantal";"aantal";"%"']
    table = invented()
    lines.append(f'"Nederland";"NL00      ";"2021JJ00";{table["jongeren"].sum()};.;.')
    for gemeente, wijken in table.groupby("gemeente"):
        lines.append(f'"Gemeente {gemeente[2:]}";"{gemeente}    ";"2021JJ00";{wijken["jongeren"].sum()};.;.')
        for row in wijken.itertuples():
            share = "." if pd.isna(row.bijstand) else f"{row.bijstand:.1f}".replace(".", ",")
            lines.append(f'"{row.naam}";"{row.code}  ";"2021JJ00";{row.jongeren};{row.afgerond};{share}')
    lines.append('"Bron: invented"')
    path = folder / "statline.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return path


def export_of_text(folder: Path) -> Path:
    """Write a workbook in which every number is text, with points for thousands, decimal commas and spaces."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["gm_code", "wijk", "naam", "inwoners 0-22", "gebruikers jeugdhulp", "aandeel eenoudergezinnen"])
    for row in invented().itertuples():
        (share,) = _gaps(row, "eenoudergezin")
        text = "" if share is None else f"{share:.1f}".replace(".", ",")
        sheet.append(
            [row.gemeente, f"{row.code} ", row.naam, f"{row.jongeren:,} ".replace(",", "."), f"{row.hulp} ", text]
        )
    path = folder / "export.xlsx"
    book.save(path)
    return path


SPREADSHEETS: dict[str, Callable[[Path], Path]] = {
    "a Dutch workbook with merged titles and a row of totals": dutch_workbook,
    "a StatLine download with symbols": statline_download,
    "an export with numbers as text": export_of_text,
}


def _number(text: str) -> int | str:
    """Return a published count as a spreadsheet holds it."""
    return int(text) if text.isdigit() else text


def _gaps(row: object, *names: str) -> Sequence[float | None]:
    """Return determinants of a row, None where not known."""
    values = [getattr(row, name) for name in names]
    return [None if pd.isna(value) else float(value) for value in values]
