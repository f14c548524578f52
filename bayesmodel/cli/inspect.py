"""Views of a saved fit: `bayesmodel show`, `variance` and `plot`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bayesmodel.cli.options import ExpectationOption, FitOrFolder, Force, Gemeente, TableOut, Unconverged, Within
from bayesmodel.cli.typer_group import Command

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from bayesmodel.estimates.estimate import Estimate
    from bayesmodel.estimates.variance import Variance
    from bayesmodel.inference.fit import Fit


def variance(
    fit: FitOrFolder,
    people: Annotated[
        float | None, typer.Option(help="Include the chance variation of an area of this many people.")
    ] = None,
    null: Annotated[Path | None, typer.Option(help="A fit of the same counts without determinants.")] = None,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Show how the differences between areas are divided: over the levels, and over what explains them."""
    from rich.console import Group

    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import keep, opened, reading
    from bayesmodel.estimates.decomposition import components_of
    from bayesmodel.estimates.variance import variance as divided
    from bayesmodel.estimates.variance import variance_parts
    from bayesmodel.estimates.variance_explained import variance_explained
    from bayesmodel.messages import _, language

    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        without = None if null is None else opened(null)
        with reporter().stage(_("divide the differences")):
            levels, parts = divided(loaded, people=people), variance_parts(loaded)
            shares = [parts] if without is None else [parts, variance_explained(without, loaded)]
        tables = {"levels": levels.summary()} | {share.definition.name: share.summary() for share in shares}
        keep(_together(tables), out)
        data = {name: table.to_dict(orient="index") for name, table in tables.items()}
        labels = {component.name: component.label[language()] for component in components_of(loaded)}
        about = {"mean": levels.mean, "people": people, "interval": loaded.study.report.interval}
        reporter().answer(Group(_levels(levels), *(_shares(share, labels) for share in shares)), about | data)


def _levels(result: Variance) -> RenderableType:
    """Return the levels with their share, standard deviation and median rate or odds ratio."""
    from bayesmodel.cli.fit_output import between, shown, written
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, language

    table = result.summary()
    interval = interval_name(result.shares.report.interval)
    columns = {}
    for name, heading, form in (
        ("share", _("share"), ".0%"),
        ("sd_points", _("sd, points"), ".2f"),
        ("median_rate_ratio", _("median rate ratio"), ".2f"),
        ("median_odds_ratio", _("median odds ratio"), ".2f"),
    ):
        if name in table:
            columns[heading] = [
                f"{mean} ({bounds})" if mean else ""
                for mean, bounds in zip(
                    written(table[name], form), between(table, form, f"{name}_lower", f"{name}_upper"), strict=True
                )
            ]
    title = f"{result.definition.answers[language()]} ({interval})"
    return shown(title, {_("level"): result.shares.names}, columns)


