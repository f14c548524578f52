"""Several years as one model, and what changed between them: `bayesmodel years` and `bayesmodel change`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, Draws, Engine, Force, Out, Seed, TableOut, Unconverged

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.change import Change
    from bayesmodel.inference.fit import Fit
    from bayesmodel.study import Study


def years(
    studies: Annotated[
        list[Path],
        typer.Argument(
            metavar="STUDY...", help="A study file for each year; or one, with --column.", show_default=False
        ),
    ],
    out: Out = Path("years"),
    earlier: Annotated[
        Path | None,
        typer.Option(help="A folder that `bayesmodel years` made: its years are taken from it.", show_default=False),
    ] = None,
    column: Annotated[
        str | None, typer.Option(help="Column of the year in the table of a single study, such as jaar.")
    ] = None,
    year: Annotated[list[int] | None, typer.Option(help="A year to take from that column; give it for each.")] = None,
    effects: Annotated[
        str | None,
        typer.Option(
            help="How years hang together: walk (each near the one before it, also when left out) or independent.",
            show_default=False,
        ),
    ] = None,
    areas: Annotated[
        bool, typer.Option("--areas", help="A walk for each area too, beside those of the country and its groups.")
    ] = False,
    space: Annotated[
        bool, typer.Option("--space", help="Effects of space (model.space of the studies) change over the years too.")
    ] = False,
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
    draws: Draws = None,
    seed: Seed = None,
    engine: Engine = "laplace",
) -> None:
    """Fit several years as one model, and write the results of each and what changed.

    Areas, gemeenten and regions keep an effect of their own over the years, so that each year is estimated from all of
    them, and a change has the interval that belongs to it. Hidden counts may be in every year. Areas whose boundaries
    changed are not followed.
    """
    from typing import cast, get_args

    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.options import read_with
    from bayesmodel.cli.stages import INDENT, checked, judged, say_far_counts, say_what_is_left_out
    from bayesmodel.errors import UnknownNameError
    from bayesmodel.files import refuse_existing
    from bayesmodel.inference.years_fit import fit_years
    from bayesmodel.messages import _
    from bayesmodel.model.time import YearEffects
    from bayesmodel.report.years_folder import write_years

    if effects is not None and effects not in get_args(YearEffects):
        raise UnknownNameError(_("kind of effects of years"), effects, get_args(YearEffects))
    refuse_existing(out, force=force)
    before = [] if earlier is None else _all_of(earlier)
    read = [read_with(path, draws=draws, seed=seed, engine=engine) for path in studies]
    of_years = [checked(study, str(study.outcome.year)) for study in _of_each_year(read, column, year)]
    with reporter().stage(_("fit")), reporter().sampling() as report:
        fitted = fit_years(
            of_years,
            earlier=before,
            effects=cast("YearEffects | None", effects),
            areas=areas or None,
            space=space or None,
            progress=report,
            notify=lambda message: reporter().say(message, INDENT),
        )
    reporter().say(judged(fitted.diagnostics), INDENT)
    for note in fitted.joined.notes:
        reporter().say(note, INDENT)
    say_far_counts(fitted)
    with reporter().stage(_("estimate and write")):
        written = write_years(fitted, out, force=force, accept_unconverged=accept_unconverged)
    say_what_is_left_out()
    names = [path.name for path in written]
    shown = _("Results in {folder}: {files}").format(folder=out, files=", ".join(names))
    reporter().answer(shown, {"folder": out, "files": names, "years": list(fitted.years)})


def _of_each_year(studies: list[Study], column: str | None, chosen: list[int] | None) -> list[Study]:
    """Return a study for each year: those given, or one whose first table holds several years."""
    from bayesmodel.cli.options import rows_where
    from bayesmodel.errors import ComparisonError
    from bayesmodel.messages import _

    if column is None and not chosen:
        return studies
    if column is None or not chosen or len(studies) != 1 or not studies[0].tables:
        raise ComparisonError(
            _("To take years from one table give one study, the --column of the year, and --year for each year.")
        )
    [study] = studies
    return [
        rows_where(study, column, str(each)).model_copy(
            update={"outcome": study.outcome.model_copy(update={"year": each})}
        )
        for each in dict.fromkeys(chosen)
    ]


def change(
    folder: Annotated[
        Path, typer.Argument(metavar="YEARS", help="The folder that `bayesmodel years` made.", show_default=False)
    ],
    areas: Annotated[
        list[str] | None,
        typer.Argument(metavar="AREA", help="Areas or groups, by code or by name; all when left out."),
    ] = None,
    first: Annotated[int | None, typer.Option("--from", help="The earlier year; the first when left out.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="The later year; the last when left out.")] = None,
    level: Annotated[str | None, typer.Option(help="The groups of a level, such as gemeente.")] = None,
    relative: Annotated[
        bool, typer.Option("--relative", help="Beside the change of the country: did it change more?")
    ] = False,
    margin: Annotated[float | None, typer.Option(help="Change that counts as the same, 0.1 for 10%.")] = None,
    highest: Annotated[int, typer.Option(min=1, help="How many to show of each end.")] = 10,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Say how use changed between two years that were fitted together, with intervals and verdicts."""
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import both_ends, keep, level_asked, reading
    from bayesmodel.errors import ComparisonError
    from bayesmodel.estimates.change import change as changed
    from bayesmodel.estimates.verdict_rule import VerdictRule
    from bayesmodel.messages import _, language

    if areas and level is not None:
        raise ComparisonError(_("Areas are named, and a level is asked too. Give one of them."))
    begin, end = _ends(folder, first, last)
    with reading(folder / str(end), out, force=force, accept_unconverged=accept_unconverged) as after:
        chosen = areas or level_asked(after, level)
        before = _of_year(folder, begin)
        with reporter().stage(_("compare")):
            rule = None if margin is None else VerdictRule(margin=margin)
            result = changed(before, after, chosen, relative=relative, rule=rule)
            table = result.summary()
        keep(table, out)
        data = {
            "years": [begin, end],
            "relative": relative,
            "interval": after.study.report.interval,
            "verdicts": result.counts["areas"].to_dict(),
            "notes": list(result.notes_in(language())),
            "areas": both_ends(table, highest).reset_index().to_dict(orient="records"),
            "not_shown": len(table) - len(both_ends(table, highest)),
        }
        reporter().answer(_shown(result, highest), data)


