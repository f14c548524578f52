"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study file (study.toml).", show_default=False)]
FitOrFolder = Annotated[
    Path, typer.Argument(metavar="FIT", help="A saved fit (fit.nc), or its results folder.", show_default=False)
]
Places = Annotated[
    list[str],
    typer.Argument(metavar="PLACE...", help="Areas or groups of a level, by code or by name.", show_default=False),
]
Gemeente = Annotated[
    str | None, typer.Option("--gemeente", help="Only the areas in this gemeente, by code or by name.")
]
Within = Annotated[str | None, typer.Option("--within", help="Only the areas in this group of any level.")]
Expectation = Annotated[
    str | None, typer.Option("--to", help="Expectation to hold use against, such as determinants or gemeente.")
]
Actual = Annotated[bool, typer.Option("--actual", help="Actual use, with chance in it, instead of underlying use.")]
TableOut = Annotated[Path | None, typer.Option("--out", help="File for the table too, as csv.")]
Unconverged = Annotated[bool, typer.Option("--accept-unconverged", help="Read draws that may not be relied on.")]
Out = Annotated[Path, typer.Option(help="Folder for the results; made whole or not at all.")]
Force = Annotated[bool, typer.Option("--force", help="Replace older results of the same name.")]
AcceptUnconverged = Annotated[
    bool, typer.Option("--accept-unconverged", help="Write results that may not be relied on; every file says so.")
]
Draws = Annotated[int | None, typer.Option(help="Draws per chain, instead of the study's.")]
Tune = Annotated[int | None, typer.Option(help="Warm-up steps per chain, instead of the study's.")]
Seed = Annotated[int | None, typer.Option(help="Seed of the draws, instead of the study's.")]
Engine = Annotated[str | None, typer.Option(help="nuts or laplace, instead of the study's.")]
