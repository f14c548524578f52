"""FitCollection: many fits on disk, read one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bayesmodel.batch.fit_store import FIT, SUMMARY, FitStore, Outcome
from bayesmodel.errors import BayesModelError, UnknownNameError
from bayesmodel.inference.fit import Fit
from bayesmodel.inference.storage import load_fit
from bayesmodel.messages import _, number


@dataclass(frozen=True)
class FitCollection:
    """Many fits: what became of each variation, in the order they were given, and the fits themselves from disk.

    Parameters
    ----------
    folder : Path
        Where they are kept.
    outcomes : tuple of Outcome
        One per variation.
    """

    folder: Path
    outcomes: tuple[Outcome, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variations, failed ones too."""
        return tuple(outcome.name for outcome in self.outcomes)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The variations without a fit; `error` says why."""
        return tuple(outcome for outcome in self.outcomes if outcome.failed)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per variation: state, figures of the verdict, seconds, peak memory (MB), error."""
        rows = [
            {
                "state": outcome.state,
                "rhat_max": outcome.diagnostics.rhat_max if outcome.diagnostics else float("nan"),
                "ess_min": outcome.diagnostics.ess_min if outcome.diagnostics else float("nan"),
                "divergences": outcome.diagnostics.divergences if outcome.diagnostics else 0,
                "seconds": outcome.seconds,
                "peak_mb": outcome.peak_mb,
                "error": outcome.error,
            }
            for outcome in self.outcomes
        ]
        return pd.DataFrame(rows, index=pd.Index(self.names, name="variation"))

    @property
    def summaries(self) -> pd.DataFrame:
        """What the summary function returned, one under the other, with the variation as outer index."""
        tables = {outcome.name: self.summary(outcome.name) for outcome in self.outcomes if not outcome.failed}
        return pd.concat(tables, names=["variation"]) if tables else pd.DataFrame()

    def fit(self, name: str) -> Fit:
        """Load the fit of one variation; `BayesModelError` when it failed or only its summary was kept."""
        return load_fit(self._path(name, FIT, _("Only a summary was kept; leave `summary` out to keep whole fits.")))

    def summary(self, name: str) -> pd.DataFrame:
        """Return what the summary function made of one fit; `BayesModelError` when it failed or there was none."""
        return pd.read_parquet(self._path(name, SUMMARY, _("The whole fit was kept; read it with `fit`.")))

    def _path(self, name: str, file: str, otherwise: str) -> Path:
        """Return a file of one variation, or say why there is none."""
        found = [outcome for outcome in self.outcomes if outcome.name == name]
        if not found:
            raise UnknownNameError(_("variation"), name, self.names)
        if found[0].failed:
            failed = _("Variation {name!r} has no fit, because it failed: {why}")
            raise BayesModelError(failed.format(name=name, why=found[0].error))
        path = self.folder / found[0].key / file
        if not path.is_file():
            absent = _("Variation {name!r} has no {file}.").format(name=name, file=file)
            raise BayesModelError(f"{absent} {otherwise}")
        return path

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.outcomes)

    def __len__(self) -> int:
        return len(self.outcomes)

    def __repr__(self) -> str:
        words = {"converged": _("converged"), "NOT converged": _("NOT converged"), "failed": _("failed")}
        states = pd.Series([words[outcome.state] for outcome in self.outcomes], dtype=str).value_counts()
        counted = ", ".join(f"{number(count)} {state}" for state, count in states.items())
        said = _("FitCollection of {count} in {folder}: {states}")
        return said.format(count=number(len(self)), folder=self.folder, states=counted or _("nothing yet"))


def load_many(folder: str | Path) -> FitCollection:
    """Read what `fit_many` left in a folder, also when it was cut short.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    FitCollection
        With the variations that had an outcome; no fit is loaded before it is asked for.

    Raises
    ------
    FitFileError
        There is no list of fits in that folder.

    Examples
    --------
    >>> from bayesmodel import load_many
    >>> load_many("fits").frame["state"]  # doctest: +SKIP
    """
    return FitCollection(Path(folder), FitStore(Path(folder)).read())
