"""The columns of the table per area, and of the table per group of a level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bayesmodel.estimates.definition import level_label, place_label, unit_of
from bayesmodel.estimates.given import lineage
from bayesmodel.outputs.columns.column import NUMBER, TEXT, Column
from bayesmodel.outputs.columns.estimates import estimate_columns
from bayesmodel.outputs.columns.totals import flag_column, total_columns
from bayesmodel.study import Label, Study


def columns_of(study: Study, level: str | None = None, *, totals: bool = False) -> tuple[Column, ...]:
    """Return the columns of the table per area of a study, or per group of a level; the first is its index.

    Parameters
    ----------
    study : Study
    level : str, optional
        A level; the areas when left out.
    totals : bool
        Whether totals of groups of the level are published.

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
    published = (*total_columns(study, level),) if totals else ()
    estimates = estimate_columns(study, _HIDDEN_PART, together=True)
    return (*_facts_of_groups(study, level), *published, *estimates, *_diagnostics(flags=False), flag_column(study))


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
        nl="exact: bekend; rounded: afgerond; suppressed: verborgen; missing: niet geleverd; zero: geen inwoners",
        en="exact: known; rounded: rounded; suppressed: hidden; missing: not delivered; zero: no inhabitants",
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
        yield Column(f"count{suffix}", label, people, stands, "count")
    missing = Label(nl="ontbrekende kenmerken", en="missing determinants")
    within = Label(nl="in het model opgenomen met hun onzekerheid", en="taken into the model with their uncertainty")
    yield Column("determinants_missing", missing, NUMBER, within, "count")


def _facts_of_groups(study: Study, level: str) -> Iterator[Column]:
    """Yield what was known of a group before the model."""
    yield from _codes(study, lineage(study, level))
    label = Label(nl=f"gebieden ({study.area})", en=f"areas ({study.area})")
    added = Label(
        nl="gebieden in de studie die hier zijn opgeteld; weggelaten gebieden tellen niet mee",
        en="areas in the study that are added up here; areas left out are not in it",
    )
    yield Column("areas", label, NUMBER, added, "count")
    hidden = Label(nl="waarvan met verborgen aantal", en="of which with a hidden count")
    taken = Label(nl="meegeteld met hun onzekerheid", en="added up with their uncertainty")
    yield Column("areas_hidden", hidden, NUMBER, taken, "count")
    people, where = _population(study), place_label(study)
    yield replace(people, label=Label(nl=f"{people.label.nl}, {where.nl}", en=f"{people.label.en}, {where.en}"))


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
        nl="hidden_count: verborgen; hidden_unlikely: verborgen, maar zo klein kan het aantal volgens het model niet "
        "zijn, dus reken niet op het oordeel; rounded_count: afgerond; missing_count: niet geleverd; no_people: "
        "geen inwoners, dus geen aandeel en geen verhouding; missing_determinants: kenmerken ontbreken; low_ess: te "
        "weinig effectieve trekkingen",
        en="hidden_count: hidden; hidden_unlikely: hidden, but by the model the count cannot be that small, so do not "
        "rely on the verdict; rounded_count: rounded; missing_count: not delivered; no_people: no inhabitants, so "
        "no share and no ratio; missing_determinants: determinants are missing; low_ess: too few effective draws",
    )
    yield Column("flags", Label(nl="let op", en="note"), TEXT, meanings)
