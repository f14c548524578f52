"""One sentence per area, in Dutch and in English, with the same numbers in both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.data import CONCEALED, Status
from bayesmodel.data.codes import folded
from bayesmodel.data.delivery import partly_delivered
from bayesmodel.data.suppression import shown_windows
from bayesmodel.estimates.definition import in_its_areas, level_label
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expectation import expectation_named
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.group_totals import everybody_in, whole_groups
from bayesmodel.estimates.groups import Grouping, Groups, groups_of
from bayesmodel.estimates.hidden_check import doubtful_hidden
from bayesmodel.estimates.joint_counts import unplaced_of_fit
from bayesmodel.estimates.leave_out_effects import NO_COMPARISON
from bayesmodel.estimates.quantities import Quantity, definition_of, estimate_of, named
from bayesmodel.estimates.special import special_areas
from bayesmodel.estimates.unplaced import WHOLE as WHOLE_STUDY
from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.estimates.verdicts import Verdicts, verdicts
from bayesmodel.format import between, interval_name, probability
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES, Language, number
from bayesmodel.study import Label, Study

WHOLE_FROM = 100
"""Expected numbers of at least this are written without decimals."""
Integers = NDArray[np.int64]
Rows = dict[str, dict[Any, Any]]


@dataclass(frozen=True)
class _Facts:
    """The facts that the sentences state, by code."""

    study: Study
    areas: Rows
    count: Rows
    expected: Rows
    judged: Rows
    margin: float
    probable: float
    """The probability that a verdict needs."""
    expectation: Label
    inside: Label
    """The innermost level of the expectation."""


def explain(
    fit: Fit, areas: Grouping, expectation: str = "determinants", rule: VerdictRule | None = None
) -> pd.DataFrame:
    """Return one sentence per area: how many use care, how many were expected, and the verdict on the difference.

    A hidden count is described as an estimate within the published bounds, never as a number. Verdicts take all areas
    of the same kind into account, so that an area's sentence does not depend on which other areas are requested.

    Parameters
    ----------
    fit : Fit
        The posterior.
    areas : str, sequence of str, mapping, Series, or None
        Areas, groups of a level, or user-defined groups, as in `aggregate`.
    expectation : str
        The expectation, named as in `expected`.
    rule : VerdictRule, optional
        As in `verdicts`.

    Returns
    -------
    DataFrame
        Indexed by code; columns ``nl`` and ``en``, with the same numbers.

    Raises
    ------
    UnknownNameError
        There is no such expectation, area or group.
    ComparisonError
        A group is empty, or is given twice.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> print(explain(invented_fit(), "WK000102").loc["WK000102", "en"])  # doctest: +NORMALIZE_WHITESPACE, +ELLIPSIS
    Wijk 000102 (WK000102) has an estimated 1 to 9 young people in care among 60 young people (90% interval; the count
    is hidden and lies between 0 and 9); expected from the determinants: 5.1 (90% interval 3.8 to 6.5); ...
    """
    groups = groups_of(fit.counts, areas)
    facts = _facts(fit, groups, expectation, rule)
    doubtful = set(doubtful_hidden(fit)) if (fit.counts.status == Status.SUPPRESSED).any() else set()
    partial = _in_part(fit, groups)
    single = groups.dim == fit.study.area
    special = special_areas(fit, list(groups.codes)).to_dict() if single else {}
    sentences: dict[str, list[str]] = {}
    for language in LANGUAGES:
        sentences[language] = [
            _sentence(facts, code, language)
            + (
                f" {SPECIAL[language].format(chance=probability(special[code], language), area=fit.study.area)}"
                if code in special
                else ""
            )
            + (f" {DOUBTFUL[language]}" if code in doubtful else "")
            + (f" {NOTHING_COUNTED[language]}" if _nothing_counted(facts.areas[code]) else "")
            + (f" {PARTIAL[language]}" if code in partial else "")
            for code in facts.areas
        ]
    return pd.DataFrame(sentences, index=groups.codes)


def _nothing_counted(row: dict[Any, Any]) -> bool:
    """Whether all of an area or a group is predicted."""
    return row["people"] > 0 and not row["observed"]


def _facts(fit: Fit, groups: Groups, to: str, rule: VerdictRule | None) -> _Facts:
    """Collect the facts about the groups."""
    kinds = (fit.study.area, *fit.study.level_names)
    judged = verdicts(fit, to, groups.dim if groups.dim in kinds else _as_mapping(fit, groups), rule=rule)
    count = estimate_of(fit, Quantity("actual", None, "count"), groups).summary()
    expectation = estimate_of(fit, Quantity(None, to, "count"), groups).summary()
    lower, upper, people = (
        groups.total(values[groups.rows]) for values in (*shown_windows(fit.counts), fit.counts.population)
    )
    status = [str(fit.counts.status[rows[0]]) if len(rows) == 1 else "" for rows in groups.rows_of_each]
    everybody = everybody_in(fit, groups)
    if everybody is not None:
        lower, upper, status = _published(fit, groups)
        people = people + everybody.people.astype(np.int64)
    table = pd.DataFrame(
        {
            "name": groups.names,
            "people": people,
            "least": lower,
            "most": upper,
            "status": status,
            "areas": [len(rows) for rows in groups.rows_of_each],
            "together": [
                everybody is None and any(code in labels for labels in fit.counts.areas.level_labels.values())
                for code in groups.codes
            ],
            "everybody": everybody is not None,
            "level": _levels_of_shared_names(fit, groups),
            "observed": groups.total(fit.counts.observed[groups.rows].astype(np.int64)) > 0,
            "hidden": groups.total(np.isin(fit.counts.status, CONCEALED)[groups.rows].astype(np.int64)),
            "rounded": groups.total(_of_several(fit)[groups.rows].astype(np.int64)),
        },
        index=groups.codes,
    )
    if everybody is not None:
        drawn = named(fit, everybody.share, groups)
        unplaced = Estimate(drawn, definition_of(fit.study, Quantity("actual", None, "share")), fit.study)
        table = table.join(unplaced.summary()[["lower", "upper"]].rename(columns=UNPLACED_COLUMNS))
    given = expectation_named(fit.study, to)
    label = expected_definition(fit.study, given, "count").label
    inside = level_label(fit.study, given.levels[0]) if given.levels else label
    tables = (table, count, expectation, _judgement(judged, list(groups.codes)))
    rows = [{str(code): row for code, row in table.to_dict(orient="index").items()} for table in tables]
    rule = judged.rule
    return _Facts(fit.study, rows[0], rows[1], rows[2], rows[3], rule.margin or 0.0, rule.probable, label, inside)


def _levels_of_shared_names(fit: Fit, groups: Groups) -> list[str]:
    """Return the level of each group whose name another level has too, such as a region called after a gemeente."""
    labels = fit.counts.areas.level_labels
    called = {level: {folded(str(name)) for name in names} for level, names in labels.items()}
    levels = []
    for code, name in zip(groups.codes, groups.names, strict=True):
        own = next((str(level) for level, names in labels.items() if code in names.index), "")
        others = any(folded(str(name)) in names for level, names in called.items() if level != own)
        levels.append(own if own and others else "")
    return levels


def _of_several(fit: Fit) -> NDArray[np.bool_]:
    """Return which areas show a number that stands for several, as a rounded one does (area,)."""
    return np.asarray(fit.counts.shown & (fit.counts.lower < fit.counts.upper))


def _in_part(fit: Fit, groups: Groups) -> set[str]:
    """Return the areas, and the groups with areas, whose registration was delivered in part."""
    marked = partly_delivered(fit.study, fit.counts.areas.levels)
    return {str(code) for code, rows in zip(groups.codes, groups.rows_of_each, strict=True) if marked[rows].any()}


def _published(fit: Fit, groups: Groups) -> tuple[Integers, Integers, list[str]]:
    """Return bounds of the totals of groups of everybody, and what each is: exact where it is known, missing where not.

    A group of several with a total has the sum of theirs.
    """
    inside, share = whole_groups(fit.counts, groups) or [], unplaced_of_fit(fit)
    totals = [each.total for each in share.groups] if share else []
    lower, upper, status = np.zeros(len(inside), np.int64), np.zeros(len(inside), np.int64), []
    for column, members in enumerate(inside):
        known = [total for member in members if (total := totals[member]) is not None]
        lower[column], upper[column] = sum(low for low, _ in known), sum(high for _, high in known)
        if len(known) < len(members):
            upper[column] = lower[column] + 1  # not known: an estimate
        status.append(Status.ROUNDED if len(known) == len(members) else Status.MISSING)
    return lower, upper, [str(each) for each in status]


def _as_mapping(fit: Fit, groups: Groups) -> dict[str, list[str]]:
    """Return groups as a mapping from name to area codes."""
    codes = fit.counts.areas.codes
    return {str(name): codes[rows].tolist() for name, rows in zip(groups.codes, groups.rows_of_each, strict=True)}


def _judgement(judged: Verdicts, codes: list[str]) -> pd.DataFrame:
    """Return the verdicts with their probabilities, the ratio and its interval."""
    ratio = judged.ratio.select(codes).summary()[["mean", "lower", "upper"]]
    totals = judged.unplaced.totals.rename(columns={"lower": "total_lower", "upper": "total_upper"})
    known = judged.probabilities.join(totals).assign(verdict=judged.classes, withheld=judged.withheld)
    return ratio.join(known)


def _sentence(facts: _Facts, code: str, language: Language) -> str:
    """Return the sentence of one area."""
    row, study = facts.areas[code], facts.study
    people, counted = study.outcome.population[language], study.outcome.count[language]
    shown = f"{level_label(study, row['level'])[language]} {code}" if row["level"] else code
    name = f"{row['name']} ({shown})" if row["name"] != code else code
    if row["people"] == 0:
        return NOBODY[language].format(name=name, people=people)
    where = WHERE[language].format(where=in_its_areas(study)[language]) if row["together"] else ""
    common = {"name": name, "counted": counted, "all": number(row["people"], ",", language), "people": people}
    common["where"] = where
    least, most = number(row["least"], ",", language), number(row["most"], ",", language)
    interval = interval_name(study.report.interval, language)
    if row["least"] == row["most"]:
        share = number(row["least"] / row["people"], ".1%", language)
        use = KNOWN[language].format(count=least, share=share, **common)
    else:
        parts_of = (PARTLY_BOTH if row["hidden"] else PARTLY_ROUNDED) if row["rounded"] else PARTLY
        why = WHY[Status(row["status"])] if row["status"] else parts_of
        if row["everybody"] and row["status"] == Status.MISSING:
            why = NO_TOTAL
        words = {"area": study.area, "areas": study.areas_label[language], "number": row["areas"]}
        reason = why[language].format(least=least, most=most, hidden=row["hidden"], rounded=row["rounded"], **words)
        count = facts.count[code]
        use = ESTIMATED[language].format(
            low=number(count["lower"], ",.0f", language),
            high=number(count["upper"], ",.0f", language),
            interval=interval,
            why=reason,
            **common,
        )
    expected = facts.expected[code]
    form = ",.1f" if expected["mean"] < WHOLE_FROM else ",.0f"
    mean, low, high = (number(expected[name], form, language) for name in ("mean", "lower", "upper"))
    expectation = EXPECTED[language].format(
        expectation=facts.expectation[language], mean=mean, interval=interval, low=low, high=high
    )
    parts = [use, *_whole(facts, code, language), expectation, _finding(facts, code, language)]
    return "; ".join(parts) + "."


def _whole(facts: _Facts, code: str, language: Language) -> list[str]:
    """Return the clause on a group's published total and the share of it in no area; empty where no total is known."""
    row, own = facts.judged[code], facts.areas[code]
    if own["everybody"]:
        low, high = (number(own[column], ".1%", language) for column in UNPLACED_COLUMNS.values())
        pooled = number(row["pooled_share"], ".1%", language) if not np.isnan(row["pooled_share"]) else None
        beside = OF_ALL_TOTALS[language].format(pooled=pooled) if pooled else ""
        interval = interval_name(facts.study.report.interval, language)
        said = AMONG[language].format(low=low, high=high, area=facts.study.area, pooled=beside, interval=interval)
        return [said] if low != high else []
    if np.isnan(row["total_lower"]):
        return []

    def bounds(low: float, high: float, form: str) -> str:
        least, most = number(low, form, language), number(high, form, language)
        return least if least == most else between(least, most, language)

    return [
        WHOLE[language].format(
            total=bounds(row["total_lower"], row["total_upper"], ",.0f"),
            share=bounds(row["share_lower"], row["share_upper"], ".1%"),
            pooled=number(row["pooled_share"], ".1%", language),
            area=facts.study.area,
        )
    ]


