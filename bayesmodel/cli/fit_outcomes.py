"""Several outcomes as one model, where they are high at once: `bayesmodel outcomes` and `bayesmodel accumulation`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import (
    AcceptUnconverged,
    Draws,
    Engine,
    Force,
    Out,
    Seed,
    TableOut,
    Unconverged,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.accumulation import Accumulation
    from bayesmodel.inference.fit import Fit
    from bayesmodel.study import Study


def outcomes(
    studies: Annotated[
        list[str],
        typer.Argument(
            metavar="[NAME=]STUDY...",
            help="A study file for each outcome, with its name; without a name that of the file, or of its folder.",
            show_default=False,
        ),
    ],
    out: Out = Path("outcomes"),
    column: Annotated[
        str | None, typer.Option(help="Column of the group in the table of a single study, such as leeftijd.")
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME=]VALUE", help="A group to take from that column, such as 0-17; give it for each."),
    ] = None,
    add_up: Annotated[
        bool,
        typer.Option(
            "--sum", help="Add outcomes up too: where they count different people of one whole, such as age groups."
        ),
    ] = False,
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
    draws: Draws = None,
    seed: Seed = None,
    engine: Engine = "laplace",
) -> None:
    """Fit several outcomes of the same areas as one model: provisions, or age groups.

    What is counted of one outcome tells of another, most where counts are small or hidden. Written are the results of
    each, where use of all at once is higher or lower than expected (accumulation), and how outcomes go together.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.options import read_with
    from bayesmodel.cli.stages import INDENT, checked, judged, say_far_counts, say_what_is_left_out
    from bayesmodel.data.counted_twice import refuse_overlapping_ages
    from bayesmodel.estimates.summed_outcomes import summed_notes
    from bayesmodel.files import refuse_existing
    from bayesmodel.inference.outcomes_fit import fit_outcomes
    from bayesmodel.messages import _, language
    from bayesmodel.report.outcomes_folder import refuse_names, write_outcomes

    named = _named(studies)
    groups = _groups(group or [])
    refuse_names([name for name, _value in groups] or [name for name, _path in named])
    refuse_existing(out, force=force)
    read = {name: read_with(path, draws=draws, seed=seed, engine=engine) for name, path in named}
    of_outcomes = {name: checked(study, name) for name, study in _of_each_group(read, column, groups).items()}
    if add_up:
        refuse_overlapping_ages(of_outcomes)
        for note in summed_notes(of_outcomes, language()):
            reporter().say(note, INDENT)
    with reporter().stage(_("fit")), reporter().sampling() as report:
        fitted = fit_outcomes(of_outcomes, progress=report, notify=lambda message: reporter().say(message, INDENT))
    reporter().say(judged(fitted.diagnostics), INDENT)
    for note in fitted.joined.notes:
        reporter().say(note, INDENT)
    say_far_counts(fitted)
    with reporter().stage(_("estimate and write")):
        written = write_outcomes(fitted, out, add_up=add_up, force=force, accept_unconverged=accept_unconverged)
    say_what_is_left_out()
    files = [path.name for path in written]
    shown = _("Results in {folder}: {files}").format(folder=out, files=", ".join(files))
    reporter().answer(shown, {"folder": out, "files": files, "outcomes": list(fitted)})


def _named(studies: list[str]) -> list[tuple[str, Path]]:
    """Return the name and the study file of each outcome: the name given, that of the file, or that of its folder."""
    given: list[tuple[str, Path]] = []
    for text in studies:
        name, sign, rest = text.partition("=")
        given.append((name, Path(rest)) if sign and not Path(text).exists() else ("", Path(text)))
    unnamed = [path for name, path in given if not name]
    same = len({path.stem for path in unnamed}) < len(unnamed)
    return [(name or (path.resolve().parent.name if same else path.stem), path) for name, path in given]


def _groups(given: list[str]) -> list[tuple[str, str]]:
    """Return the name and the value of each group; without a name it is called after its value."""
    parts = [text.partition("=") for text in given]
    return [(name, value if sign else name) for name, sign, value in parts]


def _of_each_group(studies: dict[str, Study], column: str | None, chosen: list[tuple[str, str]]) -> dict[str, Study]:
    """Return a study for each outcome: those given, or one whose first table holds rows of several groups."""
    from bayesmodel.cli.options import rows_where
    from bayesmodel.errors import ComparisonError
    from bayesmodel.messages import _

    if column is None and not chosen:
        return studies
    if column is None or not chosen or len(studies) != 1 or not next(iter(studies.values())).tables:
        raise ComparisonError(
            _("To take groups from one table give one study, the --column of the group, and --group for each group.")
        )
    [study] = studies.values()
    return {name: rows_where(study, column, value) for name, value in chosen}


