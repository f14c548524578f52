"""Another year, rounded to fives, total youth care: which family predicts best there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import Counts, Status, interpret_counts, read_areas, study_from
from benchmarks.evidence.crossvalidation import compare_families
from benchmarks.evidence.record import SHARED

TABLE = SHARED / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"
FAMILIES = ("poisson", "binomial", "negative-binomial")
INHABITANTS = 100


def figures() -> dict[str, Any]:
    """Return how many wijken there are and how well each family predicts those left out."""
    with tempfile.TemporaryDirectory() as folder:
        counts = read_counts(Path(folder))
    return {
        "wijken": len(counts),
        "rounded": int((counts.status == Status.ROUNDED).sum()),
        "hidden": int((counts.status == Status.SUPPRESSED).sum()),
        "determinants": len(counts.study.determinants),
        **compare_families(counts, FAMILIES),
    }


def read_counts(folder: Path) -> Counts:
    """Read the wijken of 2021 through a table of shares in a folder; counts are over the people under 25."""
    table, determinants = _table()
    table.to_csv(folder / "wijken.csv", index=False)
    name = {"nl": "jongeren met jeugdzorg in natura", "en": "young people with youth care in kind"}
    young = {"nl": "jongeren", "en": "young people"}
    study = {
        "name": "kwb-2021",
        "folder": str(folder),
        "outcome": {"count": name, "population": young, "year": 2021, "vintage": 2021},
        "tables": [{"path": "wijken.csv", "key": "wijk", "code": "wijk"}],
        "columns": {"area": "wijk", "count": "count", "population": "young"},
        "levels": [{"name": "gemeente", "column": "gemeente"}],
        "determinants": [{"column": column, "transform": transform} for column, transform in determinants.items()],
        "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
    }  # fmt: skip
    return interpret_counts(read_areas(study_from(study)))


def _table() -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the wijken with their determinants, and the transformation of each."""
    rows = pd.read_csv(TABLE, dtype=str).query("recs == 'Wijk'")

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
        "children": number("a_00_14") / young,
        "low_education": number("a_opl_lg") / people,
        "corporation_rent": number("p_wcorpw") / 100,
        "single_family": number("p_1gezw") / 100,
        "house_value": number("g_wozbag"),
        "density": number("ste_oad") + 1,
    }
    table = pd.DataFrame({
        "wijk": rows["gwb_code_10"],
        "gemeente": rows["gm_naam"],
        "count": rows["TotaalJongerenMetJeugdzorgInNatura_1"],
        "young": young,
    } | shares)  # fmt: skip
    kept = table[(people > INHABITANTS) & (young > 0)].replace([np.inf, -np.inf], np.nan)
    logs = ("house_value", "density")
    return kept.astype({"young": int}), {name: "log" if name in logs else "none" for name in shares}
