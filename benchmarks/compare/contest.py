"""The contest: every entrant in every case, cold and warm, each figure written down as it comes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.compare.agreement import Estimates, agreement
from benchmarks.compare.case import Case, write_case
from benchmarks.compare.entrants import PROJECT, Entrant, nuts
from benchmarks.compare.race import run

SAMPLING = {"chains": 4, "tune": 500, "draws": 1000, "seed": 20170101}
REFERENCE = SAMPLING | {"draws": 4000, "seed": 1}
CASES = (
    *((family, "hidden") for family in ("binomial", "negative-binomial")),
    *((family, "exact") for family in ("binomial", "negative-binomial")),
    *((family, "rounded") for family in ("binomial", "negative-binomial")),
    *((family, counts) for family in ("beta-binomial", "poisson") for counts in ("hidden", "exact", "rounded")),
    ("normal-share", "exact"),
)
"""The most telling first."""

References = dict[str, Estimates]


def contest(
    cases: Iterable[Case],
    entrants: tuple[Entrant, ...],
    folder: Path,
    limit: float,
    references: References,
    draws: int = SAMPLING["draws"],
) -> Iterator[dict[str, Any]]:
    """Run all; give one row per case and entrant.

    Parameters
    ----------
    cases : iterable of Case
    entrants : tuple of Entrant
    folder : Path
        New: for cases, compiled code and results.
    limit : float
        Seconds of the processor that one run may take.
    references : dict of str to mapping
        Per case the estimates of a run by our NUTS, four times as long and without a limit; made and put in where
        absent.
    draws : int
        Of each chain, after warm-up.

    Yields
    ------
    dict
    """
    for case in cases:
        place = folder / case.name.replace(", ", "-")
        write_case(case, place / "case", SAMPLING | {"draws": draws})
        if case.name not in references:
            write_case(case, place / "reference", REFERENCE)
            long = run(nuts(place / "reference"), place / "reference", _caches(folder / "reference"), 3600)
            if long.problem:
                raise RuntimeError(f"the reference of {case.name}: {long.problem}")
            references[case.name] = _result(place / "reference")["estimates"]
        for entrant in entrants:
            row = _row(case, entrant, folder, limit, references[case.name])
            yield {"case": case.name, "entrant": entrant.name, **row}


def _row(case: Case, entrant: Entrant, folder: Path, limit: float, reference: Estimates) -> dict[str, Any]:
    """Run one entrant in one case, cold (where it compiles anew) and then warm; return what it took and found."""
    reason = entrant.cannot(case) or entrant.absent()
    if reason is not None:
        return {"problem": reason}
    place = folder / case.name.replace(", ", "-")
    compiled = place / f"compiled by {entrant.name}"
    if entrant.compiles_by_family:
        compiled = folder / f"compiled by {entrant.name} for {case.family}"
    times: dict[str, Any] = {}
    for start in ("warm",) if compiled.exists() else ("cold", "warm"):
        done = run(entrant.command(place / "case"), place / "case", _caches(compiled), limit)
        if done.problem:
            return {"problem": done.problem}
        times |= {f"{start}_seconds": round(done.seconds, 1), f"{start}_cpu_seconds": round(done.cpu_seconds, 1)}
    result = _result(place / "case")
    size = result.get("ess_min")
    return {
        "problem": "",
        **times,
        "fit_seconds": round(result["seconds"]["fit"], 2),
        "ess_min": None if size is None else round(size),
        "ess_per_cpu_second": None if size is None else round(size / done.cpu_seconds, 1),
        "peak_mb": round(done.peak_mb),
        **agreement(result["estimates"], reference),
    }


def _caches(folder: Path) -> dict[str, str]:
    """Return where compiled code is kept: a place of its own, empty at a cold start."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "NUMBA_CACHE_DIR": str(folder / "numba"),
        "PYTENSOR_FLAGS": f"base_compiledir={folder / 'pytensor'}",
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]),
    }


def _result(place: Path) -> dict[str, Any]:
    """Read what an entrant found."""
    found: dict[str, Any] = json.loads((place / "result.json").read_text("utf-8"))
    return found
