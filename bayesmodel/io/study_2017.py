"""The published workbook of *Jeugdhulp in de wijk* 2017, all five sheets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bayesmodel.data.codes import normalise_codes
from bayesmodel.errors import DataError, Fault, raise_faults, suggest
from bayesmodel.files import not_a_file, shortened
from bayesmodel.io.packed import check_packed, unreadable, without_panic
from bayesmodel.io.text_table import TextTable, size_in_words, table_fault
from bayesmodel.messages import _

WIJK_SHEETS = ("wijk", "determinanten", "gebruik")
TEXT_SHEETS = ("beschrijving", "bronnen")


@dataclass(frozen=True)
class Workbook:
    """The five sheets, every cell as text, codes as CBS writes them.

    A number has the digits its stored value needs (``0.7000000000000001``); symbols such as ``.`` are kept.

    Parameters
    ----------
    beschrijving : DataFrame of str
        How the study was done, one line per row, no header.
    bronnen : DataFrame of str
        Codebook: block, variable, description, source; no header.
    wijk : DataFrame of str
        Code and name of each wijk and its gemeente.
    determinanten : DataFrame of str
        The 27 determinants; ``.`` where not known.
    gebruik : DataFrame of str
        Observed percentage, the study's expectation and their difference; ``.`` where hidden.
    """

    beschrijving: pd.DataFrame
    bronnen: pd.DataFrame
    wijk: pd.DataFrame
    determinanten: pd.DataFrame
    gebruik: pd.DataFrame

    @property
    def wijken(self) -> pd.DataFrame:
        """The three sheets about wijken side by side, one row per wijk, column ``wijk`` its code."""
        return self.wijk.merge(self.determinanten, on="wijk", validate="1:1").merge(
            self.gebruik, on="wijk", validate="1:1"
        )


def read_workbook(path: str | Path) -> Workbook:
    """Read the published workbook of the study of 2017.

    Parameters
    ----------
    path : str or Path
        ``Wijkdata_Jeugdhulp_in_de_wijk.ods``.

    Returns
    -------
    Workbook
        Five tables of text.

    Raises
    ------
    DataError
        The file is absent or no workbook, a sheet or its column of wijken is missing, or the sheets differ in wijken.

    Examples
    --------
    >>> from bayesmodel import read_workbook
    >>> workbook = read_workbook("Wijkdata_Jeugdhulp_in_de_wijk.ods")  # doctest: +SKIP
    >>> workbook.gebruik["perc_przv"].astype(float).median()  # doctest: +SKIP
    """
    from python_calamine import CalamineError

    path = Path(path)
    if what := not_a_file(path):
        raise table_fault(
            shortened(path),
            what,
            _("the published workbook"),
            _("See data/README.md for where it is published."),
        )
    check_packed(path)
    with without_panic(path):
        try:
            # calamine takes 0.5 s for this file, odfpy 17 s; both give the same cells.
            sheets = pd.read_excel(
                path, engine="calamine", sheet_name=None, header=None, dtype=str, keep_default_na=False
            )
        except (CalamineError, OSError, ValueError, OverflowError) as error:
            raise unreadable(path, shortened(error)) from None
    missing = [name for name in (*TEXT_SHEETS, *WIJK_SHEETS) if name not in sheets]
    faults = [
        Fault(
            path.name,
            _("no sheet {name}").format(name=name),
            _("the five published sheets"),
            suggest(name, sheets).strip(),
        )
        for name in missing
    ]
    raise_faults(DataError, _("The workbook {name}").format(name=path.name), faults)
    text = {name: sheets[name].apply(lambda cells: cells.str.strip()) for name in TEXT_SHEETS}
    wijken = {name: _wijk_sheet(sheets[name]) for name in WIJK_SHEETS}
    raise_faults(DataError, _("The workbook {name}").format(name=path.name), _sheet_faults(wijken))
    coded = {name: sheet.assign(wijk=normalise_codes(sheet["wijk"], "wijk")) for name, sheet in wijken.items()}
    if "gemeentecode" in coded["wijk"]:
        coded["wijk"] = coded["wijk"].assign(gemeentecode=normalise_codes(coded["wijk"]["gemeentecode"], "gemeente"))
    return Workbook(**text, **coded)


def workbook_table(path: Path) -> TextTable:
    """Read the workbook as one table of wijken."""
    frame = read_workbook(path).wijken
    return TextTable(
        frame,
        (
            _("{name}: {size}, from its sheets {names}.").format(
                name=path.name, size=size_in_words(frame), names=", ".join(WIJK_SHEETS)
            ),
        ),
    )


def _wijk_sheet(cells: pd.DataFrame) -> pd.DataFrame:
    """Take the first row as header and strip all cells."""
    cells = cells.apply(lambda column: column.str.strip())
    return cells.iloc[1:].set_axis(cells.iloc[0].tolist(), axis=1).reset_index(drop=True)


def _sheet_faults(sheets: dict[str, pd.DataFrame]) -> list[Fault]:
    """Find sheets without the column of wijken, or with other wijken than the first sheet."""
    lacking = [name for name, sheet in sheets.items() if "wijk" not in sheet]
    if lacking:
        return [Fault(name, _("no column wijk"), _("the number of the wijk in a column wijk")) for name in lacking]
    faults = []
    wijken = sheets["wijk"]["wijk"]
    for name, sheet in sheets.items():
        differing = sorted({*wijken, *sheet["wijk"]} - ({*wijken} & {*sheet["wijk"]}))
        if differing or sheet["wijk"].duplicated().any():
            rows = differing or sheet.loc[sheet["wijk"].duplicated(), "wijk"].tolist()
            faults.append(
                Fault(
                    name,
                    _("other wijken than in sheet wijk, or wijken twice"),
                    _("the same wijken once in each sheet"),
                    rows=rows,
                )
            )
    return faults
