"""Entrants: who takes part, in which cases, how each is called, and why one cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from bayesmodel.study.model_parts import Inference
from benchmarks.compare.case import Case

PEERS = Path(__file__).parent / "peers"
PROJECT = Path(__file__).resolve().parents[2]
GPBOOST = Path(os.environ.get("GPBOOST_PYTHON", PROJECT / ".venv" / "gpboost" / "bin" / "python"))
BAMBI = PROJECT / ".venv" / "peers" / "bin" / "python"

Reason = str | None


@dataclass(frozen=True)
class Entrant:
    """A program that fits.

    Parameters
    ----------
    name : str
    command : callable
        From the folder of a case to the words of the command.
    cannot : callable
        From a case to why it is beyond this program, or nothing.
    absent : callable
        Why the program is not on this machine, or nothing.
    compiles_by_family : bool
        Whether what it compiles serves every case of a family: then only the first of them is a cold start.
    """

    name: str
    command: Callable[[Path], list[str]]
    cannot: Callable[[Case], Reason]
    absent: Callable[[], Reason] = lambda: None
    compiles_by_family: bool = False


def entrants() -> tuple[Entrant, ...]:
    """Return all entrants, ours first."""
    engines = get_args(Inference.model_fields["engine"].annotation)
    ours = [
        Entrant(
            f"bayesmodel, {engine}",
            lambda folder, engine=engine: _module("ours", engine, folder),
            lambda case: None,
            compiles_by_family=True,
        )
        for engine in engines
    ]
    return (
        *ours,
        Entrant("PyMC, library", lambda folder: _script("library.py", "numba", folder), _library),
        Entrant("PyMC, library, JAX", lambda folder: _script("library.py", "jax", folder), _library, _no_gpu),
        Entrant("bambi", lambda folder: [str(BAMBI), str(PEERS / "bambi_fit.py"), str(folder)], _bambi, _no_bambi),
        Entrant("brms", lambda folder: _r("brms", folder), _brms, lambda: _no_r("brms")),
        Entrant("glmmTMB", lambda folder: _r("glmmtmb", folder), _glmmtmb, lambda: _no_r("glmmTMB")),
        Entrant(
            "GPBoost", lambda folder: [str(GPBOOST), str(PEERS / "gpboost_fit.py"), str(folder)], _gpboost, _no_gpboost
        ),
        Entrant("lme4, nAGQ = 0", lambda folder: _r("lme4", folder), _lme4, lambda: _no_r("lme4")),
    )


def nuts(folder: Path) -> list[str]:
    """Return the command that makes the reference."""
    return _module("ours", "nuts", folder)


def _module(name: str, *words: object) -> list[str]:
    return [sys.executable, "-m", f"benchmarks.compare.peers.{name}", *map(str, words)]


def _gpboost_command(folder: Path) -> list[str]:
    return [str(GPBOOST), str(PEERS / "gpboost_fit.py"), str(folder)]


def _script(name: str, *words: object) -> list[str]:
    return [sys.executable, str(PEERS / name), *map(str, words)]


def _r(name: str, folder: Path) -> list[str]:
    return ["Rscript", str(PEERS / f"{name}.R"), str(folder)]


def _library(case: Case) -> Reason:
    if case.family == "normal-share":
        return "has no discretised normal share"
    return "no likelihood of an interval (`Censored` clips at a bound)" if case.counts == "rounded" else None


def _bambi(case: Case) -> Reason:
    if case.family in ("beta-binomial", "normal-share"):
        return "no such family with trials and our dispersion"
    if case.family == "binomial" and case.counts != "exact":
        return "no censored counts with trials"
    return "not tried: intervals of counts" if case.counts == "rounded" else None


def _brms(case: Case) -> Reason:
    return "no such family among its own" if case.family in ("beta-binomial", "normal-share") else None


def _likelihood_only(case: Case) -> Reason:
    return None if case.counts == "exact" else "no hidden or rounded counts"


def _glmmtmb(case: Case) -> Reason:
    return "no discretised normal share" if case.family == "normal-share" else _likelihood_only(case)


def _gpboost(case: Case) -> Reason:
    return _likelihood_only(case) if case.family == "poisson" else "not tried: the Poisson model is compared"


def _lme4(case: Case) -> Reason:
    if case.family not in ("binomial", "poisson"):
        return "no such family in glmer"
    return _likelihood_only(case)


@cache
def _no_gpu() -> Reason:
    return None if shutil.which("nvidia-smi") else "skipped: no GPU on this machine"


@cache
def _no_gpboost() -> Reason:
    return None if GPBOOST.is_file() else "skipped: not installed (make gpboost)"


@cache
def _no_bambi() -> Reason:
    return None if BAMBI.is_file() else "skipped: not installed (make peers)"


@cache
def _no_r(package: str) -> Reason:
    if shutil.which("Rscript") is None:
        return "skipped: no R on this machine"
    asked = subprocess.run(["Rscript", "-e", f"library({package})"], capture_output=True, check=False)
    return None if asked.returncode == 0 else f"skipped: R has no package {package}"
