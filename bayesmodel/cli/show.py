"""`bayesmodel show FIT`: how well it went, and what explains use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.cli.options import FitOrFolder

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from bayesmodel.inference import Fit


def show(fit: FitOrFolder) -> None:
    """Show a saved fit: its verdict, the levels, the coefficients with intervals, and how it was made."""
    from rich.console import Group

    from bayesmodel.cli.reading import opened
    from bayesmodel.cli.stages import figures
    from bayesmodel.cli.voice import voice
    from bayesmodel.estimates.parameters import parameters

    loaded = opened(fit)
    table = parameters(loaded)
    data = {
        "study": loaded.study.name,
        "areas": len(loaded.counts),
        "levels": _groups(loaded),
        "verdict": figures(loaded.verdict),
        "interval": loaded.study.report.interval,
        "parameters": table.to_dict(orient="index"),
        "provenance": loaded.provenance,
    }
    voice().answer(Group(repr(loaded), "", *_tables(loaded, table), "", _made(loaded)), data)


def _groups(fit: Fit) -> dict[str, int]:
    """Return the number of groups of each level."""
    return {str(name): int(codes.nunique()) for name, codes in fit.counts.areas.levels.items()}


def _tables(fit: Fit, parameters: pd.DataFrame) -> list[RenderableType]:
    """Return the levels with their standard deviations, and the coefficients from large to small."""
    from bayesmodel.cli.reading import between, shown, written
    from bayesmodel.messages import _, number

    interval = _("{percent}% interval").format(percent=number(100 * fit.study.report.interval, "g"))
    sizes = {f"sd_{name}": count for name, count in _groups(fit).items()} | {f"sd_{fit.study.area}": len(fit.counts)}
    is_coefficient = parameters.index.str.startswith("beta[")
    ordered = parameters[is_coefficient].sort_values("mean", key=abs, ascending=False)

    def numbers(rows: pd.DataFrame) -> dict[str, list[str]]:
        draws = [number(float(least), ",.0f") for least in rows[["ess_bulk", "ess_tail"]].min(axis=1)]
        means, bounds = written(rows["mean"], ".3f"), between(rows, ".3f")
        return {_("mean"): means, interval: bounds, _("effective draws"): draws}

    rest = parameters[~is_coefficient].drop(index="intercept")
    groups = [number(sizes[str(name)]) if name in sizes else "" for name in rest.index]
    levels = [str(name).removeprefix("sd_") for name in rest.index]
    spread = shown(_spread(fit), {_("standard deviation of"): levels}, {_("groups"): groups} | numbers(rest))
    names = [str(name).removeprefix("beta[").removesuffix("]") for name in ordered.index]
    effects = shown(_("What goes with use, per standard deviation"), {_("coefficient of"): names}, numbers(ordered))
    return [spread, effects] if len(ordered) else [spread]


def _spread(fit: Fit) -> str:
    """Say what the standard deviations are, and on which scale."""
    from bayesmodel.messages import _

    scales = {
        "log": _("Spread (standard deviation, log scale)"),
        "logit": _("Spread (standard deviation, log-odds scale)"),
    }
    return scales.get(fit.family.link.name, _("Spread (standard deviation, as a share)"))


def _made(fit: Fit) -> str:
    """Say when and how the fit was made, and how long it took."""
    from bayesmodel.messages import _, language, number
    from bayesmodel.outputs.words import engine_in_words

    made = fit.provenance
    parts = {"sampling": _("sampling"), "judging": _("judging")}
    seconds = ", ".join(
        f"{parts.get(name, name)} {number(value, '.1f')} s" for name, value in made.get("seconds", {}).items()
    )
    versions = made.get("versions", {})
    said = _("Made {when} by bayesmodel {version}: {engine}, seed {seed}; {seconds}.")
    unknown = _("unknown")
    return said.format(
        when=made.get("made", unknown),
        version=versions.get("bayesmodel", unknown),
        engine=engine_in_words(made, language()) or unknown,
        seed=made.get("seed", unknown),
        seconds=seconds or unknown,
    )
