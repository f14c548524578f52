"""Finished fits in a folder: each in a folder of its own that appears whole or not at all, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pandas as pd

from bayesmodel.errors import FitFileError, OutputError
from bayesmodel.inference.diagnostics import Diagnostics, diagnostics_from
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _

MARK = "many.json"
FORMAT = "bayesmodel many 1"
FIT, SUMMARY, OUTCOME = "fit.nc", "summary.parquet", "outcome.json"


@dataclass(frozen=True)
class FitStore:
    """A folder of finished fits.

    Parameters
    ----------
    folder : Path
        Every worker must see it under this same path.
    call : str
        Tells the drafts of one call of `fit_many` from those of another in the same folder.
    """

    folder: Path
    call: str = field(default_factory=lambda: uuid4().hex[:8])

    def open(self) -> None:
        """Make the folder and its list, unless they are there; `OutputError` when it holds something else."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not (self.folder / MARK).is_file():
                if any(self.folder.iterdir()):
                    other = _("{folder} holds something else than many fits (no {mark}). Choose another folder.")
                    raise OutputError(other.format(folder=self.folder, mark=MARK))
                self.write([])
        except OSError as error:
            unfit = _("{folder} cannot be used: {why}.").format(folder=self.folder, why=error.strerror or error)
            raise OutputError(unfit) from error

    def clear(self) -> None:
        """Remove the drafts of this call: those of workers that were killed while they wrote."""
        for draft in self.folder.glob(f"{self._prefix}*"):
            rmtree(draft, ignore_errors=True)

    def check(self) -> None:
        """Refuse a worker that does not see the folder."""
        if not (self.folder / MARK).is_file():
            blind = _(
                "The worker does not see {folder} with its {mark}. Workers on other machines need a folder on a disk "
                "they share, under the same path."
            )
            raise OutputError(blind.format(folder=self.folder, mark=MARK))

    @property
    def _prefix(self) -> str:
        return f".draft-{self.call}-"

    def find(self, key: str) -> Outcome | None:
        """Return what is kept under a key, or nothing."""
        path = self.folder / key / OUTCOME
        return outcome_from(json.loads(path.read_text("utf-8"))) if path.is_file() else None

    def keep(self, outcome: Outcome, result: Fit | pd.DataFrame) -> None:
        """Put a fit, or what was made of it, on the shelf; when somebody else was first, theirs stays."""
        target = self.folder / outcome.key
        with TemporaryDirectory(prefix=self._prefix, dir=self.folder, ignore_cleanup_errors=True) as scratch:
            draft = Path(scratch) / outcome.key
            draft.mkdir()
            if isinstance(result, Fit):
                result.save(draft / FIT)
            else:
                result.to_parquet(draft / SUMMARY)
            _write(draft / OUTCOME, asdict(outcome))
            try:
                draft.rename(target)
            except OSError:
                if not (target / OUTCOME).is_file():
                    raise

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Write the list of all variations, failed ones with their error."""
        with TemporaryDirectory(prefix=self._prefix, dir=self.folder) as scratch:
            draft = Path(scratch) / MARK
            _write(draft, {"format": FORMAT, "outcomes": [asdict(outcome) for outcome in outcomes]})
            draft.replace(self.folder / MARK)

    def read(self) -> tuple[Outcome, ...]:
        """Read the list; `FitFileError` when there is none."""
        try:
            content = json.loads((self.folder / MARK).read_text("utf-8"))
        except (OSError, ValueError) as error:
            none = _("{folder} is no folder of many fits ({why}).").format(folder=self.folder, why=error)
            raise FitFileError(none) from None
        if content.get("format") != FORMAT:
            found = content.get("format")
            other = _("{folder} is not read by this version: expected {expected!r}, found {found!r}.")
            raise FitFileError(other.format(folder=self.folder, expected=FORMAT, found=found))
        return tuple(outcome_from(values) for values in content["outcomes"])


def _write(path: Path, content: object) -> None:
    """Write a value as JSON."""
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


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
    diagnostics : Diagnostics, optional
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
    diagnostics: Diagnostics | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether there is no fit."""
        return bool(self.error)

    @property
    def state(self) -> str:
        """The outcome in a word or two: converged, NOT converged, or failed."""
        if self.diagnostics is None:
            return "failed"
        return "converged" if self.diagnostics.converged else "NOT converged"


def outcome_from(values: Mapping[str, Any]) -> Outcome:
    """Make an outcome from the values that `dataclasses.asdict` gave.

    Examples
    --------
    >>> outcome_from({"name": "seed 1", "error": "no such file", "diagnostics": None}).state
    'failed'
    """
    known = dict(values)
    diagnostics = known.pop("diagnostics", None) or known.pop("verdict", None)  # as earlier versions called it
    known.pop("verdict", None)
    return Outcome(**known, diagnostics=diagnostics and diagnostics_from(diagnostics))
