"""The national file of 2021 from raw rows: wijken, the totals of their gemeenten, what is in no wijk, who delivered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import Counts, interpret_counts, read_areas, study_from
from bayesmodel.data.delivery import undelivered
from benchmarks.evidence.kwb_2021 import TABLE

CARE, WMO = "TotaalJongerenMetJeugdzorgInNatura_1", "a_wmo_t"


def read_national(folder: Path, outcome: str = CARE, unplaced: str = "estimated", **settings: Any) -> Counts:
    """Read wijken and gemeenten of 2021 through a table in a folder.

    Parameters
    ----------
    folder : Path
    outcome : str
        Column of the counts: youth care over the people under 25, or Wmo over all inhabitants.
    unplaced : str
        As `totals.unplaced`.
    settings
        Other parts of the study.
    """
    rows = pd.read_csv(TABLE, dtype=str)
    rows = rows[rows["recs"].isin(["Wijk", "Gemeente"])]

    def number(column: str) -> pd.Series:
        return pd.to_numeric(rows[column], errors="coerce")

    people, young = number("a_inw"), number("a_00_14") + number("a_15_24")
    shares = {
        "social_assistance": number("a_soz_wb") / people,
        "disability_benefit": number("a_soz_ao") / people,
        "non_western": number("a_nw_all") / people,
        "divorced": number("a_gesch") / people,
        "households_with_children": number("a_hh_m_k") / number("a_hh"),
        "older": number("a_65_oo") / people,
        "corporation_rent": number("p_wcorpw") / 100,
    }
    table = pd.DataFrame({
        "code": rows["gwb_code_10"],
        "gemeente": rows["gm_naam"],
        "count": number(outcome).map(lambda count: "" if np.isnan(count) else f"{count:.0f}"),
        "people": (young if outcome == CARE else people).fillna(0).astype(int),
        "inhabitants": people.fillna(0).astype(int),
    } | shares)  # fmt: skip
    table.replace([np.inf, -np.inf], np.nan).to_csv(folder / "national.csv", index=False)
    own = table[table["code"].str.startswith("GM")].set_index("gemeente")
    silent = undelivered(own["count"], own["people"])
    names = {CARE: ("jongeren met jeugdzorg in natura", "young people with youth care in kind")}
    counted = names.get(outcome, ("mensen met Wmo", "people with Wmo"))
    over = ("jongeren", "young people") if outcome == CARE else ("inwoners", "inhabitants")
    study = {
        "name": "national-2021",
        "folder": str(folder),
        "outcome": {
            "count": dict(zip(("nl", "en"), counted, strict=True)),
            "population": dict(zip(("nl", "en"), over, strict=True)),
            "year": 2021,
            "vintage": 2021,
        },
        "tables": [{"path": "national.csv", "key": "code", "code": "wijk", "keep": "codes"}],
        "columns": {"area": "code", "count": "count", "population": "people"},
        "levels": [{"name": "gemeente", "column": "gemeente"}],
        "determinants": [{"column": column} for column in shares],
        "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
        "delivery": {"none": list(silent)},
        "totals": {"unplaced": unplaced},
        "exclusions": [{"column": "people", "at_most": 0}],
        "inference": {"engine": "laplace"},
    }
    return interpret_counts(read_areas(study_from(study | settings)))
