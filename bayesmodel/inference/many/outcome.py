"""Outcome: what became of one variation, and where it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bayesmodel.inference.verdict import Verdict, verdict_from


@dataclass(frozen=True)
class Outcome:
    """What became of one variation.

    Parameters
    ----------
    name : str
        That of the variation.
    key : str
        Hash of what was fitted, and the name of the folder it is kept in; empty where it failed before it was known.
    error : str
        Why it failed; empty when it did not.
    kept : bool
        Whether it was there already.
    verdict : Verdict, optional
        Whether the draws converged; nothing where it failed.
    seconds : float
        From reading to writing.
    peak_mb : float
        Largest memory that the process had used by then, in MB; 0 where the system does not say.
    """

    name: str
    key: str = ""
    error: str = ""
    kept: bool = False
    verdict: Verdict | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether there is no fit."""
        return bool(self.error)

    @property
    def state(self) -> str:
        """The outcome in a word or two: converged, NOT converged, or failed."""
        if self.verdict is None:
            return "failed"
        return "converged" if self.verdict.converged else "NOT converged"


def outcome_from(values: Mapping[str, Any]) -> Outcome:
    """Make an outcome from the values that `dataclasses.asdict` gave.

    Examples
    --------
    >>> outcome_from({"name": "seed 1", "error": "no such file", "verdict": None}).state
    'failed'
    """
    verdict = values["verdict"]
    return Outcome(**{**values, "verdict": None if verdict is None else verdict_from(verdict)})
