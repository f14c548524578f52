"""The results folder: the fit, tables for code and for reports, what their columns mean, where they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel.errors import DataError, UnknownNameError
from bayesmodel.estimates.disclosure import disclosure_check
from bayesmodel.files import MARK, atomic_folder
from bayesmodel.inference.fit import Fit, refuse_unconverged
from bayesmodel.messages import Language, _, number, speaking
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables, file_name, tables_of
from bayesmodel.tables.data_package import TableFile, write_data_package
from bayesmodel.tables.export import neutralised, write_csv, write_csv_description, write_csv_for_excel, write_parquet
from bayesmodel.tables.long_table import long_columns, long_table
from bayesmodel.tables.per_area import codebook
from bayesmodel.tables.research_crate import write_research_crate
from bayesmodel.tables.workbook.book import refuse_without_library, sheets_of, write_workbook
from bayesmodel.tables.workbook.guide import REMARKS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

MOST_ROWS = 1_048_570
"""Rows of a sheet, less those above the table."""
TOO_LONG = Label(
    nl="Er is geen werkboek (xlsx): een blad heeft hoogstens {rows} rijen. Gebruik de csv of de Parquet.",
    en="There is no workbook (xlsx): a sheet has at most {rows} rows. Use the csv or the Parquet.",
)
README: Mapping[Language, str] = {"nl": "lees-mij.txt", "en": "readme.txt"}
FORMATS = ("xlsx", "csv", "excel-csv", "parquet", "geopackage", "long")
BY_DEFAULT = FORMATS[:-1]
"""Of these the workbook only where its library is installed, the GeoPackage only of a study that names its polygons."""
WITHOUT_GEOPACKAGE = Label(
    nl="Er is geen GeoPackage: de grenzen van de studie konden niet worden gelezen. {why}",
    en="There is no GeoPackage: the boundaries of the study could not be read. {why}",
)
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
    tables, shapes = tables_of(fit), _own_shapes(fit)
    with atomic_folder(Path(folder), force=force) as draft:
        fit.save(draft / "fit.nc")
        _write(tables, draft, None, shapes)
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)


def write_tables(
    fit: Fit,
    folder: str | Path,
    formats: tuple[str, ...] | None = None,
    language: Language | None = None,
    *,
    polygons: str | Path | GeoDataFrame | Mapping[str, Any] | None = None,
    code: str | None = None,
    force: bool = False,
    accept_unconverged: bool = False,
) -> tuple[Path, ...]:
    """Write the tables of a fit into one folder, whole or not at all.

    Per area and per level of the study (`wijken`, `gemeenten`, ...): csv for code with its description
    (`wijken.csv`, `wijken.csv-metadata.json`), csv for Dutch Excel with its notes (`wijken-excel.csv`,
    `wijken-excel-toelichting.txt` or `wijken-excel-notes.txt`) and Parquet; one workbook with all of them
    (`tables.xlsx`); one GeoPackage with a layer for each, in RD New, with styles for QGIS (`tables.gpkg`); all of them
    as one long table, a row per area, quantity and statistic (`long.csv`, `long.parquet`). Always: `codebook.csv`;
    `provenance.json`; `datapackage.json`, which describes every file and field; `ro-crate-metadata.json`, which says
    from what inputs and with which software they were made; and what readers must be told (`lees-mij.txt` or
    `readme.txt`), which stands in each of the other files or beside it. Of draws that did not converge the tables are
    called `..._not_converged`.

    Parameters
    ----------
    fit : Fit
        What to write.
    folder : str or Path
        The folder to make.
    formats : tuple of {"xlsx", "csv", "excel-csv", "parquet", "geopackage", "long"}, optional
        When left out all but the long table: the workbook only where the library for it is installed, the GeoPackage
        only where polygons are given or the study names its boundaries.
    language : {"nl", "en"}, optional
        Of headings, words and notes; that of the study when left out.
    polygons : str, Path, GeoDataFrame, or mapping, optional
        Of the areas, as in `area_map`; those of the study when left out.
    code : str, optional
        The column of the polygons with the codes; defaults to the one that matches most codes.
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
        A workbook or a GeoPackage was asked for and the library that writes it is not installed.
    ComparisonError
        A GeoPackage was asked for and there are no polygons.
    DataError
        The polygons cannot be read, or are of none of the areas.

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
    if polygons is not None or (formats is not None and "geopackage" in formats):
        shapes = _shapes(fit, polygons, code)
    else:
        shapes = None if formats is not None else _own_shapes(fit)
    tables = tables_of(fit, language)
    with atomic_folder(Path(folder), force=force) as draft:
        _write(tables, draft, formats, shapes)
        names = sorted(path.name for path in draft.iterdir())
    return tuple(Path(folder) / name for name in names)


