"""`bayesmodel rank FIT`: which places are the highest, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import Actual, Expectation, FitOrFolder, Force, TableOut, Unconverged

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.ranks import Ranks


def rank(
    fit: FitOrFolder,
    level: Annotated[str | None, typer.Option(help="Rank the groups of a level, such as gemeente.")] = None,
    to: Expectation = None,
    actual: Actual = False,
    highest: Annotated[int, typer.Option(min=1, help="How many to show, and to count as the highest.")] = 10,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Rank all areas, or the groups of a level, with intervals of the ranks.

    The last column holds between which ranks a place lies when all places are looked at together.
    """
    from rich.console import Group

    from bayesmodel.cli.reading import beside_groups, keep, reading
    from bayesmodel.cli.voice import voice
    from bayesmodel.errors import UnknownNameError
    from bayesmodel.estimates.rank import rank as ranked
    from bayesmodel.messages import _

    of = "actual" if actual else "underlying"
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        if level is not None and level not in loaded.study.level_names:
            raise UnknownNameError(_("level"), level, loaded.study.level_names)
        found = ranked(loaded, level, f"use.{of}" if to is None else f"difference.{of}.{to}")
        table = found.summary(highest=highest).join(found.rank_sets())
        beside = [] if level is None else beside_groups(loaded, level)
        keep(table, out)
        data = {
            "quantity": found.definition.name,
            "interval": loaded.study.report.interval,
            "places": len(table),
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
    return shown(
        title,
        {_("code"): table.index, _("name"): table["name"]},
        {
            _("expected rank"): written(table["expected_rank"], ",.1f"),
            interval: between(table, ",.0f"),
            _("P(top {count})").format(count=count): chances(table[among]),
            _("all together"): between(table, ",.0f", "highest_rank", "lowest_rank"),
        },
    )
