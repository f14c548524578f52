"""The results folder: the fit, a table per area, what its columns mean, where it comes from, how to read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from bayesmodel.errors import ConvergenceError
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language
from bayesmodel.outputs.table import area_table, codebook
from bayesmodel.outputs.texts import WARNING, reading_notes
from bayesmodel.outputs.whole import MARK, whole_folder

README: Mapping[Language, str] = {"nl": "lees-mij.txt", "en": "readme.txt"}
PLURALS = {"wijk": "wijken", "buurt": "buurten", "gemeente": "gemeenten"}


def write_results(
    fit: Fit, folder: str | Path, *, force: bool = False, accept_unconverged: bool = False
) -> tuple[Path, ...]:
    """Write everything a fit gives into one folder, whole or not at all.

    The folder holds the fit (`fit.nc`), the table per area (`wijken.csv` and `.parquet`, named after the areas of the
    study), `codebook.csv` with a name, unit and definition per column, `provenance.json`, and what readers must be told
    (`lees-mij.txt` or `readme.txt`). Of draws that did not converge the tables are called `..._not_converged`.

    Parameters
    ----------
    fit : Fit
        What to write.
    folder : str or Path
        The folder to make.
    force : bool
        Whether an older results folder may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be written.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    ConvergenceError
        The draws did not converge, and that is not accepted.
    OutputError
        The folder exists and may not be replaced, or the disk refuses.

    Examples
    --------
    >>> from bayesmodel import load_fit, write_results
    >>> write_results(load_fit("results/fit.nc"), Path("copy"))  # doctest: +SKIP
    """
    with whole_folder(_checked(fit, folder, accept_unconverged), force=force) as draft:
        fit.save(draft / "fit.nc")
        _write(fit, draft)
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)


def write_tables(
    fit: Fit, folder: str | Path, *, force: bool = False, accept_unconverged: bool = False
) -> tuple[Path, ...]:
    """Write everything `write_results` does but the fit itself.

    Parameters
    ----------
    fit : Fit
        What to write.
    folder : str or Path
        The folder to make.
    force : bool
        Whether an older results folder may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be written.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    ConvergenceError
        The draws did not converge, and that is not accepted.
    OutputError
        The folder exists and may not be replaced, or the disk refuses.

    Examples
    --------
    >>> from bayesmodel import load_fit, write_tables
    >>> write_tables(load_fit("results/fit.nc"), "tables")  # doctest: +SKIP
    """
    with whole_folder(_checked(fit, folder, accept_unconverged), force=force) as draft:
        _write(fit, draft)
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)


def _checked(fit: Fit, folder: str | Path, accept_unconverged: bool) -> Path:
    """Return the folder of a fit whose draws may be written."""
    refuse_unconverged(fit, accept=accept_unconverged)
    return Path(folder)


def _write(fit: Fit, draft: Path) -> None:
    """Write the tables and what belongs to them."""
    table, columns = area_table(fit), codebook(fit)
    name = PLURALS.get(fit.study.area, fit.study.area) + ("" if fit.verdict.converged else "_not_converged")
    table.to_csv(draft / f"{name}.csv", lineterminator="\n")
    table.to_parquet(draft / f"{name}.parquet")
    columns.to_csv(draft / "codebook.csv", lineterminator="\n")
    (draft / MARK).write_text(_provenance(fit), encoding="utf-8")
    (draft / README[fit.study.report.language]).write_text(_readme(fit), encoding="utf-8")


def refuse_unconverged(fit: Fit, *, accept: bool) -> None:
    """Refuse draws that did not converge, unless that is accepted.

    Parameters
    ----------
    fit : Fit
        The draws, with their verdict.
    accept : bool
        Whether to let them pass.

    Raises
    ------
    ConvergenceError
        With what was not met and what to do.
    """
    if accept or fit.verdict.converged:
        return
    problems = "\n".join(f"- {problem}" for problem in fit.verdict.problems)
    raise ConvergenceError(
        f"The draws did not converge, so no results were written:\n{problems}\n"
        "Only --accept-unconverged writes them all the same; every file then says so."
    )


def _provenance(fit: Fit) -> str:
    """Return study, verdict and provenance as JSON."""
    verdict = asdict(fit.verdict) | {"converged": fit.verdict.converged, "problems": fit.verdict.problems}
    content = {"provenance": dict(fit.provenance), "verdict": verdict, "study": fit.study.model_dump(mode="json")}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _readme(fit: Fit) -> str:
    """Return what readers must be told, as text."""
    language = fit.study.report.language
    warning = [] if fit.verdict.converged else [WARNING[language].format(problems="; ".join(fit.verdict.problems))]
    return "\n\n".join([fit.study.name, *warning, *reading_notes(fit.counts, language)]) + "\n"