def _shapes(
    fit: Fit, polygons: str | Path | GeoDataFrame | Mapping[str, Any] | None, code: str | None = None
) -> GeoDataFrame:
    """Return the polygons given, or those of the study, by code."""
    from bayesmodel.plots.map_sheet import polygons_for, polygons_of

    return polygons_of(polygons_for(fit, polygons), fit.counts.areas.codes, code)


def _own_shapes(fit: Fit) -> GeoDataFrame | DataError | None:
    """Return the polygons that the study names, or why they cannot be read: results do not fail on them."""
    if fit.study.boundaries is None or find_spec("geopandas") is None or find_spec("matplotlib") is None:
        return None
    try:
        return _shapes(fit, None)
    except DataError as error:
        return error


def without_workbook(language: Language) -> tuple[str, ...]:
    """Say that a workbook is left out and how to get it, where its library is not installed; else nothing."""
    return () if find_spec("xlsxwriter") else (WITHOUT_WORKBOOK[language],)


def _write(
    tables: Tables, draft: Path, formats: tuple[str, ...] | None, shapes: GeoDataFrame | DataError | None
) -> None:
    """Write tables in some formats, or in all that can be written here, and what belongs to them."""
    fit, language, notes = tables.fit, tables.language, tables.notes()
    left_out = list(without_workbook(language) if formats is None else ())
    if formats is None:
        formats = BY_DEFAULT[1:] if left_out else BY_DEFAULT
    if "xlsx" in formats and max(map(len, tables.frames.values())) > MOST_ROWS:
        formats = tuple(each for each in formats if each != "xlsx")
        left_out.append(TOO_LONG[language].format(rows=number(MOST_ROWS, ",", language)))
    if isinstance(shapes, DataError):
        left_out.append(WITHOUT_GEOPACKAGE[language].format(why=shapes))
    mark = "" if fit.diagnostics.converged else "_not_converged"
    about, written = _about(tables), list[TableFile]()
    for name, table in tables.frames.items():
        stem, columns = file_name(name) + mark, tables.columns(name)
        if "csv" in formats:
            write_csv(table, draft / f"{stem}.csv")
            write_csv_description(draft / f"{stem}.csv", columns, notes, tables.title, language)
            written.append(TableFile(f"{stem}.csv", file_name(name), columns, table, "code"))
        if "excel-csv" in formats:
            write_csv_for_excel(table, draft / f"{stem}-excel.csv", columns, notes, language)
            written.append(TableFile(f"{stem}-excel.csv", file_name(name), columns, table, "excel"))
        if "parquet" in formats:
            write_parquet(table, draft / f"{stem}.parquet", columns, about, language)
            written.append(TableFile(f"{stem}.parquet", file_name(name), columns, table))
        if name == fit.study.area:
            neutralised(codebook(fit)).to_csv(draft / "codebook.csv", lineterminator="\n")
    if "xlsx" in formats:
        write_workbook(tables, draft / f"tables{mark}.xlsx")
        written += [
            TableFile(f"tables{mark}.xlsx", file_name(name), tables.columns(name), tables.frames[name], "sheet", sheet)
            for name, sheet in sheets_of(tables).items()
        ]
    if "long" in formats:
        written += _write_long(tables, draft, f"long{mark}", about)
    if "geopackage" in formats and shapes is not None and not isinstance(shapes, DataError):
        from bayesmodel.tables.geopackage import write_geopackage

        write_geopackage(tables, draft / f"tables{mark}.gpkg", shapes)
        written += [
            TableFile(f"tables{mark}.gpkg", file_name(name), tables.columns(name), table, "layer")
            for name, table in tables.frames.items()
        ]
    (draft / MARK).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (draft / README[language]).write_text(
        "\n\n".join([tables.title, *notes, *_remarked(tables), *left_out]) + "\n", encoding="utf-8"
    )
    write_data_package(tables, draft, written)
    write_research_crate(tables, draft)


def _write_long(tables: Tables, draft: Path, stem: str, about: Mapping[str, Any]) -> list[TableFile]:
    """Write the long table as csv and Parquet."""
    table, columns = long_table(tables), long_columns(tables)
    neutralised(table).to_csv(draft / f"{stem}.csv", index=False, lineterminator="\n")
    write_csv_description(draft / f"{stem}.csv", columns, tables.notes(), tables.title, tables.language)
    write_parquet(table, draft / f"{stem}.parquet", columns, about, tables.language)
    return [
        TableFile(f"{stem}.csv", "long", columns, table, "code"),
        TableFile(f"{stem}.parquet", "long", columns, table),
    ]


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
