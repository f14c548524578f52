"""Tables of several outcomes: where they are high at once, how they go together, and all of them added up."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bayesmodel.estimates.accumulation import IN_ALL, Accumulation
from bayesmodel.estimates.correlation import LEVEL, Correlations
from bayesmodel.estimates.definition import level_label, unit_of
from bayesmodel.estimates.summed_outcomes import Summed
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.messages import Language
from bayesmodel.model.outcomes import OTHER, OUTCOME
from bayesmodel.study import Label, Study
from bayesmodel.tables.columns import NUMBER, TEXT, Column
from bayesmodel.tables.joint_columns import chance_columns, columns_with_bounds, named_columns

IN_HOW_MANY = {
    "higher": Label(nl="aantal uitkomsten boven verwacht", en="number of outcomes above expected"),
    "lower": Label(nl="aantal uitkomsten onder verwacht", en="number of outcomes below expected"),
}
ALL_AT_ONCE = {
    "p_all_higher": Label(nl="kans op hoger bij alle", en="probability of higher in all"),
    "p_two_higher": Label(nl="kans op hoger bij minstens twee", en="probability of higher in at least two"),
    "p_all_within": Label(nl="kans op binnen de marge bij alle", en="probability of within the margin in all"),
    "p_all_lower": Label(nl="kans op lager bij alle", en="probability of lower in all"),
}
POSITIVE = {"p_positive": Label(nl="kans op een positieve samenhang", en="probability of a positive correlation")}
SIDES = {
    "p_higher": Label(nl="kans op hoger dan verwacht", en="probability of higher than expected"),
    "p_within": Label(nl="kans op ongeveer zoals verwacht", en="probability of about as expected"),
    "p_lower": Label(nl="kans op lager dan verwacht", en="probability of lower than expected"),
}
VERDICT = Label(nl="oordeel", en="verdict")


def accumulation_table(result: Accumulation, language: Language) -> pd.DataFrame:
    """Return the summary of an accumulation, in the order of its codes, with verdicts in a language.

    Returns
    -------
    DataFrame
        Indexed by code; the columns of `accumulation_columns`.
    """
    table = result.summary().loc[result.classes.index]
    table["verdict"] = [IN_ALL[each][language] for each in result.classes]
    return table.rename_axis(str(result.higher.draws.dims[-1]))


def accumulation_columns(result: Accumulation) -> tuple[Column, ...]:
    """Return the columns of the table of an accumulation; the first is its index."""
    study = result.higher.study
    judged = Label(nl="oordeel over alle uitkomsten tegelijk", en="verdict on all outcomes at once")
    nothing = Label(nl="uitkomsten waarvan hier niets is geteld", en="outcomes of which nothing was counted here")
    withheld = Label(
        nl="waarom een oordeel achterwege blijft: unplaced, wie in geen gebied staat kan het veranderen; whole, alles "
        "samen; no_comparison, niets om mee te vergelijken",
        en="why a verdict is withheld: unplaced, people in no area could change it; whole, all together; "
        "no_comparison, nothing to compare with",
    )
    return (
        *named_columns(study, str(result.higher.draws.dims[-1])),
        Column("verdict", VERDICT, TEXT, judged),
        *_ratios(result, study),
        *(
            Column(name, label, NUMBER, result.rule.margin_label, "decimal", "mean")
            for name, label in IN_HOW_MANY.items()
        ),
        *chance_columns(ALL_AT_ONCE, result.rule),
        Column("predicted", Label(nl="niet geteld", en="not counted"), TEXT, nothing),
        Column("flags", Label(nl="let op", en="note"), TEXT, withheld),
    )


def _ratios(result: Accumulation, study: Study) -> Iterator[Column]:
    """Yield the columns of the ratio of each outcome."""
    for name, ratio in result.ratios.items():
        of = ratio.definition.label
        label = Label(nl=f"{name}: {of.nl}", en=f"{name}: {of.en}")
        yield from columns_with_bounds(f"ratio_{name}", label, unit_of(study, "ratio"), study, "ratio")


def correlation_table(result: Correlations, language: Language) -> pd.DataFrame:
    """Return the correlations, with the names of levels in a language; the columns of `correlation_columns`."""
    table, study = result.summary(), result.estimate.study
    said = {name: level_label(study, name)[language] for name in study.level_names}
    columns = {"mean": "correlation", "lower": "correlation_lower", "upper": "correlation_upper"}
    return table.rename(index=said, columns=columns)


def correlation_columns(result: Correlations) -> tuple[Column, ...]:
    """Return the columns of the table of correlations; the first is its index."""
    study, definition = result.estimate.study, result.estimate.definition
    level = Label(nl="niveau", en="level")
    one, other = Label(nl="uitkomst", en="outcome"), Label(nl="andere uitkomst", en="other outcome")
    many = Label(nl="aantal gebieden of groepen", en="number of areas or groups")
    return (
        Column(LEVEL, level, TEXT, level),
        Column(OUTCOME, one, TEXT, one),
        Column(OTHER, other, TEXT, other),
        Column("groups", many, NUMBER, many, "count"),
        *columns_with_bounds("correlation", definition.label, definition.unit, study, "decimal"),
        *chance_columns(POSITIVE),
    )


def summed_table(result: Summed, language: Language) -> pd.DataFrame:
    """Return the summary of all outcomes together, in the order of its codes, with verdicts in a language.

    Returns
    -------
    DataFrame
        Indexed by code; the columns of `summed_columns`.
    """
    table = result.summary().loc[result.classes.index]
    table["verdict"] = [VerdictClass(each).label[language] for each in result.classes]
    return table.rename_axis(str(result.ratio.draws.dims[-1]))


def summed_columns(result: Summed) -> tuple[Column, ...]:
    """Return the columns of the table of all outcomes together; the first is its index."""
    study, share = result.ratio.study, unit_of(result.ratio.study, "share")
    judged = Label(nl="oordeel over het gebruik van alle samen", en="verdict on use of all together")
    over = Label(
        nl="over wie is geteld, van alle uitkomsten samen", en="over whom was counted, of all outcomes together"
    )
    return (
        *named_columns(study, str(result.ratio.draws.dims[-1])),
        Column("verdict", VERDICT, TEXT, judged),
        Column("people", study.outcome.population, unit_of(study, "count"), over, "count"),
        *columns_with_bounds("use", result.use.definition.label, share, study, "share"),
        *columns_with_bounds("expected", result.expected.definition.label, share, study, "share"),
        *columns_with_bounds("ratio", result.ratio.definition.label, unit_of(study, "ratio"), study, "ratio"),
        *chance_columns(SIDES, result.rule),
    )
