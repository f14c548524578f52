"""The program `bayesmodel`: its commands, and how a failure leaves it."""

from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from bayesmodel import __version__
from bayesmodel.cli.check_data import check_data
from bayesmodel.cli.example import example
from bayesmodel.cli.model import model
from bayesmodel.cli.run import run
from bayesmodel.errors import BayesModelError, ConvergenceError

FAILED, NOT_CONVERGED, INTERRUPTED = 1, 3, 130
"""Exit codes beside 0 (done) and 2 (wrong usage, given by typer)."""


class Commands(TyperGroup):
    """Commands whose failures end in a message for the user and an exit code, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; `ctx` is what typer read from the command line."""
        try:
            return super().invoke(ctx)
        except ConvergenceError as error:
            _stop(str(error), NOT_CONVERGED)
        except BayesModelError as error:
            _stop(str(error), FAILED)
        except KeyboardInterrupt:
            _stop("Stopped by Ctrl-C; nothing was written.", INTERRUPTED)


app = typer.Typer(
    name="bayesmodel",
    cls=Commands,
    help="Expected use of care per small area, with its uncertainty. Hidden counts are in the model, not filled in.",
    epilog="Start with: bayesmodel example",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command(epilog="Example: bayesmodel run study.toml --out results")(run)
app.command(epilog="Example: bayesmodel example --areas 300 --gemeenten 40 --regions 5")(example)
app.command("check-data", epilog="Example: bayesmodel check-data study.toml")(check_data)
app.command(epilog="Example: bayesmodel model study.toml")(model)


@app.callback(invoke_without_command=True)
def bayesmodel(version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False) -> None:
    """Answer the options that come before a command."""
    if version:
        typer.echo(f"bayesmodel {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the program with the arguments of the command line."""
    app()


def _stop(message: str, code: int) -> NoReturn:
    """Print `message` in red on stderr and leave with `code`."""
    Console(stderr=True, highlight=False).print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(code)