def _finding(facts: _Facts, code: str, language: Language) -> str:
    """Return the clause on what can be concluded about the difference."""
    row, margin = facts.judged[code], number(facts.margin, ".0%", language)
    columns = {"ratio": "mean", "low": "lower", "high": "upper"}
    ratio = {name: number(row[column], ".2f", language) for name, column in columns.items()}
    verdict = VerdictClass(row["verdict"])
    if row["withheld"] == NO_COMPARISON:
        alone = ALONE if facts.areas[code]["areas"] == 1 else AMONG_THEMSELVES
        words = {"area": facts.study.area, "areas": facts.study.areas_label[language]}
        return alone[language].format(level=facts.inside[language], **words)
    if row["withheld"] == WHOLE_STUDY:
        return ITSELF[language].format(areas=facts.study.areas_label[language])
    if row["withheld"]:
        return WITHHELD[language].format(where=in_its_areas(facts.study)[language], area=facts.study.area, **ratio)
    if verdict is VerdictClass.INCONCLUSIVE:
        up, down = (_short_of(facts.probable, row[column], language) for column in ("p_higher", "p_lower"))
        return UNSURE[language].format(up=up, down=down, margin=margin, **ratio)
    side = {"higher": "higher", "lower": "lower"}.get(verdict.split()[-1], "within")
    return FOUND[language].format(
        verdict=verdict.label[language],
        chance=probability(row[f"p_{side}"], language),
        beyond=BEYOND[side][language].format(margin=margin),
        **ratio,
    )


