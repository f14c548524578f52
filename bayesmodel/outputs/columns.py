"""The columns of the table per area: name, label, unit and definition, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bayesmodel.estimates.definition import Definition, level_label, unit_of
from bayesmodel.estimates.difference import difference_definition
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.given import given_named, given_names, main_names
from bayesmodel.estimates.use import use_definition
from bayesmodel.study import Label, Study

BOUNDS = {
    "_lower": Label(nl="ondergrens", en="lower bound"),
    "_upper": Label(nl="bovengrens", en="upper bound"),
}
NO_UNIT = Label(nl="", en="")
TEXT, NUMBER = Label(nl="tekst", en="text"), Label(nl="aantal", en="number")
CHANCE = Label(nl="kans, 0 tot 1", en="probability, 0 to 1")


@dataclass(frozen=True)
class Column:
    """One column of the table per area.

    Parameters
    ----------
    name : str
        As in the table.
    label, unit, definition : Label
        In Dutch and English.
    """

    name: str
    label: Label
    unit: Label
    definition: Label


def columns_of(study: Study) -> tuple[Column, ...]:
    """Return the columns of the table per area of a study; the first is its index.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> [column.name for column in columns_of(invented_fit().study)][:4]
    ['wijk', 'wijk_name', 'gemeente', 'gemeente_name']
    """
    return (*_facts(study), *_estimates(study), *_diagnostics())


def _facts(study: Study) -> Iterator[Column]:
    """Yield what was known before the model."""
    area = Label(nl=study.area, en=study.area)
    vintage = study.outcome.vintage
    for name, label in [(study.area, area), *((level, level_label(study, level)) for level in study.level_names)]:
        code = Label(nl=f"code, grenzen van {vintage}", en=f"code, boundaries of {vintage}")
        yield Column(name, label, TEXT, code)
        yield Column(f"{name}_name", label, TEXT, Label(nl="naam", en="name"))
    year = Label(nl="jaar", en="year")
    yield Column("year", year, year, Label(nl="jaar waarover is geteld", en="year that was counted over"))
    boundaries = Label(nl="jaar van de grenzen", en="year of the boundaries")
    only = Label(nl="codes gelden alleen bij deze grenzen", en="codes hold for these boundaries only")
    yield Column("vintage", boundaries, year, only)
    people = unit_of(study, "count")
    yield Column(
        "population", study.outcome.population, people, Label(nl="over wie is geteld", en="over whom was counted")
    )
    counted = study.outcome.count
    status = Label(
        nl="exact: het aantal zelf; rounded: afgerond; suppressed: verborgen; missing: niet geleverd; zero: niemand",
        en="exact: the count itself; rounded: rounded; suppressed: hidden; missing: not delivered; zero: nobody",
    )
    yield Column("status", Label(nl="status van het aantal", en="status of the count"), TEXT, status)
    published = Label(
        nl="het aantal zoals gepubliceerd; leeg waar verborgen", en="the count as published; empty where hidden"
    )
    yield Column("published_count", counted, people, published)
    for suffix, bound in BOUNDS.items():
        stands = Label(
            nl=f"{bound.nl} van de aantallen waar het gepubliceerde voor kan staan",
            en=f"{bound.en} of the counts that the published one can stand for",
        )
        yield Column(f"count{suffix}", counted, people, stands)
    missing = Label(nl="ontbrekende kenmerken", en="missing determinants")
    within = Label(nl="in het model opgenomen met hun onzekerheid", en="taken into the model with their uncertainty")
    yield Column("determinants_missing", missing, NUMBER, within)


def _estimates(study: Study) -> Iterator[Column]:
    """Yield the estimates, each with its interval, and the probabilities of a difference that matters."""
    empty = Label(
        nl=" Bij een verborgen aantal staan hier alleen grenzen.", en=" Of a hidden count only the bounds are given."
    )
    yield from _three(study, "actual_count", use_definition(study, "actual", "count"), empty)
    underlying = use_definition(study, "underlying", "share")
    yield from _three(study, "underlying_share", underlying)
    for name in given_names(study):
        given = given_named(study, name)
        yield from _three(study, f"expected_{name}_count", expected_definition(study, given, "count"))
        if name not in main_names(study):
            continue
        share = expected_definition(study, given, "share")
        yield from _three(study, f"expected_{name}_share", share)
        yield from _three(study, f"difference_{name}_count", difference_definition(study, underlying, share, "count"))
        yield from _three(study, f"difference_{name}_points", difference_definition(study, underlying, share, "points"))
        yield from _three(study, f"ratio_{name}", difference_definition(study, underlying, share, "ratio"))
        margin = f"{100 * study.report.margin:g}%"
        for kind, nl, en, formula in (
            ("higher", f"meer dan {margin} hoger", f"more than {margin} higher", "P(ratio > 1 + margin)"),
            (
                "within",
                f"hoogstens {margin} anders",
                f"at most {margin} different",
                "P(1 - margin <= ratio <= 1 + margin)",
            ),
            ("lower", f"meer dan {margin} lager", f"more than {margin} lower", "P(ratio < 1 - margin)"),
        ):
            label = Label(nl=f"kans dat het onderliggend gebruik {nl} is dan {share.label.nl}",
                          en=f"probability that underlying use is {en} than {share.label.en}")  # fmt: skip
            yield Column(f"p_{kind}_{name}", label, CHANCE, Label(nl=formula, en=formula))


def _three(study: Study, name: str, definition: Definition, more: Label = NO_UNIT) -> Iterator[Column]:
    """Yield the column of an estimate and of both bounds of its interval."""
    kinds = {"equal-tailed": "gelijke staarten", "highest-density": "hoogste dichtheid"}
    kind, size = study.report.interval_kind, f"{100 * study.report.interval:g}%"
    mean = Label(
        nl=f"{definition.answers.nl}{more.nl} Gemiddelde van de trekkingen van {definition.formula}.",
        en=f"{definition.answers.en}{more.en} Mean of the draws of {definition.formula}.",
    )
    yield Column(name, definition.label, definition.unit, mean)
    for suffix, bound in BOUNDS.items():
        text = Label(
            nl=f"{bound.nl} van het {size}-interval ({kinds[kind]}) van {name}",
            en=f"{bound.en} of the {size} interval ({kind}) of {name}",
        )
        label = Label(nl=f"{definition.label.nl}, {bound.nl}", en=f"{definition.label.en}, {bound.en}")
        yield Column(f"{name}{suffix}", label, definition.unit, text)


def _diagnostics() -> Iterator[Column]:
    """Yield how far the row may be relied on."""
    draws = Label(nl="effectieve trekkingen", en="effective draws")
    smallest = Label(
        nl="kleinste effectieve steekproefomvang (midden en staarten) van de schattingen in de rij; 400 is nodig",
        en="smallest effective sample size (bulk and tail) of the estimates in the row; 400 is needed",
    )
    yield Column("ess_min", draws, NUMBER, smallest)
    flags = Label(
        nl="hidden_count: verborgen; rounded_count: afgerond; missing_count: niet geleverd; no_people: niemand, dus "
        "geen aandeel en geen verhouding; missing_determinants: kenmerken ontbreken; low_ess: te weinig effectieve "
        "trekkingen",
        en="hidden_count: hidden; rounded_count: rounded; missing_count: not delivered; no_people: nobody, so no share "
        "and no ratio; missing_determinants: determinants are missing; low_ess: too few effective draws",
    )
    yield Column("flags", Label(nl="let op", en="note"), TEXT, flags)
