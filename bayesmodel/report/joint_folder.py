"""The folder of a model of several years or outcomes: a folder of results of each, and tables and pictures of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bayesmodel.estimates.result import Result
from bayesmodel.files import MARK, atomic_folder
from bayesmodel.inference.fit import Fit, refuse_unconverged
from bayesmodel.tables.columns import Column
from bayesmodel.tables.export import write_csv_files
from bayesmodel.tables.notes import WARNING
from bayesmodel.tables.results_folder import README, write_results

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class JointTable:
    """A table of several fits, as it is written.

    Parameters
    ----------
    stem : str
        What its files are called, without ending.
    result : Result
    table : DataFrame
    columns : sequence of Column
        Those of the table, its index first.
    pictures : mapping of str to callable
        What draws each picture, by the end of its stem; the default picture of the result when left out.
    """

    stem: str
    result: Result
    table: pd.DataFrame
    columns: Sequence[Column]
    pictures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)

    def draw(self, folder: Path) -> None:
        """Draw its pictures in a folder, where matplotlib is installed."""
        if find_spec("matplotlib") is not None:
            for end, drawn in (self.pictures or {"": self.result.plot}).items():
                drawn().savefig(folder / f"{self.stem}{end}.png", dpi=150)


def write_joint(
    fits: Mapping[int, Fit] | Mapping[str, Fit],
    joint: Fit,
    tables: Iterable[JointTable],
    notes: Sequence[str],
    folder: str | Path,
    *,
    force: bool,
    accept_unconverged: bool,
) -> tuple[Path, ...]:
    """Write the results of fits of one model into one folder, whole or not at all.

    Parameters
    ----------
    fits : mapping to Fit
        By what the folder of each is called.
    joint : Fit
        The fit that all are parts of.
    tables : iterable of JointTable
        Of all of them, worked out one by one: each as csv for code and for Dutch Excel, with pictures.
    notes : sequence of str
        What readers must be told; that draws did not converge is said first.
    folder : str or Path
        The folder to make.
    force : bool
        Whether an older folder of results may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be written.

    Returns
    -------
    tuple of Path
        All files and folders in it.

    Raises
    ------
    ConvergenceError
        The draws did not converge, and that is not accepted.
    OutputError
        The folder exists and may not be replaced, or the disk refuses.
    """
    refuse_unconverged(joint, accept=accept_unconverged)
    last = list(fits.values())[-1]
    language, verdict = last.study.report.language, joint.diagnostics
    warning = [] if verdict.converged else [WARNING[language].format(problems="; ".join(verdict.problems))]
    said = [*warning, *notes]
    with atomic_folder(Path(folder), force=force) as draft:
        for name, fit in fits.items():
            write_results(fit, draft / str(name), accept_unconverged=accept_unconverged)
        for each in tables:
            write_csv_files(each.table, draft, each.stem, each.columns, said, each.result.title, language)
            each.draw(draft)
        about = {
            "notes": said,
            "provenance": dict(joint.provenance),
            "verdict": asdict(verdict) | {"converged": verdict.converged},
        }
        (draft / MARK).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        (draft / README[language]).write_text("\n\n".join(said) + "\n", encoding="utf-8")
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)