def _years_in(folder: Path) -> list[int]:
    """Return the years of a folder that `bayesmodel years` made."""
    from bayesmodel.errors import FitFileError
    from bayesmodel.messages import _

    there = sorted(int(path.parent.name) for path in folder.glob("[0-9]*/fit.nc") if path.parent.name.isdigit())
    if len(there) < 2:
        said = _("{folder} holds no fits of two or more years. `bayesmodel years` makes such a folder.")
        raise FitFileError(said.format(folder=folder))
    return there


def _all_of(folder: Path) -> list[Fit]:
    """Load the fits of all years of a folder."""
    return [_of_year(folder, year) for year in _years_in(folder)]


def _ends(folder: Path, first: int | None, last: int | None) -> tuple[int, int]:
    """Return the two years asked for, out of those there are."""
    from bayesmodel.errors import UnknownNameError
    from bayesmodel.messages import _

    there = _years_in(folder)
    for chosen in (first, last):
        if chosen is not None and chosen not in there:
            raise UnknownNameError(_("year"), str(chosen), map(str, there))
    return there[0] if first is None else first, there[-1] if last is None else last


def _of_year(folder: Path, year: int) -> Fit:
    """Load the fit of a year."""
    from bayesmodel.cli.fit_output import opened

    return opened(folder / str(year))


def _shown(result: Change, highest: int) -> RenderableType:
    """Return how many areas have each verdict, and those that rose and fell most surely."""
    from rich.console import Group

    from bayesmodel.cli.fit_output import between, ends_of, shown, written
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, language

    said, ends, note = ends_of(result.summary(), result.classes, result.words, highest)
    verdicts = [result.words[result.classes[code]][language()] for code in ends.index]
    interval = interval_name(result.points.report.interval)
    label = result.points.definition.label[language()]
    first, last = result.years
    points = ends.rename(columns={"points_lower": "lower", "points_upper": "upper"})
    rows = shown(
        label[:1].upper() + label[1:],
        {_("code"): ends.index, _("name"): ends["name"], _("verdict"): verdicts},
        {
            str(first): written(ends["share_before"], ".1%"),
            str(last): written(ends["share_after"], ".1%"),
            _("points"): written(ends["points"], "+.1f"),
            interval: between(points, "+.1f"),
        },
    )
    return Group(said, "", rows, *note, *result.notes_in(language()))
