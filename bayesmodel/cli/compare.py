"""`bayesmodel compare FIT PLACE...`: places against each other, on the same draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bayesmodel.cli.options import Actual, Expectation, FitOrFolder, Force, Places, TableOut, Unconverged

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.comparison import Comparison

FORMS = {"share": ".1%", "ratio": ".2f", "points": ".1f", "count": ",.0f"}


def compare(
    fit: FitOrFolder,
    places: Places,
    to: Expectation = None,
    actual: Actual = False,
    out: TableOut = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Compare two or more places: each of them, and every pair with the probability that one is higher.

    With --to, use is divided by what was expected of each place first.
    """
    from bayesmodel.cli.reading import beside_groups, keep, reading
    from bayesmodel.cli.voice import voice
    from bayesmodel.estimates.compare import compare as compared
    from bayesmodel.messages import _

    of = "actual" if actual else "underlying"
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        with voice().stage(_("compare")):
            found = compared(loaded, places, f"use.{of}" if to is None else f"difference.{of}.{to}")
            each, pairs = found.estimate.summary(), found.summary()
            beside = beside_groups(loaded, places)
        keep(pairs, out)
        data = {
            "quantity": found.definition.name,
            "unit": pairs.attrs["unit"],
            "interval": pairs.attrs["interval"],
            "places": each.assign(name=found.names).to_dict(orient="index"),
            "pairs": pairs.reset_index().to_dict(orient="records"),
            "notes": beside,
        }
        voice().answer(_tables(found, beside), data)


def _tables(found: Comparison, notes: list[str]) -> RenderableType:
    """Return the places, the pairs below them, and what is to be told of groups."""
    from rich.console import Group

    from bayesmodel.cli.reading import between, chances, shown, written
    from bayesmodel.messages import _, language, number

    each, pairs = found.estimate.summary(), found.summary()
    label = found.definition.label[language()]
    interval = _("{percent}% interval").format(percent=number(100 * each.attrs["interval"], "g"))
    form = FORMS[found.scale]
    top = shown(
        label[:1].upper() + label[1:],
        {_("code"): each.index, _("name"): found.names},
        {_("mean"): written(each["mean"], form), interval: between(each, form)},
    )
    first, second = pairs.index.get_level_values("place"), pairs.index.get_level_values("other")
    gap = FORMS["points"] if found.scale == "share" else form
    unit = found.difference(first[0], second[0]).definition.unit[language()]
    below = shown(
        _("Each pair: place minus other ({unit})").format(unit=unit),
        {_("place"): first, _("other"): second},
        {
            _("difference"): written(pairs["mean"], gap),
            interval: between(pairs, gap),
            _("P(place > other)"): chances(pairs["p_higher"]),
            _("P(other > place)"): chances(pairs["p_lower"]),
        },
    )
    return Group(top, "", below, *notes)