def accumulation(
    folder: Annotated[
        Path, typer.Argument(metavar="OUTCOMES", help="The folder that `bayesmodel outcomes` made.", show_default=False)
    ],
    areas: Annotated[
        list[str] | None,
        typer.Argument(metavar="AREA", help="Areas or groups, by code or by name; all when left out."),
    ] = None,
    level: Annotated[str | None, typer.Option(help="The groups of a level, such as gemeente.")] = None,
    expectation: Annotated[str, typer.Option(help="Expectation to compare use with.")] = "determinants",
    margin: Annotated[float | None, typer.Option(help="Difference that counts as expected, 0.1 for 10%.")] = None,
    highest: Annotated[int, typer.Option(min=1, help="How many to show of each end.")] = 10,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Say where use of several outcomes is higher, or lower, than expected all at once, with probabilities.

    Areas are counted, not persons: that two provisions are high in one area does not say that the same people use both.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import both_ends, keep, level_asked, opened, reading
    from bayesmodel.errors import ComparisonError
    from bayesmodel.estimates.accumulation import accumulation as accumulated
    from bayesmodel.estimates.verdict_rule import VerdictRule
    from bayesmodel.messages import _, language

    if areas and level is not None:
        raise ComparisonError(_("Areas are named, and a level is asked too. Give one of them."))
    names = _outcomes_in(folder)
    with reading(folder / names[-1], out, force=force, accept_unconverged=accept_unconverged) as last:
        chosen = areas or level_asked(last, level)
        fits = {name: opened(folder / name) for name in names[:-1]} | {names[-1]: last}
        with reporter().stage(_("compare")):
            rule = None if margin is None else VerdictRule(margin=margin)
            result = accumulated(_in_order(fits), chosen, expectation, rule)
            table = result.summary()
        keep(table, out)
        data = {
            "outcomes": list(result.ratios),
            "expectation": expectation,
            "interval": last.study.report.interval,
            "verdicts": result.counts["areas"].to_dict(),
            "notes": list(result.notes_in(language())),
            "areas": both_ends(table, highest).reset_index().to_dict(orient="records"),
            "not_shown": len(table) - len(both_ends(table, highest)),
        }
        reporter().answer(_shown(result, highest), data)


def _outcomes_in(folder: Path) -> list[str]:
    """Return the names of the outcomes in a folder."""
    from bayesmodel.errors import FitFileError
    from bayesmodel.messages import _

    names = sorted(path.parent.name for path in folder.glob("*/fit.nc"))
    if len(names) < 2:
        said = _("{folder} holds no fits of two or more outcomes. `bayesmodel outcomes` makes such a folder.")
        raise FitFileError(said.format(folder=folder))
    return names


def _in_order(fits: dict[str, Fit]) -> dict[str, Fit]:
    """Return fits in the order in which the outcomes were given when they were fitted."""
    from bayesmodel.inference.outcomes_fit import OUTCOMES

    first = next(iter(fits.values())).provenance.get(OUTCOMES, {}).get("all", [])
    order = {name: place for place, name in enumerate(first)}
    return dict(sorted(fits.items(), key=lambda each: order.get(each[0], len(order))))


def _shown(result: Accumulation, highest: int) -> RenderableType:
    """Return how many areas have each verdict, and those that are most surely higher and lower in all."""
    from rich.console import Group

    from bayesmodel.cli.fit_output import chances, ends_of, shown, written
    from bayesmodel.estimates.accumulation import IN_ALL
    from bayesmodel.messages import _, language

    said, ends, note = ends_of(result.summary(), result.classes, IN_ALL, highest)
    title = _("Use over expected use: {names}").format(names=", ".join(result.ratios))
    rows = shown(
        title,
        {
            _("code"): ends.index,
            _("name"): ends["name"],
            _("verdict"): [IN_ALL[result.classes[code]][language()] for code in ends.index],
        },
        {
            **{name: written(ends[f"ratio_{name}"], ".2f") for name in result.ratios},
            _("P(higher in all)"): chances(ends["p_all_higher"]),
            _("P(lower in all)"): chances(ends["p_all_lower"]),
        },
    )
    return Group(said, "", rows, *note, *result.notes_in(language()))
