"""The columns of what is published of a group itself, beside its areas together."""

from __future__ import annotations

from collections.abc import Iterator

from bayesmodel.estimates.definition import unit_of
from bayesmodel.outputs.columns.column import TEXT, Column
from bayesmodel.study import Label, Study
from bayesmodel.study.parts import areas_label

ENDS = (
    ("_lower", Label(nl="minstens", en="at least"), Label(nl="kleinste", en="smallest")),
    ("_upper", Label(nl="hoogstens", en="at most"), Label(nl="grootste", en="largest")),
)


def total_columns(study: Study, level: str) -> Iterator[Column]:
    """Yield the bounds of the published total, and of the share of it that is in none of the areas."""
    counted, people, areas = study.outcome.count, unit_of(study, "count"), areas_label(study.area)
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
        yield Column(f"published_total{suffix}", label, people, stands, "count")
    share = Label(nl="aandeel, 0 tot 1", en="share, 0 to 1")
    for suffix, bound, end in ENDS:
        label = Label(
            nl=f"deel van de {level} dat in geen enkele {study.area} staat, {bound.nl}",
            en=f"part of the {level} that is in no {study.area}, {bound.en}",
        )
        meaning = Label(
            nl=f"het {end.nl} deel van het gepubliceerde totaal dat in geen van de {areas.nl} kan staan, ook niet in "
            "weggelaten gebieden: mensen van wie het adres niet bekend is",
            en=f"the {end.en} part of the published total that can be in none of the {areas.en}, those left out "
            "included: people whose address is not known",
        )
        yield Column(f"unplaced_share{suffix}", label, share, meaning, "share")


def flag_column(study: Study) -> Column:
    """Return the column that says why a verdict on a group is not given."""
    area = study.area
    meanings = Label(
        nl=f"unplaced: een oordeel is niet gegeven, omdat wie in geen enkele {area} staat het kan doen omslaan; whole: "
        "alle gebieden van de studie samen, die alleen met zichzelf zijn te vergelijken",
        en=f"unplaced: a verdict is not given, as those who are in no {area} could turn it; whole: all areas of the "
        "study together, which have only themselves to be compared with",
    )
    return Column("flags", Label(nl="let op", en="note"), TEXT, meanings)
