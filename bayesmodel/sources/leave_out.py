"""Areas that the study leaves out, with the reason."""

from __future__ import annotations

import pandas as pd

from bayesmodel.areas.cells import rows_of
from bayesmodel.errors import Fault
from bayesmodel.messages import _
from bayesmodel.sources.numbers import numbers_in
from bayesmodel.study import Study


def left_out_of(frame: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, list[Fault]]:
    """Find the areas that an exclusion of the study leaves out.

    Parameters
    ----------
    frame : DataFrame of str
        The joined tables, indexed by the code of the area.
    study : Study
        Its exclusions are columns with a limit: an area at or below one of them is left out.

    Returns
    -------
    tuple of DataFrame and list of Fault
        Columns ``name`` and ``reason``, indexed by code; and a fault for each column in which a number is lacking, as
        it cannot be decided there.
    """
    reasons = pd.Series("", index=frame.index)
    faults = []
    for exclusion in study.exclusions:
        cells = frame[exclusion.column]
        values, found = numbers_in(cells, ())
        unknown = cells[cells == ""]
        if found or len(unknown):
            rows = [*(row for fault in found for row in fault.rows), *rows_of(unknown)]
            advice = _("Without a number it cannot be decided whether to leave the area out.")
            faults.append(
                Fault(exclusion.column, _("cells without a number"), _("a number in every row"), advice, rows)
            )
        reason = cells.map(
            lambda cell, e=exclusion: _("{column} is {cell}, at most {at_most:g}").format(
                column=e.column, cell=cell, at_most=e.at_most
            )
        )
        reasons = reasons.where(~(values <= exclusion.at_most), reasons + "; " + reason)
    left_out = reasons != ""
    names = frame.index.to_series() if study.columns.area_name is None else frame[study.columns.area_name]
    table = pd.DataFrame({"name": names[left_out], "reason": reasons[left_out].str.removeprefix("; ")})
    return table, faults