def _short_of(limit: float, chance: float, language: Language) -> str:
    """Return a probability in words, with a decimal where whole per cents would reach a limit that it does not."""
    if chance < limit <= round(chance, 2):
        return number(math.floor(chance * 1000) / 1000, ".1%", language)
    return probability(chance, language)


NOBODY = Label(nl="{name} telt geen {people}.", en="{name} has no {people}.")
KNOWN = Label(
    nl="{name} telt{where} {count} {counted} op {all} {people} ({share})",
    en="{name} has{where} {count} {counted} among {all} {people} ({share})",
)
ESTIMATED = Label(
    nl="{name} telt{where} naar schatting {low} tot {high} {counted} op {all} {people} ({interval}; {why})",
    en="{name} has{where} an estimated {low} to {high} {counted} among {all} {people} ({interval}; {why})",
)
WHY = {
    Status.SUPPRESSED: Label(
        nl="het aantal is verborgen en ligt tussen {least} en {most}",
        en="the count is hidden and lies between {least} and {most}",
    ),
    Status.SECONDARY: Label(
        nl="het aantal is verborgen om een ander te beschermen en ligt tussen {least} en {most}",
        en="the count is hidden to protect another and lies between {least} and {most}",
    ),
    Status.ROUNDED: Label(
        nl="het aantal is afgerond en ligt tussen {least} en {most}",
        en="the count is rounded and lies between {least} and {most}",
    ),
    Status.MISSING: Label(nl="er is geen aantal gepubliceerd", en="no count was published"),
}
PARTLY = Label(
    nl="samen {number} {areas}, waarvan {hidden} met een verborgen aantal",
    en="{number} {areas} together, {hidden} of them with a hidden count",
)
PARTLY_ROUNDED = Label(
    nl="samen {number} {areas}, waarvan {rounded} met een aantal dat voor meer staat",
    en="{number} {areas} together, {rounded} of them with a count that stands for several",
)
PARTLY_BOTH = Label(
    nl="samen {number} {areas}, waarvan {hidden} met een verborgen aantal en {rounded} met een aantal dat voor meer "
    "staat",
    en="{number} {areas} together, {hidden} of them with a hidden count and {rounded} with one that stands for several",
)
EXPECTED = Label(
    nl="{expectation}: {mean} ({interval} {low} tot {high})",
    en="{expectation}: {mean} ({interval} {low} to {high})",
)
FOUND = Label(
    nl="gecorrigeerd voor toeval is het gebruik {verdict}: {ratio} keer het verwachte ({low} tot {high}); de kans dat "
    "het {beyond} is {chance}",
    en="corrected for chance, use is {verdict}: {ratio} times what was expected ({low} to {high}); the probability of "
    "{beyond} is {chance}",
)
BEYOND = {
    "higher": Label(nl="meer dan {margin} hoger is,", en="more than {margin} higher"),
    "lower": Label(nl="meer dan {margin} lager is,", en="more than {margin} lower"),
    "within": Label(nl="hoogstens {margin} verschilt,", en="at most {margin} difference"),
}
UNSURE = Label(
    nl="of het gebruik, gecorrigeerd voor toeval, hoger of lager is, is niet te zeggen: {ratio} keer het verwachte "
    "({low} tot {high}); de kans dat het meer dan {margin} hoger is, is {up} en de kans dat het meer dan {margin} "
    "lager is, is {down}",
    en="it is inconclusive whether use, corrected for chance, is higher or lower: {ratio} times what was expected "
    "({low} to {high}); the probability of more than {margin} higher is {up}, and that of more than {margin} lower "
    "{down}",
)
WHERE = Label(nl=" {where}", en=", {where},")
WHOLE = Label(
    nl="in totaal zijn het er {total}, van wie {share} in geen enkele {area} staat ({pooled} van alle totalen)",
    en="{total} in total, of whom {share} are in no {area} ({pooled} of all totals)",
)
UNPLACED_COLUMNS = {"lower": "unplaced_lower", "upper": "unplaced_upper"}
AMONG = Label(
    nl="van hen staat {low} tot {high} in geen enkele {area} ({interval}{pooled})",
    en="of them {low} to {high} are in no {area} ({interval}{pooled})",
)
OF_ALL_TOTALS = Label(nl="; van alle totalen {pooled}", en="; of all totals {pooled}")
NO_TOTAL = Label(
    nl="het totaal is niet gepubliceerd; voorspeld uit de {areas} en uit hoeveel er elders in geen enkele {area} staan",
    en="its total was not published; predicted from its {areas} and from how many elsewhere are in none",
)
NOTHING_COUNTED = Label(
    nl="Hier is niets geteld: alle cijfers zijn voorspeld uit de kenmerken en de omgeving.",
    en="Nothing was counted here: all figures are predicted from the determinants and the surroundings.",
)
WITHHELD = Label(
    nl="of het gebruik, gecorrigeerd voor toeval, hoger of lager is, is niet te zeggen: {where} is het {ratio} keer "
    "het verwachte ({low} tot {high}), maar wie in geen enkele {area} staat kan dat oordeel doen omslaan",
    en="it is inconclusive whether use, corrected for chance, is higher or lower: {where} it is {ratio} times what "
    "was expected ({low} to {high}), but those in no {area} could turn that verdict",
)
ALONE = Label(
    nl="binnen de {level} is geen vergelijking mogelijk: er is geen andere {area} waarvan iets geteld is, dus deze "
    "verwachting komt van daarbuiten",
    en="there is no comparison inside the {level}: no other {area} in it was counted, so this expectation comes from "
    "outside it",
)
AMONG_THEMSELVES = Label(
    nl="een vergelijking is dit niet: elke {area} is naast de andere {areas} in de {level} gelegd, en die horen hier "
    "allemaal bij",
    en="this is no comparison: each {area} is held against the other {areas} in its {level}, and all of these are "
    "among them",
)
ITSELF = Label(
    nl="dit zijn alle {areas} van de studie samen, en die zijn alleen met zichzelf te vergelijken",
    en="these are all {areas} of the study together, which have only themselves to be compared with",
)
SPECIAL = Label(
    nl="Deze {area} is waarschijnlijk bijzonder (kans {chance}): het gebruik ligt zo ver van dat van de rest dat er "
    "iets eigens moet zijn, zoals een instelling of een verkeerde telling.",
    en="This {area} is probably special (probability {chance}): use is so far from that of the rest that there must be "
    "something of its own, such as an institution or a wrong count.",
)
PARTIAL = Label(
    nl="Let op: de registratie is hier onvolledig geleverd; wat er staat berust op het model of is te laag.",
    en="Beware: the registration was delivered in part here; what is given rests on the model or is too low.",
)
DOUBTFUL = Label(
    nl="Let op: het aantal is verborgen, maar zo klein kan het volgens het model niet zijn; het teken betekent hier "
    "misschien onbekend, en op dit oordeel valt niet te bouwen.",
    en="Beware: the count is hidden, but by the model it cannot be that small; the symbol may mean not known here, and "
    "this verdict cannot be relied on.",
)
