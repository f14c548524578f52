"""The program `bayesmodel`: its commands with examples for their help, and what it prints without a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from bayesmodel import __version__
from bayesmodel.cli.analyse import example, fit, run
from bayesmodel.cli.check_boundaries import check_boundaries
from bayesmodel.cli.check_data import check_data, model
from bayesmodel.cli.check_fit import check
from bayesmodel.cli.compare_areas import compare, explain, rank
from bayesmodel.cli.console import Reporter, reporter, use_reporter
from bayesmodel.cli.export_results import export
from bayesmodel.cli.fetch_tables import fetch
from bayesmodel.cli.fit_outcomes import accumulation, outcomes
from bayesmodel.cli.fit_years import change, years
from bayesmodel.cli.inspect import PlotCommand, plot, show, variance
from bayesmodel.cli.local_command import explain_locally
from bayesmodel.cli.open_results import open_
from bayesmodel.cli.study_init import init
from bayesmodel.cli.typer_group import Command, Group, Program
from bayesmodel.cli.write_card import card
from bayesmodel.cli.write_reports import map_, report
from bayesmodel.messages import Language, _, choose_language

START, ANALYSE, READ = "To start with", "To analyse a study", "To read a fit"

app = typer.Typer(
    name="bayesmodel",
    cls=Program,
    help="Expected use of care per small area, with its uncertainty. Hidden counts are in the model, not filled in.",
    epilog="Exit codes: 0 done, 2 a fault in the study, the data or the usage, 3 not converged, 4 not written, "
    "130 stopped.",
    pretty_exceptions_enable=False,
)


def _add(
    command: Callable[..., Any], panel: str, *examples: str, group: typer.Typer = app, cls: type[Command] = Command
) -> None:
    """Add a command, named after its function, with the examples of its help; `map_` is `map`."""
    name = command.__name__.strip("_").replace("_", "-")
    group.command(name, cls=cls, rich_help_panel=panel, epilog="\n".join(examples))(command)


_add(example, START, "bayesmodel example", "bayesmodel example --areas 300 --gemeenten 40 --regions 5")
_add(
    fetch,
    START,
    "bayesmodel fetch --list",
    "bayesmodel fetch jeugdhulp --year 2017",
    "bayesmodel fetch jeugdhulp --year 2015:2019",
    "bayesmodel fetch jeugdhulp --year 2024 --refresh --force",
    "bayesmodel fetch jeugdhulp --year 2023 --table kwb=12345NED",
)
study = typer.Typer(name="study", cls=Group, help="Make a study of your own tables.", no_args_is_help=True)
app.add_typer(study, rich_help_panel=START)
_add(
    init, START, "bayesmodel study init wijken.xlsx --year 2023", "bayesmodel study init counts.csv gm.csv", group=study
)
_add(check_data, START, "bayesmodel check-data study.toml", "bayesmodel check-data study.toml --json > report.json")
_add(
    check_boundaries,
    START,
    "bayesmodel check-boundaries wijken.gpkg --study study.toml",
    "bayesmodel check-boundaries wijken.geojson --neighbours pairs.csv --simplified light.gpkg",
)
_add(model, ANALYSE, "bayesmodel model study.toml")
_add(run, ANALYSE, "bayesmodel run study.toml --out results", "bayesmodel run study.toml --draws 2000 --force")
_add(fit, ANALYSE, "bayesmodel fit study.toml --out fit.nc")
_add(
    years,
    ANALYSE,
    "bayesmodel years 2022.toml 2023.toml 2024.toml --out years",
    "bayesmodel years study.toml --column jaar --year 2022 --year 2023 --year 2024",
    "bayesmodel years 2025.toml --earlier years --out years-2025",
)
_add(
    outcomes,
    ANALYSE,
    "bayesmodel outcomes youth=youth.toml wmo=wmo.toml --out together",
    "bayesmodel outcomes 18-65=younger.toml 65+=older.toml --sum",
)
_add(show, READ, "bayesmodel show results", "bayesmodel show results --json")
_add(check, READ, "bayesmodel check results", "bayesmodel check fit.nc --full --out check.html")
_add(
    card, READ, "bayesmodel card results --out card.html", "bayesmodel card fit.nc --out kaart.md --report-language nl"
)
_add(
    compare,
    READ,
    "bayesmodel compare results WK036301 WK036302 GM0363",
    "bayesmodel compare fit.nc WK036301 WK036302 --expectation gemeente_others --out pairs.csv",
)
_add(
    rank,
    READ,
    "bayesmodel rank results --expectation determinants",
    "bayesmodel rank results --gemeente GM0363",
    "bayesmodel rank fit.nc --level gemeente --highest 20",
)
_add(
    explain,
    READ,
    "bayesmodel explain results WK036301 GM0363",
    "bayesmodel explain fit.nc WK036301 --expectation gemeente_others",
)
_add(
    change,
    READ,
    "bayesmodel change years --level gemeente",
    "bayesmodel change years WK036301 GM0363 --from 2022 --to 2024",
    "bayesmodel change years --relative --out change.csv",
)
_add(
    accumulation,
    READ,
    "bayesmodel accumulation together",
    "bayesmodel accumulation together --level gemeente --margin 0.2",
    "bayesmodel accumulation together WK036301 GM0363 --out accumulation.csv",
)
_add(
    explain_locally,
    READ,
    "bayesmodel explain-locally results --table haaglanden.csv --determinants pupils_at_risk,waiting_weeks",
    "bayesmodel explain-locally fit.nc --table extra.xlsx --determinants institution --gemeente GM0518 --missing x",
)
_add(variance, READ, "bayesmodel variance results", "bayesmodel variance fit.nc --people 500 --null null.nc")
_add(
    plot,
    READ,
    "bayesmodel plot results forest WK036301 WK036302 GM0363 --out forest.png",
    "bayesmodel plot results caterpillar WK036301 --expectation gemeente_others --out all.svg --language en",
    "bayesmodel plot results ranks --gemeente Amsterdam --out ranks.png",
    "bayesmodel plot fit.nc map-verdict --polygons wijken.gpkg --code wk_code --out map.png",
    cls=PlotCommand,
)
_add(
    map_,
    READ,
    "bayesmodel map results --polygons wijken.gpkg --out map.html",
    "bayesmodel map fit.nc --polygons wijken.geojson --code wk_code --report-language en",
)
_add(
    report,
    READ,
    "bayesmodel report results GM0034 --polygons wijken.gpkg",
    "bayesmodel report results --format html,docx --explanations toelichting.toml --out rapporten",
    "bayesmodel report results WK003401 --format docx,pdf --style huisstijl.toml",
    "bayesmodel report results GM0034 --sheets",
)
_add(
    open_,
    READ,
    "bayesmodel open results --polygons wijken.gpkg",
    "bayesmodel open fit.nc --style huisstijl.toml --no-browser",
)
_add(
    export,
    READ,
    "bayesmodel export fit.nc",
    "bayesmodel export results --format xlsx --report-language en",
    "bayesmodel export results --format geopackage,long --polygons wijken.gpkg",
)


@app.callback(invoke_without_command=True)
def bayesmodel(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
    language: Annotated[
        Language | None,
        typer.Option(
            help="Language of messages; when left out that of the environment, and of the study once its fit is read. "
            "With every command."
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only results and errors. With every command.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Answer with one JSON object on stdout. With every command.")
    ] = False,
) -> None:
    """Handle the options that precede a command."""
    choose_language(language)
    use_reporter(Reporter(quiet, as_json))
    if version:
        reporter().answer(f"bayesmodel {__version__}", {"version": __version__})
    elif context.invoked_subcommand is None:
        welcome()


def welcome() -> None:
    """Print the first steps."""
    steps = {
        "bayesmodel example": _("see what comes out, on an invented country (minutes)"),
        "bayesmodel fetch --list": _("tables of CBS that can be fetched, by subject and year"),
        "bayesmodel study init " + _("TABLE"): _("a study of your own table, with what is left for you to say"),
        "bayesmodel check-data study.toml": _("your own study: what was read, and what was assumed"),
        "bayesmodel run study.toml": _("from the study to tables for a report"),
        "bayesmodel show results/fit.nc": _("how well it went, and what explains use"),
    }
    width = max(map(len, steps))
    lines = [
        f"bayesmodel {__version__}: "
        + _(
            "expected use of care per small area, with its uncertainty; hidden counts are in the model, not filled in."
        ),
        "",
        _("What to do first:"),
        *(f"  {command:{width}}  {purpose}" for command, purpose in steps.items()),
        "",
        _("All commands: bayesmodel --help. One of them: bayesmodel run --help."),
    ]
    reporter().answer("\n".join(lines), {"version": __version__, "first": list(steps)})
