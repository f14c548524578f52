"""The columns of tables of results: name, label, unit, definition and form, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from bayesmodel.estimates.definition import (
    INTERVAL_KINDS,
    Definition,
    Kind,
    in_its_areas,
    level_label,
    unit_of,
    with_unplaced,
)
from bayesmodel.estimates.difference import difference_definition
from bayesmodel.estimates.expectation import (
    expectation_named,
    expectation_names,
    lineage,
    main_names,
    names_of_groups,
)
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.use import use_definition
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.format import interval_name, percent
from bayesmodel.messages import LANGUAGES, Language
from bayesmodel.study import Label, Study


def columns_of(
    study: Study, level: str | None = None, *, totals: bool = False, everybody: bool = False
) -> tuple[Column, ...]:
    """Return the columns of the table per area of a study, or per group of a level; the first is its index.

    Parameters
    ----------
    study : Study
    level : str, optional
        A level; the areas when left out.
    totals : bool
        Whether totals of groups of the level are published.
    everybody : bool
        Whether figures of its groups are of everybody in them, those in none of the areas too.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> [column.name for column in columns_of(invented_fit().study)][:4]
    ['wijk', 'wijk_name', 'gemeente', 'gemeente_name']
    >>> [column.name for column in columns_of(invented_fit().study, "regio")][:5]
    ['regio', 'regio_name', 'year', 'vintage', 'areas']
    """
    if level is None:
        return (*_facts_of_areas(study), *estimate_columns(study, _HIDDEN_AREA), *_diagnostics(flags=True))
    published = (*total_columns(study, level, shares=not everybody),) if totals else ()
    published += (*unplaced_columns(study, level),) if everybody else ()
    where = with_unplaced(study) if everybody else in_its_areas(study)
    facts = _facts_of_groups(study, level, everybody=everybody)
    estimates = estimate_columns(study, NO_UNIT if everybody else _HIDDEN_PART, where)
    return (*facts, *published, *estimates, *_diagnostics(flags=False), flag_column(study))


_HIDDEN_AREA = Label(
    nl=" Bij een verborgen aantal staan hier alleen grenzen.", en=" Of a hidden count only the bounds are given."
)
_HIDDEN_PART = Label(
    nl=" Waar het verborgen deel klein is staan hier alleen grenzen.",
    en=" Where the hidden part is small only the bounds are given.",
)


def _codes(study: Study, names: tuple[str, ...]) -> Iterator[Column]:
    """Yield code and name of the area or of levels, then the years they belong to."""
    vintage = study.outcome.vintage
    for name in names:
        label = Label(nl=name, en=name) if name == study.area else level_label(study, name)
        code = Label(nl=f"code, grenzen van {vintage}", en=f"code, boundaries of {vintage}")
        yield Column(name, Label(nl=f"{label.nl}, code", en=f"{label.en}, code"), TEXT, code)
        yield Column(f"{name}_name", label, TEXT, Label(nl="naam", en="name"))
    year = Label(nl="jaar", en="year")
    yield Column("year", year, year, Label(nl="jaar waarover is geteld", en="year that was counted over"), "year")
    boundaries = Label(nl="jaar van de grenzen", en="year of the boundaries")
    only = Label(nl="codes gelden alleen bij deze grenzen", en="codes hold for these boundaries only")
    yield Column("vintage", boundaries, year, only, "year")


def _population(study: Study) -> Column:
    """Return the column of the people over whom was counted."""
    over = Label(nl="over wie is geteld", en="over whom was counted")
    return Column("population", study.outcome.population, unit_of(study, "count"), over, "count")


def _facts_of_areas(study: Study) -> Iterator[Column]:
    """Yield what was known of an area before the model."""
    yield from _codes(study, (study.area, *study.level_names))
    yield _population(study)
    people, counted = unit_of(study, "count"), study.outcome.count
    status = Label(
        nl="exact: bekend; rounded: afgerond; suppressed: verborgen; secondary: verborgen om een ander; "
        "missing: niet geleverd; zero: geen inwoners",
        en="exact: known; rounded: rounded; suppressed: hidden; secondary: hidden to protect another; "
        "missing: not delivered; zero: no inhabitants",
    )
    yield Column("status", Label(nl="status van het aantal", en="status of the count"), TEXT, status)
    published = Label(
        nl="het aantal zoals gepubliceerd; leeg waar verborgen", en="the count as published; empty where hidden"
    )
    yield Column("published_count", counted, people, published, "count")
    for suffix, bound, end in (
        ("_lower", Label(nl="minstens", en="at least"), Label(nl="kleinste", en="smallest")),
        ("_upper", Label(nl="hoogstens", en="at most"), Label(nl="grootste", en="largest")),
    ):
        stands = Label(
            nl=f"het {end.nl} aantal waar het gepubliceerde voor kan staan",
            en=f"the {end.en} count that the published one can stand for",
        )
        label = Label(nl=f"{counted.nl}, {bound.nl}", en=f"{counted.en}, {bound.en}")
        yield Column(f"count{suffix}", label, people, stands, "count", ENDED[suffix])
    missing = Label(nl="ontbrekende kenmerken", en="missing determinants")
    within = Label(nl="in het model opgenomen met hun onzekerheid", en="taken into the model with their uncertainty")
    yield Column("determinants_missing", missing, NUMBER, within, "count")


def _facts_of_groups(study: Study, level: str, *, everybody: bool) -> Iterator[Column]:
    """Yield what was known of a group before the model."""
    yield from _codes(study, lineage(study, level))
    areas = study.areas_label
    added = Label(
        nl=f"{areas.nl} in de studie die hier zijn opgeteld; weggelaten {areas.nl} tellen niet mee",
        en=f"{areas.en} in the study that are added up here; {areas.en} left out are not in it",
    )
    yield Column("areas", areas, NUMBER, added, "count")
    hidden = Label(nl="waarvan met verborgen aantal", en="of which with a hidden count")
    taken = Label(nl="meegeteld met hun onzekerheid", en="added up with their uncertainty")
    yield Column("areas_hidden", hidden, NUMBER, taken, "count")
    people, where = _population(study), in_its_areas(study)
    label = Label(nl=f"{people.label.nl}, {where.nl}", en=f"{people.label.en}, {where.en}")
    yield people if everybody else replace(people, label=label)


def _diagnostics(*, flags: bool) -> Iterator[Column]:
    """Yield how far the row may be relied on."""
    draws = Label(nl="effectieve trekkingen", en="effective draws")
    smallest = Label(
        nl="kleinste effectieve steekproefomvang (midden en staarten) van de schattingen in de rij; 400 is nodig",
        en="smallest effective sample size (bulk and tail) of the estimates in the row; 400 is needed",
    )
    yield Column("ess_min", draws, NUMBER, smallest, "count")
    if not flags:
        return
    meanings = Label(
        nl="hidden_count: verborgen; protecting_count: verborgen om een ander te beschermen; "
        "hidden_unlikely: verborgen, maar zo klein kan het aantal volgens het model niet "
        "zijn, dus reken niet op het oordeel; rounded_count: afgerond; missing_count: niet geleverd; "
        "partial_delivery: onvolledig geleverd; no_people: geen inwoners, dus geen aandeel en geen verhouding; "
        "missing_determinants: kenmerken ontbreken; special_area: "
        "waarschijnlijk bijzonder, met iets eigens zoals een instelling; imprecise: minder nauwkeurig dan "
        "report.least_precision vraagt; no_comparison: niets anders in dezelfde groep om mee te vergelijken, dus "
        "geen oordeel daarbinnen; coarsened_count: verborgen, en over meer waarden gespreid omdat het anders te zeker "
        "zou zijn; low_ess: te weinig effectieve trekkingen",
        en="hidden_count: hidden; protecting_count: hidden to protect another; "
        "hidden_unlikely: hidden, but by the model the count cannot be that small, so do not "
        "rely on the verdict; rounded_count: rounded; missing_count: not delivered; partial_delivery: delivered in "
        "part; no_people: no inhabitants, so no share and no ratio; missing_determinants: determinants are missing; "
        "special_area: probably "
        "special, with something of its own such as an institution; imprecise: less precise than "
        "report.least_precision asks for; no_comparison: nothing else in the same group to compare with, so no "
        "verdict inside it; coarsened_count: hidden, and spread over more values as it would be too certain; low_ess: "
        "too few effective draws",
    )
    yield Column("flags", Label(nl="let op", en="note"), TEXT, meanings)


Form = Literal["text", "year", "count", "share", "points", "ratio", "chance", "decimal"]
"""Text or codes; a year; a number of people or areas; a share from 0 to 1, shown as a percentage; percentage points; a
ratio; a probability from 0 to 1, shown as a percentage; another number, such as a correlation."""

IN_HEADERS: dict[Form, Label] = {
    "count": Label(nl="aantal", en="number"),
    "share": Label(nl="%", en="%"),
    "points": Label(nl="procentpunt", en="percentage points"),
    "ratio": Label(nl="verhouding", en="ratio"),
    "chance": Label(nl="%", en="%"),
}
NO_UNIT = Label(nl="", en="")
TEXT, NUMBER = Label(nl="tekst", en="text"), Label(nl="aantal", en="number")
CHANCE = Label(nl="kans, 0 tot 1", en="probability, 0 to 1")


Statistic = Literal["value", "mean", "lower", "upper", "probability"]
"""What a column gives of its quantity: a fact or a verdict; the mean of its draws; a bound; a probability."""
ENDED: dict[str, Statistic] = {"_lower": "lower", "_upper": "upper"}


class Interval(NamedTuple):
    """The interval of an estimate: the probability it holds, and its kind."""

    prob: float
    kind: Kind


@dataclass(frozen=True)
class Column:
    """One column of a table of results.

    Parameters
    ----------
    name : str
        As in the table.
    label, unit, definition : Label
        In Dutch and English.
    form : str
        What kind of value it is.
    statistic : str
        What it gives of its quantity.
    interval : Interval, optional
        The one that an estimate is given with. Bounds without it are those of what was published.
    """

    name: str
    label: Label
    unit: Label
    definition: Label
    form: Form = "text"
    statistic: Statistic = "value"
    interval: Interval | None = None

    @property
    def quantity(self) -> str:
        """The name of what is estimated: that of the column without the suffix of a bound.

        Examples
        --------
        >>> Column("ratio_x_lower", NO_UNIT, NO_UNIT, NO_UNIT, "ratio", "lower").quantity
        'ratio_x'
        """
        return self.name.removesuffix(f"_{self.statistic}") if self.statistic in ("lower", "upper") else self.name

    def interval_text(self, language: Language) -> str:
        """Return the interval in words; nothing where there is none.

        Examples
        --------
        >>> interval = Interval(0.9, "equal-tailed")
        >>> Column("ratio_x", NO_UNIT, NO_UNIT, NO_UNIT, "ratio", "mean", interval).interval_text("nl")
        '90%-interval (gelijke staarten)'
        """
        if self.interval is None:
            return ""
        return f"{interval_name(self.interval.prob, language)} ({INTERVAL_KINDS[self.interval.kind][language]})"

    def described(self, language: Language) -> str:
        """Return what it is, its unit, and the interval of an estimate (bounds name it themselves).

        Examples
        --------
        >>> words = Label(nl="verhouding", en="ratio")
        >>> Column("ratio_x", words, words, words, "ratio", "mean", Interval(0.9, "equal-tailed")).described("en")
        'ratio (ratio; 90% interval (equal-tailed))'
        """
        interval = self.interval_text(language) if self.statistic == "mean" else ""
        about = "; ".join(filter(None, (self.unit[language], interval)))
        return f"{self.definition[language]} ({about})"

    def header(self, language: Language) -> str:
        """Return the heading a reader sees: the label with what its numbers are.

        Examples
        --------
        >>> Column("share", Label(nl="gebruik", en="use"), NO_UNIT, NO_UNIT, "share").header("en")
        'Use (%)'
        """
        label = self.label[language]
        unit = IN_HEADERS.get(self.form)
        return label[:1].upper() + label[1:] + (f" ({unit[language]})" if unit else "")


BOUNDS = {"_lower": Label(nl="van", en="from"), "_upper": Label(nl="tot", en="to")}


_GIVEN = Label(
    nl=" Gegeven is dat Y tussen de onder- en bovengrens van het gepubliceerde aantal ligt.",
    en=" Given is that Y lies between the lower and the upper bound of the published count.",
)


def estimate_columns(study: Study, hidden: Label, where: Label | None = None) -> Iterator[Column]:
    """Yield the columns of all estimates; `hidden` says what is left out of the actual count where it is hidden.

    Of a group each says by `where` whether it is of its areas together or of everybody in it.
    """
    for column in _estimates(study, hidden, groups=where is not None):
        if where is None:
            yield column
            continue
        yield replace(column, label=Label(nl=f"{column.label.nl}, {where.nl}", en=f"{column.label.en}, {where.en}"))


def _estimates(study: Study, hidden: Label, *, groups: bool) -> Iterator[Column]:
    """Yield the columns of all estimates, of an area or of groups."""
    within = Label(nl=f"{hidden.nl}{_GIVEN.nl}", en=f"{hidden.en}{_GIVEN.en}")
    yield from _three(study, "actual_count", use_definition(study, "actual", "count"), "count", within)
    underlying = use_definition(study, "underlying", "share")
    yield from _three(study, "underlying_share", underlying, "share")
    for name in names_of_groups(study) if groups else expectation_names(study):
        given = expectation_named(study, name)
        yield from _three(study, f"expected_{name}_count", expected_definition(study, given, "count"), "count")
        if name not in main_names(study, groups=groups):
            continue
        share = expected_definition(study, given, "share")
        yield from _three(study, f"expected_{name}_share", share, "share")
        for scale in ("count", "points", "ratio"):
            column = f"ratio_{name}" if scale == "ratio" else f"difference_{name}_{scale}"
            yield from _three(study, column, difference_definition(study, underlying, share, scale), scale)
        yield from _said(study, name, share.label)


def _said(study: Study, name: str, of: Label) -> Iterator[Column]:
    """Yield the probabilities of a difference that matters, and the verdict."""
    margin = {reader: percent(study.report.margin, reader) for reader in LANGUAGES}
    for kind, nl, en, formula in (
        ("higher", f"meer dan {margin['nl']} hoger", f"more than {margin['en']} higher", "P(ratio > 1 + margin)"),
        (
            "within",
            f"hoogstens {margin['nl']} anders",
            f"at most {margin['en']} different",
            "P(1 - margin <= ratio <= 1 + margin)",
        ),
        ("lower", f"meer dan {margin['nl']} lager", f"more than {margin['en']} lower", "P(ratio < 1 - margin)"),
    ):
        label = Label(
            nl=f"kans dat het onderliggend gebruik {nl} is dan {of.nl}",
            en=f"probability that underlying use is {en} than {of.en}",
        )
        yield Column(f"p_{kind}_{name}", label, CHANCE, Label(nl=formula, en=formula), "chance", "probability")
    rule = VerdictRule()
    clear, wrong, probable = map(percent, (rule.clear, rule.false_discovery, rule.probable))
    classes = Label(
        nl="; ".join(f"{each}: {each.label.nl}" for each in VerdictClass), en="; ".join(map(str, VerdictClass))
    )
    meaning = Label(
        nl=f"{classes.nl}. Duidelijk: kans minstens {clear} en in de hele lijst naar verwachting hoogstens "
        f"{wrong} ten onrechte; waarschijnlijk en ongeveer: kans minstens {probable}.",
        en=f"{classes.en}. Clearly: probability at least {clear} and in the whole list at most "
        f"{wrong} expected to be wrong; probably and about: probability at least "
        f"{probable}.",
    )
    label = Label(nl=f"oordeel: onderliggend gebruik tegenover {of.nl}", en=f"verdict: underlying use against {of.en}")
    yield Column(f"verdict_{name}", label, TEXT, meaning)


def _three(study: Study, name: str, definition: Definition, form: Form, more: Label = NO_UNIT) -> Iterator[Column]:
    """Yield the column of an estimate and of both bounds of its interval."""
    kind, size = study.report.interval_kind, f"{100 * study.report.interval:g}%"
    interval = Interval(study.report.interval, kind)
    mean = Label(
        nl=f"{definition.answers.nl}{more.nl} Gemiddelde van de trekkingen van {definition.formula}.",
        en=f"{definition.answers.en}{more.en} Mean of the draws of {definition.formula}.",
    )
    yield Column(name, definition.label, definition.unit, mean, form, "mean", interval)
    for suffix, bound in BOUNDS.items():
        end = Label(
            nl="ondergrens" if suffix == "_lower" else "bovengrens",
            en="lower bound" if suffix == "_lower" else "upper bound",
        )
        text = Label(
            nl=f"{end.nl} van het {size}-interval ({INTERVAL_KINDS[kind].nl}) van {name}",
            en=f"{end.en} of the {size} interval ({kind}) of {name}",
        )
        label = Label(nl=f"{definition.label.nl}, {bound.nl}", en=f"{definition.label.en}, {bound.en}")
        yield Column(f"{name}{suffix}", label, definition.unit, text, form, ENDED[suffix], interval)


ENDS = (
    ("_lower", Label(nl="minstens", en="at least"), Label(nl="kleinste", en="smallest")),
    ("_upper", Label(nl="hoogstens", en="at most"), Label(nl="grootste", en="largest")),
)


def total_columns(study: Study, level: str, *, shares: bool) -> Iterator[Column]:
    """Yield the bounds of the published total, and with `shares` those of the part of it that is in no area."""
    counted, people, areas = study.outcome.count, unit_of(study, "count"), study.areas_label
    for suffix, bound, end in ENDS:
        label = Label(
            nl=f"{counted.nl}, {level} als geheel, {bound.nl}", en=f"{counted.en}, {level} as a whole, {bound.en}"
        )
        stands = Label(
            nl=f"het {end.nl} aantal waar het gepubliceerde totaal van de {level} zelf voor kan staan; leeg waar dat "
            "ontbreekt",
            en=f"the {end.en} count that the published total of the {level} itself can stand for; empty where there "
            "is none",
        )
        yield Column(f"published_total{suffix}", label, people, stands, "count", ENDED[suffix])
    share = Label(nl="aandeel, 0 tot 1", en="share, 0 to 1")
    for suffix, bound, end in ENDS if shares else ():
        label = Label(
            nl=f"deel van de {level} dat in geen enkele {study.area} staat, {bound.nl}",
            en=f"part of the {level} that is in no {study.area}, {bound.en}",
        )
        meaning = Label(
            nl=f"het {end.nl} deel van het gepubliceerde totaal dat in geen van de {areas.nl} kan staan, ook niet in "
            f"weggelaten {areas.nl}: mensen van wie het adres niet bekend is",
            en=f"the {end.en} part of the published total that can be in none of the {areas.en}, those left out "
            "included: people whose address is not known",
        )
        yield Column(f"unplaced_share{suffix}", label, share, meaning, "share", ENDED[suffix])


def unplaced_columns(study: Study, level: str) -> Iterator[Column]:
    """Yield the part of a group that is counted in its areas, and the share that is in none."""
    where = in_its_areas(study)
    actual = use_definition(study, "actual", "count")
    label = Label(nl=f"{actual.label.nl}, {where.nl}", en=f"{actual.label.en}, {where.en}")
    yield from _three(study, "placed_count", replace(actual, label=label), "count", _HIDDEN_PART)
    area, whole = study.area, level_label(study, level)
    unplaced = Definition(
        "unplaced",
        Label(nl=f"deel dat in geen enkele {area} staat", en=f"part that is in no {area}"),
        Label(
            nl=f"Welk deel van wie in de {whole.nl} is geteld staat in geen enkele {area}, gecorrigeerd voor toeval?",
            en=f"What part of those counted in the {whole.en} is in no {area}, without chance?",
        ),
        "pi",
        Label(nl="aandeel, 0 tot 1", en="share, 0 to 1"),
    )
    yield from _three(study, "unplaced_share", unplaced, "share")


def flag_column(study: Study) -> Column:
    """Return the column that says why a verdict on a group is not given."""
    area, areas = study.area, study.areas_label
    meanings = Label(
        nl=f"unplaced: een oordeel is niet gegeven, omdat wie in geen enkele {area} staat het kan doen omslaan; whole: "
        f"alle {areas.nl} van de studie samen, die alleen met zichzelf zijn te vergelijken; predicted: van geen enkele "
        f"{area} is iets geteld, dus alles in de rij is voorspeld",
        en=f"unplaced: a verdict is not given, as those who are in no {area} could turn it; whole: all {areas.en} "
        "of the study together, which have only themselves to be compared with; predicted: nothing was counted in any "
        f"{area}, so all of the row is predicted",
    )
    return Column("flags", Label(nl="let op", en="note"), TEXT, meanings)
