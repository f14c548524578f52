"""The columns of estimates, each with its interval, and of what may be said about a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bayesmodel.estimates.definition import Definition, place_label
from bayesmodel.estimates.difference import difference_definition
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.given import given_named, given_names, main_names
from bayesmodel.estimates.title import KINDS
from bayesmodel.estimates.use import use_definition
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.outputs.columns.column import CHANCE, NO_UNIT, TEXT, Column, Form
from bayesmodel.study import Label, Study

BOUNDS = {"_lower": Label(nl="van", en="from"), "_upper": Label(nl="tot", en="to")}


_GIVEN = Label(
    nl=" Gegeven is dat Y tussen de onder- en bovengrens van het gepubliceerde aantal ligt.",
    en=" Given is that Y lies between the lower and the upper bound of the published count.",
)


def estimate_columns(study: Study, hidden: Label, *, together: bool = False) -> Iterator[Column]:
    """Yield the columns of all estimates; `hidden` says what is left out of the actual count where it is hidden.

    Of a group (`together`) each says that it is of its areas together.
    """
    where = place_label(study)
    for column in _estimates(study, hidden):
        label = Label(nl=f"{column.label.nl}, {where.nl}", en=f"{column.label.en}, {where.en}")
        yield replace(column, label=label) if together else column


def _estimates(study: Study, hidden: Label) -> Iterator[Column]:
    """Yield the columns of all estimates, of an area."""
    within = Label(nl=f"{hidden.nl}{_GIVEN.nl}", en=f"{hidden.en}{_GIVEN.en}")
    yield from _three(study, "actual_count", use_definition(study, "actual", "count"), "count", within)
    underlying = use_definition(study, "underlying", "share")
    yield from _three(study, "underlying_share", underlying, "share")
    for name in given_names(study):
        given = given_named(study, name)
        yield from _three(study, f"expected_{name}_count", expected_definition(study, given, "count"), "count")
        if name not in main_names(study):
            continue
        share = expected_definition(study, given, "share")
        yield from _three(study, f"expected_{name}_share", share, "share")
        for scale in ("count", "points", "ratio"):
            column = f"ratio_{name}" if scale == "ratio" else f"difference_{name}_{scale}"
            yield from _three(study, column, difference_definition(study, underlying, share, scale), scale)
        yield from _said(study, name, share.label)


def _said(study: Study, name: str, of: Label) -> Iterator[Column]:
    """Yield the probabilities of a difference that matters, and the verdict."""
    margin = f"{100 * study.report.margin:g}%"
    for kind, nl, en, formula in (
        ("higher", f"meer dan {margin} hoger", f"more than {margin} higher", "P(ratio > 1 + margin)"),
        ("within", f"hoogstens {margin} anders", f"at most {margin} different", "P(1 - margin <= ratio <= 1 + margin)"),
        ("lower", f"meer dan {margin} lager", f"more than {margin} lower", "P(ratio < 1 - margin)"),
    ):
        label = Label(
            nl=f"kans dat het onderliggend gebruik {nl} is dan {of.nl}",
            en=f"probability that underlying use is {en} than {of.en}",
        )
        yield Column(f"p_{kind}_{name}", label, CHANCE, Label(nl=formula, en=formula), "chance")
    rule = VerdictRule()
    classes = Label(
        nl="; ".join(f"{each}: {each.label.nl}" for each in VerdictClass), en="; ".join(map(str, VerdictClass))
    )
    meaning = Label(
        nl=f"{classes.nl}. Duidelijk: kans minstens {rule.clear:.0%} en in de hele lijst naar verwachting hoogstens "
        f"{rule.false_discovery:.0%} ten onrechte; waarschijnlijk en ongeveer: kans minstens {rule.probable:.0%}.",
        en=f"{classes.en}. Clearly: probability at least {rule.clear:.0%} and in the whole list at most "
        f"{rule.false_discovery:.0%} expected to be wrong; probably and about: probability at least "
        f"{rule.probable:.0%}.",
    )
    label = Label(nl=f"oordeel: onderliggend gebruik tegenover {of.nl}", en=f"verdict: underlying use against {of.en}")
    yield Column(f"verdict_{name}", label, TEXT, meaning)


def _three(study: Study, name: str, definition: Definition, form: Form, more: Label = NO_UNIT) -> Iterator[Column]:
    """Yield the column of an estimate and of both bounds of its interval."""
    kind, size = study.report.interval_kind, f"{100 * study.report.interval:g}%"
    mean = Label(
        nl=f"{definition.answers.nl}{more.nl} Gemiddelde van de trekkingen van {definition.formula}.",
        en=f"{definition.answers.en}{more.en} Mean of the draws of {definition.formula}.",
    )
    yield Column(name, definition.label, definition.unit, mean, form)
    for suffix, bound in BOUNDS.items():
        end = Label(
            nl="ondergrens" if suffix == "_lower" else "bovengrens",
            en="lower bound" if suffix == "_lower" else "upper bound",
        )
        text = Label(
            nl=f"{end.nl} van het {size}-interval ({KINDS[kind].nl}) van {name}",
            en=f"{end.en} of the {size} interval ({kind}) of {name}",
        )
        label = Label(nl=f"{definition.label.nl}, {bound.nl}", en=f"{definition.label.en}, {bound.en}")
        yield Column(f"{name}{suffix}", label, definition.unit, text, form)
