"""Gemeenten that merged: a table of changes as CBS publishes it, and the bridge that it makes between two years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from bayesmodel.data.bridge import Bridge, bridge_of
from bayesmodel.data.codes import are_codes, folded, normalise_codes
from bayesmodel.errors import ArgumentError, DataError, Fault, listed, raise_faults
from bayesmodel.io.table import read_table
from bayesmodel.messages import _

COLUMNS = {
    "date": ("bestaantot", "datum", "date", "ingangsdatum"),
    "old": ("oude", "oud", "old", "oudecode"),
    "new": ("nieuwe", "nieuw", "new", "nieuwecode"),
}
"""Names of the columns of such a table, as `folded` writes them."""
UNKNOWN = ("#N/A", "#NB", ".", "?")
"""What stands where the heir is not known; the table of CBS up to 2018 has two."""


def read_gemeente_changes(path: str | Path) -> pd.DataFrame:
    r"""Read a table of changes of gemeenten: which code ceased when, and which took its place.

    Parameters
    ----------
    path : str or Path
        A csv or spreadsheet with columns such as ``Bestaan tot; Oude; Nieuwe`` (dates d-m-yyyy or yyyy-mm-dd).

    Returns
    -------
    DataFrame
        Columns ``date`` (on which the new code began), ``old``, ``new`` ("" where the heir is not
        known); in order of time, changes of a name left out.

    Raises
    ------
    DataError
        The file cannot be read, columns are not there, or cells hold no date or code: all faults at once.

    Examples
    --------
    >>> from bayesmodel.io.gemeente_changes import read_gemeente_changes
    >>> path = getfixture("tmp_path") / "changes.csv"
    >>> _ = path.write_text("Bestaan tot;Oude;Nieuwe\n1-1-2017;GM0844;GM1948\n")
    >>> read_gemeente_changes(path).iloc[0].astype(str).tolist()
    ['2017-01-01', 'GM0844', 'GM1948']
    """
    frame = read_table(Path(path)).frame
    names = {folded(str(name)): str(name) for name in frame.columns}
    found = {part: next((names[each] for each in known if each in names), None) for part, known in COLUMNS.items()}
    subject = _("The table of changes {path}").format(path=Path(path).name)
    expected = _("a column with one of the names {names}")
    faults = [
        Fault(part, _("no such column"), expected.format(names=", ".join(COLUMNS[part])))
        for part, name in found.items()
        if name is None
    ]
    raise_faults(DataError, subject, faults)
    columns = {part: frame[str(name)].str.strip() for part, name in found.items()}
    dates = pd.to_datetime(columns["date"], format="%d-%m-%Y", errors="coerce")
    dates = dates.fillna(pd.to_datetime(columns["date"], format="%Y-%m-%d", errors="coerce"))
    columns["new"] = columns["new"].mask(columns["new"].isin(UNKNOWN), "")
    old, new = (normalise_codes(columns[part], "gemeente") for part in ("old", "new"))
    wrong = {
        "date": (dates.isna(), _("a date such as 1-1-2017")),
        "old": (~are_codes(old, "gemeente"), _("a code such as GM0344")),
        "new": (~are_codes(new, "gemeente") & (new != ""), _("a code such as GM0344")),
    }
    for part, (odd, what) in wrong.items():
        if odd.any():
            cells = [str(cell) for cell in columns[part][odd]]
            faults.append(Fault(str(found[part]), _("other cells"), what, rows=cells))
    raise_faults(DataError, subject, faults)
    changes = pd.DataFrame({"date": dates.dt.date, "old": old, "new": new})
    changes = changes[changes["old"] != changes["new"]].drop_duplicates()
    return changes.sort_values("date", kind="stable").reset_index(drop=True)


def bridge_through_mergers(
    changes: pd.DataFrame, codes: list[str] | pd.Index, from_vintage: int, to_vintage: int
) -> Bridge:
    """Make a bridge between gemeenten of two years by the table of their changes.

    A change counts from the first of January on which it holds: one of 1 June 2015 is in the boundaries of 2016.

    Parameters
    ----------
    changes : DataFrame
        As `read_gemeente_changes` returns it.
    codes : sequence of str
        Gemeenten of the earlier year.
    from_vintage, to_vintage : int
        Years of the boundaries.

    Returns
    -------
    Bridge
        Exact: each gemeente of the earlier year goes whole to one of the later, as far as the table is complete. One
        that names a single heir of a gemeente that was divided cannot be told from a merger.

    Raises
    ------
    ArgumentError
        The later year comes first.
    DataError
        A gemeente was divided over several: that is no matter of codes.

    Examples
    --------
    >>> import datetime
    >>> import pandas as pd
    >>> changes = pd.DataFrame({"date": [datetime.date(2017, 1, 1)], "old": ["GM0844"], "new": ["GM1948"]})
    >>> bridge_through_mergers(changes, ["GM0844", "GM0363"], 2016, 2017).new.tolist()
    ['GM0363', 'GM1948']
    """
    if from_vintage > to_vintage:
        later = _("from_vintage is {first}, after to_vintage {last}: a merger is not undone by codes.")
        raise ArgumentError(later.format(first=from_vintage, last=to_vintage))
    when = changes["date"]
    due = changes[(when > date(from_vintage, 1, 1)) & (when <= date(to_vintage, 1, 1))]
    heirs = pd.Series(list(map(str, codes)), index=pd.Index(list(map(str, codes))))
    for moment, step in due.groupby("date", sort=True):
        several = step.loc[step["old"].isin(heirs) & (step["old"].duplicated(keep=False) | (step["new"] == "")), "old"]
        if len(several):
            divided = _("gemeenten that were divided, or of which no heir is known, on {day}").format(day=moment)
            advice = _("Bring their figures over through areas, with polygons of both years.")
            fault = Fault(_("the table of changes"), divided, _("one heir of each"), advice, sorted(set(several)))
            raise DataError(_("The bridge"), [fault])
        taking = dict(zip(step["old"], step["new"], strict=True))
        heirs = heirs.map(lambda code, taking=taking: taking.get(code, code))
    parts = pd.DataFrame({"old": heirs.index, "new": heirs.to_numpy(), "size": 1.0})
    new = pd.Index(sorted(set(heirs)))
    found = bridge_of(heirs.index, new, parts, "mergers", (from_vintage, to_vintage))
    merged = sorted(set(heirs[heirs.index != heirs.to_numpy()].index))
    said = _("Through mergers of gemeenten: {codes}.").format(codes=listed(merged)) if merged else _("No merger.")
    return replace(found, notes=(said,))
