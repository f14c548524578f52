"""The results folder: the fit, tables for code and for reports, what their columns mean, where they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bayesmodel.data.remark import RemarkKind
from bayesmodel.errors import ConvergenceError, UnknownNameError
from bayesmodel.estimates.disclosure import disclosure_check
from bayesmodel.files import MARK, atomic_folder
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, _, number, speaking
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables, file_name, tables_of
from bayesmodel.tables.export import neutralised, write_csv, write_csv_description, write_csv_for_excel, write_parquet
from bayesmodel.tables.per_area import codebook
from bayesmodel.tables.workbook.book import refuse_without_library, write_workbook
from bayesmodel.tables.workbook.guide import REMARKS

MOST_ROWS = 1_048_570
"""Rows of a sheet, less those above the table."""
TOO_LONG = Label(
    nl="Er is geen werkboek (xlsx): een blad heeft hoogstens {rows} rijen. Gebruik de csv of de Parquet.",
    en="There is no workbook (xlsx): a sheet has at most {rows} rows. Use the csv or the Parquet.",
)
README: Mapping[Language, str] = {"nl": "lees-mij.txt", "en": "readme.txt"}
FORMATS = ("xlsx", "csv", "excel-csv", "parquet")
WITHOUT_WORKBOOK = Label(
    nl='Er is geen werkboek (xlsx): daarvoor is XlsxWriter nodig: pip install "bayesmodel-sae[report]"',
    en='There is no workbook (xlsx): it needs XlsxWriter: pip install "bayesmodel-sae[report]"',
)


def write_results(
    fit: Fit, folder: str | Path, *, force: bool = False, accept_unconverged: bool = False
) -> tuple[Path, ...]:
    """Write everything a fit gives into one folder, whole or not at all.

    The folder holds the fit (`fit.nc`) and everything that `write_tables` writes.

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
    >>> write_results(load_fit("results/fit.nc"), "copy")  # doctest: +SKIP
    """
    refuse_unconverged(fit, accept=accept_unconverged)
    tables = tables_of(fit)
    with atomic_folder(Path(folder), force=force) as draft:
        fit.save(draft / "fit.nc")
        _write(tables, draft, None)
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)


def write_tables(
    fit: Fit,
    folder: str | Path,
    formats: tuple[str, ...] | None = None,
    language: Language | None = None,
    *,
    force: bool = False,
    accept_unconverged: bool = False,
) -> tuple[Path, ...]:
    """Write the tables of a fit into one folder, whole or not at all.

    Per area and per level of the study (`wijken`, `gemeenten`, ...): csv for code with its description
    (`wijken.csv`, `wijken.csv-metadata.json`), csv for Dutch Excel with its notes (`wijken-excel.csv`,
    `wijken-excel-toelichting.txt` or `wijken-excel-notes.txt`) and Parquet; one workbook with all of them
    (`tables.xlsx`); `codebook.csv`; `provenance.json`; and what readers must be told (`lees-mij.txt` or `readme.txt`),
    which stands in each of the other files or beside it. Of draws that did not converge the tables are called
    `..._not_converged`.

    Parameters
    ----------
    fit : Fit
        What to write.
    folder : str or Path
        The folder to make.
    formats : tuple of {"xlsx", "csv", "excel-csv", "parquet"}, optional
        All when left out, the workbook only where the library for it is installed.
    language : {"nl", "en"}, optional
        Of headings, words and notes; that of the study when left out.
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
    UnknownNameError
        There is no such format.
    MissingFeatureError
        A workbook was asked for and XlsxWriter is not installed.

    Examples
    --------
    >>> from bayesmodel import load_fit, write_tables
    >>> write_tables(load_fit("results/fit.nc"), "tables", ("xlsx",), language="en")  # doctest: +SKIP
    """
    refuse_unconverged(fit, accept=accept_unconverged)
    for each in formats or ():
        if each not in FORMATS:
            raise UnknownNameError(_("format"), each, FORMATS)
    if formats is not None and "xlsx" in formats:
        refuse_without_library()
    tables = tables_of(fit, language)
    with atomic_folder(Path(folder), force=force) as draft:
        _write(tables, draft, formats)
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)


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
    if accept or fit.diagnostics.converged:
        return
    hidden = [each for each in fit.counts.remarks if each.kind is RemarkKind.HIDDEN_UNLIKELY]
    problems = "\n".join(f"- {problem}" for problem in (*fit.diagnostics.problems, *map(str, hidden)))
    raise ConvergenceError(
        _(
            "The draws did not converge, so no results were written:\n{problems}\n"
            "Only --accept-unconverged (accept_unconverged=True in Python) writes them all the same; every file then "
            "says so."
        ).format(problems=problems)
    )


def without_workbook(language: Language) -> tuple[str, ...]:
    """Say that a workbook is left out and how to get it, where its library is not installed; else nothing."""
    return () if find_spec("xlsxwriter") else (WITHOUT_WORKBOOK[language],)


def _write(tables: Tables, draft: Path, formats: tuple[str, ...] | None) -> None:
    """Write tables in some formats, or in all that can be written here, and what belongs to them."""
    fit, language, notes = tables.fit, tables.language, tables.notes()
    left_out = without_workbook(language) if formats is None else ()
    if formats is None:
        formats = FORMATS[1:] if left_out else FORMATS
    if "xlsx" in formats and max(map(len, tables.frames.values())) > MOST_ROWS:
        formats = tuple(each for each in formats if each != "xlsx")
        left_out = (TOO_LONG[language].format(rows=number(MOST_ROWS, ",", language)),)
    mark = "" if fit.diagnostics.converged else "_not_converged"
    about = _about(tables)
    for name, table in tables.frames.items():
        stem, columns = file_name(name) + mark, tables.columns(name)
        if "csv" in formats:
            write_csv(table, draft / f"{stem}.csv")
            write_csv_description(draft / f"{stem}.csv", columns, notes, tables.title, language)
        if "excel-csv" in formats:
            write_csv_for_excel(table, draft / f"{stem}-excel.csv", columns, notes, language)
        if "parquet" in formats:
            write_parquet(table, draft / f"{stem}.parquet", columns, about, language)
        if name == fit.study.area:
            neutralised(codebook(fit)).to_csv(draft / "codebook.csv", lineterminator="\n")
    if "xlsx" in formats:
        write_workbook(tables, draft / f"tables{mark}.xlsx")
    (draft / MARK).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (draft / README[language]).write_text(
        "\n\n".join([tables.title, *notes, *_remarked(tables), *left_out]) + "\n", encoding="utf-8"
    )


def _remarked(tables: Tables) -> list[str]:
    """Return what may not be meant in the data, as one paragraph with a line for each; nothing where nothing is."""
    with speaking(tables.language):
        lines = [f"- {remark}" for remark in tables.remarks]
    return ["\n".join([f"{REMARKS[tables.language]}:", *lines])] if lines else []


def _about(tables: Tables) -> dict[str, Any]:
    """Return what readers must be told, study, verdict and provenance."""
    fit = tables.fit
    return {
        "notes": tables.notes(listing=False),
        "remarks": [remark.plain() for remark in tables.remarks],
        "disclosure": disclosure_check(fit).plain(),
        "provenance": dict(fit.provenance),
        "verdict": asdict(fit.diagnostics)
        | {"converged": fit.diagnostics.converged, "problems": fit.diagnostics.problems},
        "study": fit.study.model_dump(mode="json"),
    }