def _shares(result: Estimate, labels: Mapping[str, str]) -> RenderableType:
    """Return the parts with their share, labelled in the current language."""
    from bayesmodel.cli.fit_output import between, shown, written
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, language

    table = result.summary()
    interval = interval_name(result.report.interval)
    return shown(
        result.definition.answers[language()],
        {_("part"): [labels.get(str(code), name) for code, name in result.names.items()]},
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


def show(fit: FitOrFolder) -> None:
    """Show a saved fit: its verdict, the levels, the coefficients with intervals, and how it was made."""
    from rich.console import Group

    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import opened
    from bayesmodel.cli.stages import figures, judged
    from bayesmodel.estimates.parameters import parameters
    from bayesmodel.estimates.unknown_determinants import unknown_determinants

    loaded = opened(fit)
    table = parameters(loaded)
    data = {
        "study": loaded.study.name,
        "areas": len(loaded.counts),
        "levels": _groups(loaded),
        "verdict": figures(loaded.diagnostics),
        "interval": loaded.study.report.interval,
        "parameters": table.to_dict(orient="index"),
        "unknown_determinants": unknown_determinants(loaded).to_dict(orient="index"),
        "provenance": loaded.provenance,
    }
    reporter().answer(
        Group(repr(loaded), "", *_tables(loaded, table), "", judged(loaded.diagnostics), _made(loaded)), data
    )


def _groups(fit: Fit) -> dict[str, int]:
    """Return the number of groups of each level."""
    return {str(name): int(codes.nunique()) for name, codes in fit.counts.areas.levels.items()}


def _tables(fit: Fit, parameters: pd.DataFrame) -> list[RenderableType]:
    """Return the levels with their standard deviations, and the coefficients from large to small."""
    from bayesmodel.cli.fit_output import between, shown, written
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, number

    interval = interval_name(fit.study.report.interval)
    sizes = {f"sd_{name}": count for name, count in _groups(fit).items()} | {f"sd_{fit.study.area}": len(fit.counts)}
    is_coefficient = parameters.index.str.startswith("beta[")
    ordered = parameters[is_coefficient].sort_values("mean", key=abs, ascending=False)

    def numbers(rows: pd.DataFrame) -> dict[str, list[str]]:
        draws = [number(float(least), ",.0f") for least in rows[["ess_bulk", "ess_tail"]].min(axis=1)]
        means, bounds = written(rows["mean"], ".3f"), between(rows, ".3f")
        return {_("mean"): means, interval: bounds, _("effective draws"): draws}

    rest = parameters[~is_coefficient].drop(index="intercept")
    is_sd = rest.index.str.startswith("sd_") | (rest.index == "dispersion")
    rest, others = rest[is_sd], rest[~is_sd]
    groups = [number(sizes[str(name)]) if name in sizes else "" for name in rest.index]
    levels = [str(name).removeprefix("sd_") for name in rest.index]
    spread = [shown(_spread(fit), {_("standard deviation of"): levels}, {_("groups"): groups} | numbers(rest))]
    if len(others):
        spread.append(shown(_("Other parameters"), {_("parameter"): list(map(str, others.index))}, numbers(others)))
    names = [str(name).removeprefix("beta[").removesuffix("]") for name in ordered.index]
    effects = shown(_("Association with use, per standard deviation"), {_("coefficient of"): names}, numbers(ordered))
    return [*spread, effects, *_unknown(fit)] if len(ordered) else [*spread]


def _unknown(fit: Fit) -> list[RenderableType]:
    """Return the determinants that are not known everywhere, with what that leaves open; nothing where all are."""
    from bayesmodel.cli.fit_output import shown
    from bayesmodel.estimates.unknown_determinants import unknown_determinants
    from bayesmodel.messages import _, number

    found = unknown_determinants(fit)
    if found.empty:
        return []
    columns = {
        _("areas"): [number(each) for each in found["areas"]],
        _("explained by the others"): [number(each, ".0%") for each in found["explained"]],
        _("left open, on the scale of the link"): [number(each, ".3f") for each in found["residual_sd"]],
        _("share of what is not explained there"): [number(each, ".0%") for each in found["share"]],
    }
    return [
        shown(_("Determinants that are not known everywhere"), {_("determinant"): list(map(str, found.index))}, columns)
    ]


def _spread(fit: Fit) -> str:
    """Return the heading of the standard deviations, with their scale."""
    from bayesmodel.messages import _

    scales = {
        "log": _("Spread (standard deviation, log scale)"),
        "logit": _("Spread (standard deviation, log-odds scale)"),
    }
    return scales.get(fit.family.link.name, _("Spread (standard deviation, as a share)"))


def _made(fit: Fit) -> str:
    """Return a sentence on when and how the fit was made, and how long it took."""
    from bayesmodel.estimates.labels import engine_in_words
    from bayesmodel.messages import _, language, number

    made = fit.provenance
    parts = {"laplace": "Laplace", "sampling": _("sampling"), "judging": _("judging")}
    seconds = ", ".join(
        f"{parts.get(name, name)} {number(value, '.1f')} s" for name, value in made.get("seconds", {}).items()
    )
    versions = made.get("versions", {})
    message = _("Made {when} by bayesmodel {version}: {engine}, seed {seed}; {seconds}.")
    unknown = _("unknown")
    return message.format(
        when=made.get("made", unknown),
        version=versions.get("bayesmodel", unknown),
        engine=engine_in_words(made, language()) or unknown,
        seed=made.get("seed", unknown),
        seconds=seconds or unknown,
    )


class PlotCommand(Command):
    """The command `plot`, whose help lists the pictures of the registry."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help, with all pictures by group."""
        from bayesmodel.messages import language
        from bayesmodel.plots.registry import pictures_in_words

        self.help = "\n\n".join([self.help or "", *pictures_in_words(language())])
        super().format_help(ctx, formatter)


def kinds() -> list[str]:
    """Return the names of all pictures, for completion in the shell."""
    from bayesmodel.plots.registry import PICTURES

    return list(PICTURES)


def plot(
    fit: FitOrFolder,
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="What to draw; see above.", show_default=False, autocompletion=kinds),
    ],
    areas: Annotated[
        list[str] | None,
        typer.Argument(metavar="AREA", help="Areas or groups of a level, by code or by name.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(help="The picture: a file ending in .png, .svg or .pdf.")] = Path("picture.png"),
    expectation: ExpectationOption = None,
    gemeente: Gemeente = None,
    within: Within = None,
    polygons: Annotated[
        Path | None, typer.Option(help="For a map: a GeoPackage, GeoJSON or shapefile. The example has its own.")
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="Column of the polygons with the codes; found by what is in it when left out.")
    ] = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Draw a picture of a fit, with its text alternative in the file.

    The picture is in the language of the study, or in that of --language.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import group_asked, reading
    from bayesmodel.messages import _, language
    from bayesmodel.plots import PlotRequest, picture, save
    from bayesmodel.plots.picture_file import kind_of_file

    kind_of_file(out)
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        group = group_asked(loaded, gemeente, within)
        request = PlotRequest(tuple(areas or ()), expectation, polygons, code, language(), group)
        with reporter().stage(_("draw")):
            drawn = picture(loaded, kind, request)
            save(drawn, out)
        message = _("Picture in {file}").format(file=out)
        reporter().answer(message, {"file": out, "kind": kind, "text_alternative": drawn.get_label()})
