"""Areas compared with each other: `bayesmodel compare`, `rank` and `explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import (
    Actual,
    Areas,
    ExpectationOption,
    FitOrFolder,
    Force,
    Gemeente,
    TableOut,
    Unconverged,
    Within,
)

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.compare import Comparison
    from bayesmodel.estimates.rank import Ranks


def rank(
    fit: FitOrFolder,
    areas: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="AREA", help="Areas to rank, by code or by name; one gemeente: its areas.", show_default=False
        ),
    ] = None,
    level: Annotated[str | None, typer.Option(help="Rank the groups of a level, such as gemeente.")] = None,
    gemeente: Gemeente = None,
    within: Within = None,
    expectation: ExpectationOption = None,
    actual: Actual = False,
    highest: Annotated[int, typer.Option(min=1, help="How many to show, and to count as the highest.")] = 10,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Rank all areas, those of one gemeente, or the groups of a level, with intervals of the ranks.

    The last column holds between which ranks an area lies when all areas are looked at together.
    """
    from rich.console import Group

    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import beside_groups, group_asked, keep, predicted_note, reading
    from bayesmodel.errors import ComparisonError, UnknownNameError
    from bayesmodel.estimates.lookup import codes_within
    from bayesmodel.estimates.rank import rank as ranked
    from bayesmodel.messages import _

    of = "actual" if actual else "underlying"
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        if level is not None and level not in loaded.study.level_names:
            raise UnknownNameError(_("level"), level, loaded.study.level_names)
        group = group_asked(loaded, gemeente, within)
        if areas and (group or level) is not None:
            raise ComparisonError(_("Areas are named, and a level or group is asked too. Give one of them."))
        chosen = areas or level
        if group is not None:
            chosen = codes_within(loaded.counts, group, level)
            if level is not None and len(chosen) < 2:
                message = _(
                    "Fewer than two groups of {level} lie in {group}, so none can be ranked. Leave out --level to rank "
                    "the areas in it, or give a larger group with --within."
                )
                raise ComparisonError(message.format(level=level, group=group))
        with reporter().stage(_("rank")):
            result = ranked(loaded, chosen, f"use.{of}" if expectation is None else f"difference.{of}.{expectation}")
            table = result.summary(highest=highest).join(result.rank_sets())
            notes = [] if chosen is None else beside_groups(loaded, chosen)
            notes += predicted_note(table["predicted"].head(highest))
        keep(table, out)
        data = {
            "quantity": result.definition.name,
            "interval": loaded.study.report.interval,
            "areas": len(table),
            "within": result.estimate.draws.attrs.get("extent") or None,
            "ranks": table.head(highest).reset_index().to_dict(orient="records"),
            "notes": notes,
        }
        reporter().answer(Group(_table(result, highest), *notes), data)


def _table(result: Ranks, highest: int) -> RenderableType:
    """Return the areas with the highest expected rank."""
    from bayesmodel.cli.fit_output import between, chances, marked_names, shown, written
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, language, number

    table = result.summary(highest=highest).join(result.rank_sets()).head(highest)
    label = result.definition.label[language()]
    interval = interval_name(result.estimate.report.interval)
    chosen = next(str(name) for name in table if str(name).startswith("p_among_"))
    count = number(int(chosen.removeprefix("p_among_")))
    title = _("{what}, the highest {shown} of {all}").format(
        what=label[:1].upper() + label[1:], shown=number(len(table)), all=number(len(result.names))
    )
    extent = result.estimate.draws.attrs.get("extent")
    top = {_("P(top {count})").format(count=count): chances(table[chosen])}
    return shown(
        f"{extent}: {title}" if extent else title,
        {_("code"): table.index, _("name"): marked_names(table["name"], table["predicted"])},
        {
            _("expected rank"): written(table["expected_rank"], ",.1f"),
            interval: between(table, ",.0f"),
            **(top if len(table) < len(result.names) else {}),  # of all that there are it is certain
            _("all together"): between(table, ",.0f", "highest_rank", "lowest_rank"),
        },
    )


FORMS = {"share": ".1%", "ratio": ".2f", "points": ".1f", "count": ",.0f"}


def compare(
    fit: FitOrFolder,
    areas: Areas,
    expectation: ExpectationOption = None,
    actual: Actual = False,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Compare two or more areas: each of them, and every pair with the probability that one is higher.

    With --expectation, use is divided by what was expected of each area first.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import beside_groups, keep, predicted_note, reading
    from bayesmodel.estimates.compare import compare as compared
    from bayesmodel.messages import _, language

    of = "actual" if actual else "underlying"
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        with reporter().stage(_("compare")):
            result = compared(loaded, areas, f"use.{of}" if expectation is None else f"difference.{of}.{expectation}")
            areas_table, pairs = result.estimate.summary(), result.summary()
            predicted = result.estimate.predicted
            for side in ("area", "other"):
                pairs[f"{side}_predicted"] = predicted[pairs.index.get_level_values(side)].to_numpy()
            notes = [*beside_groups(loaded, areas), *predicted_note(predicted)]
        keep(pairs, out)
        data = {
            "quantity": result.definition.name,
            "unit": result.definition.unit[language()],
            "unit_of_pairs": result.unit_of_pairs[language()],
            "interval": pairs.attrs["interval"],
            "areas": areas_table.assign(name=result.names, predicted=predicted).to_dict(orient="index"),
            "pairs": pairs.reset_index().to_dict(orient="records"),
            "notes": notes,
        }
        reporter().answer(_tables(result, notes), data)


def _tables(result: Comparison, notes: list[str]) -> RenderableType:
    """Return the areas, the pairs below them, and the notes on groups."""
    from rich.console import Group

    from bayesmodel.cli.fit_output import between, chances, marked_names, shown, written
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, language

    areas_table, pairs = result.estimate.summary(), result.summary()
    label = result.definition.label[language()]
    interval = interval_name(areas_table.attrs["interval"])
    form = FORMS[result.scale]
    top = shown(
        label[:1].upper() + label[1:],
        {_("code"): areas_table.index, _("name"): marked_names(result.names, result.estimate.predicted)},
        {_("mean"): written(areas_table["mean"], form), interval: between(areas_table, form)},
    )
    first, second = pairs.index.get_level_values("area"), pairs.index.get_level_values("other")
    gap = FORMS["points"] if result.scale == "share" else form
    unit = result.difference(first[0], second[0]).definition.unit[language()]
    below = shown(
        _("Each pair: area minus other ({unit})").format(unit=unit),
        {_("area"): first, _("other"): second},
        {
            _("difference"): written(pairs["mean"], gap),
            interval: between(pairs, gap),
            _("P(area > other)"): chances(pairs["p_higher"]),
            _("P(other > area)"): chances(pairs["p_lower"]),
        },
    )
    return Group(top, "", below, *notes)


def explain(
    fit: FitOrFolder,
    areas: Areas,
    expectation: Annotated[str, typer.Option(help="Expectation to compare use with.")] = "determinants",
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Say in one sentence per area how many use care, how many were expected, and whether that differs."""
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import keep, reading
    from bayesmodel.estimates.explain import explain as explained
    from bayesmodel.messages import _, language

    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        with reporter().stage(_("work out")):
            sentences = explained(loaded, areas, expectation)
        keep(sentences, out)
        reporter().answer(
            "\n\n".join(sentences[language()]), {"expectation": expectation, "sentences": sentences.to_dict("index")}
        )
