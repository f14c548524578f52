"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

StudyFile = Annotated[Path, typer.Argument(metavar="STUDY", help="The study file (study.toml).", show_default=False)]
Out = Annotated[Path, typer.Option(help="Folder for the results; made whole or not at all.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the results folder when it exists.")]
AcceptUnconverged = Annotated[
    bool, typer.Option("--accept-unconverged", help="Write results that may not be relied on; every file says so.")
]
