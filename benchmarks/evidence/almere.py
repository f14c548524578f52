"""Almere, 2022 to 2024: buurten in wijken as CBS counts them, and what the raw download of them is refused for."""

from __future__ import annotations

from typing import Any

from bayesmodel import Counts, Status, fit, interpret_counts, read_areas, study_from
from bayesmodel.scaffold import propose_study
from benchmarks.evidence.record import SHARED

FOLDER = SHARED / "cbs_kwb_almere"
TIDY, RAW = "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv", "almere_kwb_2018_2025_raw.csv"
YEARS = (2022, 2023, 2024)
LABELS = {
    "count": {"nl": "jongeren met jeugdzorg in natura", "en": "young people with youth care in kind"},
    "population": {"nl": "jongeren tot 25 jaar", "en": "young people under 25"},
}


def figures() -> dict[str, Any]:
    """Return how many buurten in how many wijken there are, what is known of them, and which columns are refused."""
    counts = {year: buurten(year) for year in YEARS}
    last = counts[YEARS[-1]]
    known = {year: int((each.status == Status.ROUNDED).sum()) for year, each in counts.items()}
    wijken = {int(each.areas.levels["wijk"].nunique()) for each in counts.values()}
    (number,) = {len(each) for each in counts.values()}
    (in_wijken,) = wijken
    raw = propose_study([FOLDER / RAW], YEARS[0])
    lost = [each.column.rpartition("_")[0] for each in raw.recognised.determinants if each.against]
    return {
        "almere_buurten": number,
        "almere_wijken": in_wijken,
        "almere_buurten_with_count": known,
        "almere_buurten_hidden": {year: int((each.status == Status.SUPPRESSED).sum()) for year, each in counts.items()},
        "almere_buurten_empty": {year: int((each.status == Status.ZERO).sum()) for year, each in counts.items()},
        "almere_converged_2024": bool(fit(last.study).diagnostics.converged),
        "almere_columns_refused_for_lost_decimals": lost,
    }


def buurten(year: int) -> Counts:
    """Read the buurten of a year, in their wijken; rows of wijken are totals."""
    study = {
        "name": f"almere-{year}",
        "area": "buurt",
        "folder": str(FOLDER),
        "outcome": {**LABELS, "year": year, "vintage": year},
        "tables": [
            {"path": TIDY, "key": "regio_code", "code": "buurt", "keep": "codes", "where": {"jaar": str(year)}},
        ],
        "columns": {"area": "regio_code", "count": "jongeren_jeugdzorg", "population": ["inw_0_14", "inw_15_24"]},
        "levels": [{"name": "wijk", "column": "wijk_code"}],
        "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
        "inference": {"engine": "laplace"},
    }
    return interpret_counts(read_areas(study_from(study)))
