"""`bayesmodel rank FIT`: which places are the highest, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import Actual, Expectation, FitOrFolder, Force, Gemeente, TableOut, Unconverged, Within

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.ranks import Ranks


def rank(
    fit: FitOrFolder,
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PLACE", help="Places to rank, by code or by name; one gemeente: its areas.", show_default=False
        ),
    ] = None,
    level: Annotated[str | None, typer.Option(help="Rank the groups of a level, such as gemeente.")] = None,
    gemeente: Gemeente = None,
    within: Within = None,
    to: Expectation = None,
    actual: Actual = False,
    highest: Annotated[int, typer.Option(min=1, help="How many to show, and to count as the highest.")] = 10,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Rank all areas, those of one gemeente, or the groups of a level, with intervals of the ranks.

    The last column holds between which ranks a place lies when all places are looked at together.
    """
    from rich.console import Group

    from bayesmodel.cli.reading import beside_groups, group_asked, keep, reading
    from bayesmodel.cli.voice import voice
    from bayesmodel.errors import ComparisonError, UnknownNameError
    from bayesmodel.estimates.places import codes_within
    from bayesmodel.estimates.rank import rank as ranked
    from bayesmodel.messages import _

    of = "actual" if actual else "underlying"
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        if level is not None and level not in loaded.study.level_names:
            raise UnknownNameError(_("level"), level, loaded.study.level_names)
        group = group_asked(loaded, gemeente, within)
        if places and (group or level) is not None:
            raise ComparisonError(_("Places are named, and a level or group is asked too. Give one of them."))
        among = places or level
        if group is not None:
            among = codes_within(loaded.counts, group, level)
        with voice().stage(_("rank")):
            found = ranked(loaded, among, f"use.{of}" if to is None else f"difference.{of}.{to}")
            table = found.summary(highest=highest).join(found.rank_sets())
            beside = [] if among is None else beside_groups(loaded, among)
        keep(table, out)
        data = {
            "quantity": found.definition.name,
            "interval": loaded.study.report.interval,
            "places": len(table),
            "within": found.estimate.draws.attrs.get("extent") or None,
            "ranks": table.head(highest).reset_index().to_dict(orient="records"),
            "notes": beside,
        }
        voice().answer(Group(_table(found, highest), *beside), data)


def _table(found: Ranks, highest: int) -> RenderableType:
    """Return the places with the highest expected rank."""
    from bayesmodel.cli.reading import between, chances, shown, written
    from bayesmodel.messages import _, language, number

    table = found.summary(highest=highest).join(found.rank_sets()).head(highest)
    label = found.definition.label[language()]
    interval = _("{percent}% interval").format(percent=number(100 * found.estimate.report.interval, "g"))
    among = next(str(name) for name in table if str(name).startswith("p_among_"))
    count = number(int(among.removeprefix("p_among_")))
    title = _("{what}, the highest {shown} of {all}").format(
        what=label[:1].upper() + label[1:], shown=number(len(table)), all=number(len(found.names))
    )
    extent = found.estimate.draws.attrs.get("extent")
    return shown(
        f"{extent}: {title}" if extent else title,
        {_("code"): table.index, _("name"): table["name"]},
        {
            _("expected rank"): written(table["expected_rank"], ",.1f"),
            interval: between(table, ",.0f"),
            _("P(top {count})").format(count=count): chances(table[among]),
            _("all together"): between(table, ",.0f", "highest_rank", "lowest_rank"),
        },
    )
