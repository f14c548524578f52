"""`bayesmodel example`: the whole way on the built-in, invented country."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, Engine, Force, Out


def example(
    out: Out = Path("example-results"),
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
    areas: Annotated[int, typer.Option(help="Wijken in the invented country.")] = 2918,
    gemeenten: Annotated[int, typer.Option(help="Gemeenten they lie in.")] = 388,
    regions: Annotated[int, typer.Option(help="Youth-care regions the gemeenten lie in.")] = 42,
    engine: Engine = None,
) -> None:
    """Analyse an invented country of national size; nothing is downloaded and the truth is known."""
    from bayesmodel.cli.stages import carry_out
    from bayesmodel.cli.studies import instead
    from bayesmodel.sources import example_study

    study = instead(example_study(areas=areas, gemeenten=gemeenten, regions=regions), engine=engine)
    carry_out(study, out, force=force, accept_unconverged=accept_unconverged)
