"""All faults of data, study and place; a full disk and Ctrl-C are in `benchmarks.faults.halted`."""

from __future__ import annotations

from benchmarks.faults.broken import BROKEN
from benchmarks.faults.case import Case
from benchmarks.faults.files import SPREADSHEETS, TEXT_FILES
from benchmarks.faults.rows import CODES, COUNTS, DETERMINANTS, GROUPS, TOGETHER
from benchmarks.faults.several import SEVERAL
from benchmarks.faults.studies import PLACES, STUDIES

CASES: tuple[Case, ...] = (
    *COUNTS,
    *CODES,
    *GROUPS,
    *DETERMINANTS,
    *TEXT_FILES,
    *SPREADSHEETS,
    *STUDIES,
    *PLACES,
    *SEVERAL,
    *BROKEN,
    *TOGETHER,
)
