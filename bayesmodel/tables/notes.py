"""What readers are always told, in Dutch and English; no export leaves it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bayesmodel.data import Counts, Status
from bayesmodel.data.totals import pooled_unplaced_share, totals_in_model, usable_totals
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.disclosure import not_for_publication
from bayesmodel.estimates.expectation import expectation_named, main_names
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.group_totals import whole_groups
from bayesmodel.estimates.groups import groups_of
from bayesmodel.estimates.leave_out_effects import without_others
from bayesmodel.format import percent
from bayesmodel.messages import Language, number
from bayesmodel.study import Label

WARNING: Mapping[Language, str] = {
    "nl": "NIET GECONVERGEERD: vertrouw niet op deze uitkomsten. {problems}",
    "en": "NOT CONVERGED: nobody may rely on these results. {problems}",
}

NOTES: Mapping[Language, tuple[str, ...]] = {
    "nl": (
        "Geteld: {count}, van alle {population}; jaar {year}, grenzen van {vintage}. Dit is geen voorspelling.",
        "Veel gebruik of een groot verschil is geen teken van goed of slecht beleid. Veel gebruik kan komen door veel "
        "problemen of door een goed bereik; weinig gebruik doordat hulp elders wordt gevonden, zoals bij de huisarts "
        "of in de eigen kring, of doordat wie hulp nodig heeft die niet krijgt.",
        "Een groot verschil wijst op kenmerken die niet in het model zitten en is een reden om verder te kijken.",
        "Verwacht gebruik is geen behoefte aan hulp.",
        "Een verschil is een verschil met één bepaalde verwachting; noem die er altijd bij. In de tabel:{expectations}",
        "Verbanden tussen {areas} zeggen niets over personen.",
        "Intervallen zijn geloofwaardigheidsintervallen: ze bevatten de waarde met een kans van {interval}.",
        "Aantal {areas}: {number}. Verborgen omdat het aantal klein is: {hidden}; die zitten met hun "
        "onzekerheid in het model en hebben in de tabel de status verborgen (suppressed). Niet geleverd: {missing}.",
        "Aantal weggelaten {areas}: {left_out}.{left_out_list}",
    ),
    "en": (
        "Counted: {count}, of all {population}; year {year}, boundaries of {vintage}. This is no forecast.",
        "High use or a large difference is no sign of good or bad policy. High use can come from many problems or from "
        "good reach; low use from help that is found elsewhere, as with the GP or in one's own circle, or from need "
        "that is not reached.",
        "A large difference points to traits that are not in the model and is a reason to look further.",
        "Expected use is not need.",
        "A difference is a difference from one particular expectation; always name it. In the table:{expectations}",
        "Relations between {areas} say nothing about individuals.",
        "Intervals are credible intervals: they hold the value with a probability of {interval}.",
        "Number of {areas}: {number}. Hidden because the count is small: {hidden}; they are in the model with their "
        "uncertainty and have the status hidden (suppressed) in the table. Not delivered: {missing}.",
        "Number of {areas} left out: {left_out}.{left_out_list}",
    ),
}

TOGETHER: Mapping[Language, str] = {
    "nl": "Cijfers van groepen ({levels}) zijn die van hun {areas} samen.",
    "en": "Figures of groups ({levels}) are of their {areas} together.",
}
OTHERS: Mapping[Language, str] = {
    "nl": "{name} is wat te verwachten is op grond van de kenmerken en van de andere {areas} in dezelfde {level}; het "
    "eigen gebruik telt daarin niet mee. Zo is een {area} te vergelijken met de rest van de {level}.{alone}",
    "en": "{name} is what one would expect from the determinants and from the other {areas} in the same {level}; the "
    "use of the {area} itself has no part in it. So a {area} can be held against the rest of its {level}.{alone}",
}
ALONE: Mapping[Language, str] = {
    "nl": " Zonder een andere {area} waarvan iets geteld is, is binnen de {level} geen vergelijking mogelijk; aantal "
    "{areas} waarvoor dat geldt: {number}.",
    "en": " Where no other {area} was counted there is no comparison inside the {level}; number of {areas} "
    "for which that holds: {number}.",
}
EVERYBODY: Mapping[Language, str] = {
    "nl": "Cijfers van groepen ({levels}) gaan over iedereen die er is geteld, ook wie in geen enkele {area} staat. "
    "Hoeveel dat er zijn is per {level} geschat uit de gepubliceerde totalen: samen {share}. Verwacht gebruik is "
    "overal met hetzelfde deel verhoogd, zodat een groep waar meer mensen in geen enkele {area} staan dan elders niet "
    "te laag lijkt. Wat in de {areas} samen is geteld staat er in eigen kolommen naast.",
    "en": "Figures of groups ({levels}) are about everybody counted there, those in no {area} included. How many these "
    "are is estimated per {level} from the published totals: {share} of all. Expected use is raised by the same part "
    "everywhere, so that a group with more people in no {area} than elsewhere does not seem too low. What is counted "
    "in the {areas} together stands beside it in columns of its own.",
}
UNPLACED: Mapping[Language, str] = {
    "nl": "Van wie in een {level} is geteld staat {share} in geen enkele {area}, doordat het adres niet bekend is. Dat "
    "deel verschilt per {level}; waar het een oordeel over de {areas} samen kan doen omslaan is dat niet gegeven.",
    "en": "Of those counted in a {level} {share} are in no {area}, as their address is not known. That part differs "
    "between groups; where it could turn a verdict on the {areas} together none is given.",
}


def reading_notes(counts: Counts, language: Language, *, listing: bool = True) -> tuple[str, ...]:
    """Return what readers of any result must be told, in sentences.

    Parameters
    ----------
    counts : Counts
        The counts the results rest on.
    language : {"nl", "en"}
        Language of the sentences; both hold the same numbers.
    listing : bool
        Whether to list the areas left out one by one.

    Returns
    -------
    tuple of str
        One paragraph each.
    """
    study, left_out = counts.study, counts.areas.left_out
    expectations = [expected_definition(study, expectation_named(study, name), "share") for name in main_names(study)]
    facts = {
        "count": study.outcome.count[language],
        "population": study.outcome.population[language],
        "year": study.outcome.year,
        "vintage": study.outcome.vintage,
        "interval": percent(study.report.interval, language),
        "expectations": "".join(
            f"\n  {each.label[language]} ({each.name}): {each.answers[language]}" for each in expectations
        ),
        "areas": study.areas_label[language],
        "number": number(len(counts), ",", language),
        "hidden": number(int(np.count_nonzero(counts.status == Status.SUPPRESSED)), ",", language),
        "missing": number(int(np.count_nonzero(counts.status == Status.MISSING)), ",", language),
        "left_out": number(len(left_out), ",", language),
        "left_out_list": "".join(
            f"\n  {code} {row['name']}: {row['reason']}" for code, row in left_out.iterrows() if listing
        ),
    }
    said = (note.format(**facts) for note in NOTES[language])
    about = (*_of_suppression(counts, language), *_of_secondary(counts, language), *_of_others(counts, language))
    return (*not_for_publication(counts, language), *said, *about, *_of_groups(counts, language))


SUPPRESSED = Label(
    nl="Aantallen onder {limit} stonden in de gegevens. Zij zijn verborgen voordat er gerekend is, met {others} andere "
    "waaruit ze zouden volgen; niets hier is met die aantallen gemaakt.",
    en="Counts under {limit} were in the data. They were hidden before anything was computed, with {others} others "
    "from which they would follow; nothing here was made of those counts.",
)


def _of_suppression(counts: Counts, language: Language) -> tuple[str, ...]:
    """Return what readers must be told of counts that were hidden here; nothing where none were."""
    made = counts.areas.suppression
    if made is None:
        return ()
    others, limit = number(len(made.protects), ",", language), number(made.limit, ",", language)
    return (SUPPRESSED[language].format(limit=limit, others=others),)


SECONDARY = Label(
    nl="Van {number} {areas} is het aantal verborgen om een ander te beschermen: het hoeft niet klein te zijn, en "
    "wat er staat rust vooral op het model. Zij tellen niet mee bij de kleine aantallen die verborgen zijn.",
    en="Of {number} {areas} the count is hidden to protect another: it need not be small, and what is given rests "
    "mostly on the model. They are not counted among the small counts that are hidden.",
)


def _of_secondary(counts: Counts, language: Language) -> tuple[str, ...]:
    """Return what readers must be told of counts that are hidden to protect another; nothing where there are none."""
    secondary = int(np.count_nonzero(counts.status == Status.SECONDARY))
    areas = counts.study.areas_label[language]
    said = SECONDARY[language].format(number=number(secondary, ",", language), areas=areas)
    return (said,) if secondary else ()


def _of_others(counts: Counts, language: Language) -> Iterator[str]:
    """Yield what readers of a comparison with other areas must be told, for each expectation from others."""
    study, areas = counts.study, counts.study.areas_label[language]
    for each in (expectation_named(study, name) for name in main_names(study)):
        if not each.from_others:
            continue
        alone = int(np.count_nonzero(without_others(counts, each.levels[0])))
        facts = {"level": level_label(study, each.levels[0])[language], "areas": areas, "area": study.area}
        said = ALONE[language].format(number=number(alone, ",", language), **facts) if alone else ""
        yield OTHERS[language].format(name=f"expected.{each.name}", alone=said, **facts)


def _of_groups(counts: Counts, language: Language) -> tuple[str, ...]:
    """Return what readers of figures of groups must be told; nothing in a study without levels."""
    study = counts.study
    if not study.level_names:
        return ()
    areas, model = study.areas_label[language], totals_in_model(counts)
    whole = [name for name in study.level_names if model and whole_groups(counts, groups_of(counts, name)) is not None]
    others, said = [name for name in study.level_names if name not in whole], []
    if whole and model:
        everywhere = pooled_unplaced_share(usable_totals(counts.totals[counts.totals["level"] == model[0]]))
        facts = {"levels": ", ".join(whole), "level": model[0], "share": percent(everywhere, language, 1)}
        said.append(EVERYBODY[language].format(area=study.area, areas=areas, **facts))
    if others:
        said.append(TOGETHER[language].format(levels=", ".join(others), areas=areas))
    for level, totals in counts.totals.groupby("level", sort=False) if len(counts.totals) else ():
        share = pooled_unplaced_share(usable_totals(totals))
        if share > 0 and level in others:
            shown = percent(share, language, 1)
            said.append(UNPLACED[language].format(level=level, area=study.area, areas=areas, share=shown))
    return (" ".join(said),)
