"""`bayesmodel variance FIT`: at which level the differences lie, and what explains them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import FitOrFolder, Force, TableOut, Unconverged

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from bayesmodel.estimates.estimate import Estimate
    from bayesmodel.estimates.variance import Variance


def variance(
    fit: FitOrFolder,
    people: Annotated[float | None, typer.Option(help="Take in the chance of an area of so many people.")] = None,
    null: Annotated[Path | None, typer.Option(help="A fit of the same counts without determinants.")] = None,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Show how the differences between areas are divided: over the levels, and over what explains them."""
    from rich.console import Group

    from bayesmodel.cli.reading import keep, opened, reading
    from bayesmodel.cli.voice import voice
    from bayesmodel.estimates.explained import explained
    from bayesmodel.estimates.variance import variance as divided
    from bayesmodel.estimates.variance_parts import variance_parts
    from bayesmodel.messages import _

    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        without = None if null is None else opened(null)
        with voice().stage(_("divide the differences")):
            levels, parts = divided(loaded, people=people), variance_parts(loaded)
            shares = [parts] if without is None else [parts, explained(without, loaded)]
        tables = {"levels": levels.summary()} | {each.definition.name: each.summary() for each in shares}
        keep(_together(tables), out)
        data = {name: table.to_dict(orient="index") for name, table in tables.items()}
        about = {"mean": levels.mean, "people": people, "interval": loaded.study.report.interval}
        voice().answer(Group(_levels(levels), *(_shares(each) for each in shares)), about | data)


def _levels(found: Variance) -> RenderableType:
    """Return the levels with their share, standard deviation and median odds ratio."""
    from bayesmodel.cli.reading import between, shown, written
    from bayesmodel.messages import _, language, number

    table = found.summary()
    interval = _("{percent}% interval").format(percent=number(100 * found.shares.report.interval, "g"))
    columns = {}
    for name, heading, form in (
        ("share", _("share"), ".0%"),
        ("sd_points", _("sd, points"), ".2f"),
        ("median_odds_ratio", _("median odds ratio"), ".2f"),
    ):
        if name in table:
            columns[heading] = [
                f"{mean} ({bounds})" if mean else ""
                for mean, bounds in zip(
                    written(table[name], form), between(table, form, f"{name}_lower", f"{name}_upper"), strict=True
                )
            ]
    title = f"{found.definition.answers[language()]} ({interval})"
    return shown(title, {_("level"): found.shares.names}, columns)


def _shares(found: Estimate) -> RenderableType:
    """Return parts with their share."""
    from bayesmodel.cli.reading import between, shown, written
    from bayesmodel.messages import _, language, number

    table = found.summary()
    interval = _("{percent}% interval").format(percent=number(100 * found.report.interval, "g"))
    return shown(
        found.definition.answers[language()],
        {_("part"): found.names},
        {_("share"): written(table["mean"], ".0%"), interval: between(table, ".0%")},
    )


def _together(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return all tables in one, long: table, row, column, value."""
    import pandas as pd

    long = [
        table.rename_axis("row").reset_index().melt("row", var_name="column").assign(table=name)
        for name, table in tables.items()
    ]
    return pd.concat(long)[["table", "row", "column", "value"]].set_index("table")
