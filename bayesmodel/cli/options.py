"""Arguments and options shared by commands, and overrides of a study from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.study import Study, read_study, study_from

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study file (study.toml).", show_default=False)]
FitOrFolder = Annotated[
    Path, typer.Argument(metavar="FIT", help="A saved fit (fit.nc), or its results folder.", show_default=False)
]
Areas = Annotated[
    list[str],
    typer.Argument(metavar="AREA...", help="Areas or groups of a level, by code or by name.", show_default=False),
]
Gemeente = Annotated[
    str | None, typer.Option("--gemeente", help="Only the areas in this gemeente, by code or by name.")
]
Within = Annotated[str | None, typer.Option("--within", help="Only the areas in this group of any level.")]
ExpectationOption = Annotated[
    str | None,
    typer.Option("--expectation", help="Expectation to compare use with, such as determinants or gemeente_others."),
]
Actual = Annotated[bool, typer.Option("--actual", help="Actual use, with chance in it, instead of underlying use.")]
Polygons = Annotated[
    Path | None,
    typer.Option(help="A GeoPackage, GeoJSON or shapefile with a polygon per area. The example has its own."),
]
CodeColumn = Annotated[
    str | None, typer.Option(help="Column of the polygons with the codes; found by what is in it when left out.")
]
StyleFile = Annotated[
    Path | None,
    typer.Option("--style", help='House style: toml with accent = "#00539f", font, logo, logo_text, word_template.'),
]
TableOut = Annotated[Path | None, typer.Option("--out", help="File for the table too, as csv.")]
Unconverged = Annotated[bool, typer.Option("--accept-unconverged", help="Read draws that may not be relied on.")]
Out = Annotated[Path, typer.Option(help="Folder for the results; made whole or not at all.")]
Force = Annotated[bool, typer.Option("--force", help="Replace older results of the same name.")]
AcceptUnconverged = Annotated[
    bool, typer.Option("--accept-unconverged", help="Write results that may not be relied on; every file says so.")
]
Draws = Annotated[
    int | None,
    typer.Option(help="Draws per chain, instead of the study's. With Laplace: that number times inference.chains."),
]
Tune = Annotated[int | None, typer.Option(help="Warm-up steps per chain of NUTS, instead of the study's.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the draws, instead of the study's.")]
Engine = Annotated[str | None, typer.Option(help="nuts or laplace, instead of the study's.")]


def read_with(path: Path, **choices: int | str | None) -> Study:
    """Read a study and override its inference.

    Parameters
    ----------
    path : Path
        The study file.
    choices : int, str or None
        As for `instead`.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        The file or an override is invalid.
    """
    return instead(read_study(path), **choices)


def rows_where(study: Study, column: str, value: str) -> Study:
    """Return the study of the rows of its first table that have a value in a column."""
    base, *others = study.tables
    chosen = base.model_copy(update={"where": base.where | {column: value}})
    return study.model_copy(update={"tables": (chosen, *others)})


def instead(study: Study, **choices: int | str | None) -> Study:
    """Return a study with other values of its `inference`; None keeps the study's own.

    Raises
    ------
    StudyError
        An override is invalid.
    """
    values = study.model_dump()
    values["inference"] |= {name: value for name, value in choices.items() if value is not None}
    return study_from(values)
