"""Modelling choices that another analyst could defend, each with its options, and the counts under an option.

An option is a set of changes to the study, by dotted key, so that choices can be printed, edited and extended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bayesmodel.batch.variation import changed_study
from bayesmodel.data import Counts, Status, interpret_counts
from bayesmodel.data.area_table import with_effects
from bayesmodel.data.codes import no_totals
from bayesmodel.data.publication import lowest_hidden
from bayesmodel.errors import DataError, Fault, StudyError
from bayesmodel.messages import _
from bayesmodel.study import Study
from bayesmodel.study.model_parts import WITH_AREA_EFFECT
from bayesmodel.study.parts import Publication

Changes = Mapping[str, Any]
Choices = Mapping[str, Mapping[str, Changes]]
"""The options of each choice, and the changes to the study that each option makes."""

AFTER_TABLES = ("levels", "determinants", "publication", "exclusions", "model", "report")
"""Parts of a study that can still change after its tables were read."""
FAMILIES: dict[str, Changes] = {
    "poisson, two-part": {"model.family": "poisson", "model.area_effect": "two-part"},
    "poisson, normal": {"model.family": "poisson", "model.area_effect": "normal"},
    "binomial, two-part": {"model.family": "binomial", "model.area_effect": "two-part"},
    "binomial, normal": {"model.family": "binomial", "model.area_effect": "normal"},
    "negative-binomial": {"model.family": "negative-binomial"},
    "beta-binomial": {"model.family": "beta-binomial"},
}
"""Families that model chance in counts; a normal share does not, and gives small areas too much weight."""
SMALL = (50, 100, 250)
"""Populations up to which areas may be left out."""
MOST_LEFT_OUT = 0.1
"""Largest share of the areas that may be left out."""
ENOUGH = 20
"""Known counts for each column of the design, from which squares are added."""
SKEWED = 1.0
"""Skewness above which a determinant could equally enter as its square root."""
LEAST_SHOWN = 10
"""Fewest times that the limit must be shown for its frequency to be informative."""
EXCESS = 1.5
"""Frequency of the limit, relative to the numbers above it, from which counts may have been raised to it."""


def as_is() -> str:
    """Return the name of the option that changes nothing.

    Examples
    --------
    >>> as_is()
    'as in the study'
    """
    return _("as in the study")


def default_choices(counts: Counts) -> Choices:
    """Return the choices that could have been made differently for these data.

    Parameters
    ----------
    counts : Counts

    Returns
    -------
    mapping of str to mapping
        The options of each choice, the study's own first: ``family`` (with the form of the area effect), ``levels``
        (each one dropped), ``priors`` (half as wide, twice as wide), ``publication`` (zeros shown; counts just below
        the limit raised to it, where the limit is shown often enough for that), ``exclusion`` (of the areas with the
        fewest people), ``transforms`` (none; the square root of skewed determinants; squares beside those that differ
        between areas, where there are enough areas) and ``overdispersion`` (estimated; none). A choice without a second
        option is omitted.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> choices = default_choices(invented_fit().counts)
    >>> {choice: len(options) for choice, options in choices.items()}
    {'family': 6, 'levels': 3, 'priors': 3, 'publication': 2, 'overdispersion': 2}
    """
    alternatives: dict[str, dict[str, Changes]] = {
        "family": _families(counts.study),
        "levels": _levels(counts.study),
        "priors": {
            _("half as wide"): _scaled_priors(counts.study, 0.5),
            _("twice as wide"): _scaled_priors(counts.study, 2),
        },
        "publication": _publication(counts),
        "exclusion": _exclusions(counts),
        "transforms": _transforms(counts),
        "overdispersion": _overdispersion(counts.study),
    }
    return {choice: {as_is(): {}, **options} for choice, options in alternatives.items() if options}


def models_of(choices: Choices, models: int, seed: int) -> pd.DataFrame:
    """Return the option of each choice that each model takes.

    Parameters
    ----------
    choices : mapping
    models : int
        At most this many; if the choices have more combinations, a random subset of them in which all options of a
        choice occur as nearly equally often as possible.
    seed : int

    Returns
    -------
    DataFrame of str
        One row per model, one column per choice.

    Examples
    --------
    >>> models_of({"family": {"a": {}, "b": {}}, "priors": {"c": {}, "d": {}}}, 10, 1).values.tolist()
    [['a', 'c'], ['a', 'd'], ['b', 'c'], ['b', 'd']]
    """
    names = [list(options) for options in choices.values()]
    if prod(map(len, names)) <= models:
        rows = list(product(*names))
    else:
        rng = np.random.default_rng(seed)
        columns = [rng.permutation(np.resize(rng.permutation(options), models)) for options in names]
        rows = list(zip(*columns, strict=True))
    return pd.DataFrame(rows, columns=list(choices), dtype=str).rename_axis("model")


def changes_of(choices: Choices, options: Mapping[str, str]) -> dict[str, Any]:
    """Return all changes of one model; where two options change the same key, the later choice decides."""
    return {key: value for choice, name in options.items() for key, value in choices[choice][name].items()}


def faults_of(study: Study, choices: Choices) -> list[Fault]:
    """Return the faults that make choices impossible, before anything is fitted."""
    faults = []
    for choice, options in choices.items():
        for name, changes in options.items():
            where = f"{choice}: {name}"
            late = [key for key in changes if key.split(".")[0] not in AFTER_TABLES]
            if late:
                expected = _("changes to {keys}, as the tables are read already").format(keys=", ".join(AFTER_TABLES))
                faults.append(Fault(where, ", ".join(late), expected))
                continue
            try:
                changed = changed_study(study, changes, where)
            except StudyError as error:
                faults += error.faults
                continue
            known, columns = set(study.exclusions), study.columns.population_name
            other = [item.column for item in changed.exclusions if item not in known and item.column != columns]
            if other:
                faults.append(Fault(where, ", ".join(other), _("exclusions by {column}").format(column=columns)))
    return faults


def counts_under(counts: Counts, changes: Changes) -> Counts:
    """Return the counts under changes to their study: interpreted by its rule, of the areas that it keeps.

    Parameters
    ----------
    counts : Counts
    changes : mapping of str to value

    Returns
    -------
    Counts
        Of the areas that remain.

    Raises
    ------
    DataError
        The published counts contradict the rule.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> counts_under(counts, {"exclusions": [{"column": "young", "at_most": 100}]}).frame["population"].tolist()
    [400, 800, 300, 1500, 200]
    """
    before = counts.study
    study = changed_study(before, changes, _("The study"))
    areas = counts.areas
    limits = [item.at_most for item in study.exclusions if item not in set(before.exclusions)]
    kept = (areas.population > max(limits, default=-1)).to_numpy()
    levels = areas.levels.loc[kept, list(study.level_names)]
    areas = replace(
        areas,
        study=with_effects(study, levels),
        names=areas.names[kept],
        levels=levels,
        level_labels={name: areas.level_labels[name] for name in study.level_names if name in areas.level_labels},
        published=areas.published[kept],
        population=areas.population[kept],
        determinants=areas.determinants.loc[kept, list(study.determinant_names)],
        highest=None if areas.highest is None else areas.highest.loc[kept, list(study.determinant_names)],
        figures=areas.figures.loc[areas.codes[kept]] if len(areas.figures) else areas.figures,
        without_count=areas.without_count & frozenset(areas.codes[kept]),
        # totals of groups would not match the remaining areas; verdicts on areas do not use them
        totals=areas.totals if kept.all() else no_totals(),
        neighbours=None if areas.neighbours is None else _among(areas.neighbours, kept),
    )
    if study.publication != before.publication:
        return interpret_counts(areas)
    return replace(
        counts,
        areas=areas,
        lower=counts.lower[kept],
        upper=counts.upper[kept],
        status=counts.status[kept],
        weights=None if counts.weights is None else counts.weights[kept],
        totals=counts.totals if kept.all() else pd.DataFrame(),
        trail=counts.trail[counts.trail["area"].isin(areas.codes)] if len(counts.trail) else counts.trail,
    )


def _among(pairs: NDArray[np.int64], kept: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the pairs of which both areas are kept, by their rows among these."""
    return (np.cumsum(kept) - 1)[pairs[kept[pairs].all(axis=1)]]


def _families(study: Study) -> dict[str, Changes]:
    """Return the other families, with each form of the area effect where they have one."""
    own = study.model.family, study.model.area_effect
    none = {"model.overdispersion": 1.0} if study.model.excess_dispersion else {}
    return {
        name: changes if changes["model.family"] in WITH_AREA_EFFECT else {**changes, **none}
        for name, changes in FAMILIES.items()
        if (changes["model.family"], changes.get("model.area_effect", own[1])) != own
    }


def _levels(study: Study) -> dict[str, Changes]:
    """Return the study without the effect of each level."""
    levels = [level.model_dump() for level in study.levels]

    def without(name: str) -> list[dict[str, Any]]:
        return [item | {"effect": item["effect"] and item["name"] != name} for item in levels]

    return {_("without {what}").format(what=name): {"levels": without(name)} for name in study.effect_names}


def _scaled_priors(study: Study, factor: float) -> Changes:
    """Return priors with the sd of coefficients and all scales of sds multiplied by a factor."""
    priors = study.model.priors

    def scaled(tail: Any) -> dict[str, Any]:
        return {**tail.model_dump(), "exceeds": tail.exceeds * factor}

    return {
        "model.priors.coefficient.sd": priors.coefficient.sd * factor,
        "model.priors.sd": scaled(priors.sd),
        "model.priors.sd_few": scaled(priors.sd_few),
        "model.priors.excess_dispersion": scaled(priors.excess_dispersion),
        "model.priors.sd_of": {name: scaled(tail) for name, tail in priors.sd_of.items()},
    }


def _publication(counts: Counts) -> dict[str, Changes]:
    """Return other publication rules that the published counts do not contradict."""
    rule, options = counts.study.publication, dict[str, Changes]()
    limit = rule.hidden_below
    hidden = counts.status == Status.SUPPRESSED
    if not hidden.any():
        return {}
    if limit > 1 and lowest_hidden(rule) == 0 and not rule.zero_symbols and _may_show_zeros(rule):
        options[_("zeros shown")] = {"publication.hidden_from": 1}
    if limit > 3 and rule.rounded_to == 1 and not rule.raised_from and rule.hidden_from < limit - 2:
        shown = counts.lower[counts.status == Status.EXACT]
        above = np.mean([(shown == limit + step).sum() for step in range(1, 5)])
        if (shown == limit).sum() > max(EXCESS * above, LEAST_SHOWN):
            name = _("{limit} stands for {first} to {limit}").format(limit=limit, first=limit - 2)
            options[name] = {"publication.raised_from": limit - 2}
    return {name: changes for name, changes in options.items() if _can_be(counts, changes)}


def _can_be(counts: Counts, changes: Changes) -> bool:
    """Whether a publication rule leaves counts that fit what else is published of them."""
    if not (counts.study.bounds.columns or counts.study.bounds.totals):
        return True
    try:
        counts_under(counts, changes)
    except DataError:
        return False
    return True


def _may_show_zeros(rule: Publication) -> bool:
    """Whether a publisher could show zeros under this rule: not where rounding gives other counts the same number."""
    try:
        Publication.model_validate(rule.model_dump() | {"hidden_from": 1})
    except ValueError:
        return False
    return True


def _exclusions(counts: Counts) -> dict[str, Changes]:
    """Return population limits that leave out some areas, but no more than a tenth."""
    study = counts.study
    already = [item.model_dump() for item in study.exclusions]
    column = study.columns.population_name
    options, before = dict[str, Changes](), int((counts.population == 0).sum())
    for limit in SMALL:
        left_out = int((counts.population <= limit).sum())
        if before < left_out <= MOST_LEFT_OUT * len(counts):
            name = _("without {number} areas of at most {limit}").format(number=left_out, limit=limit)
            options[name] = {"exclusions": [*already, {"column": column, "at_most": limit}]}
            before = left_out
    return options


def _transforms(counts: Counts) -> dict[str, Changes]:
    """Return determinants without transforms, with the square root of skewed ones, and with their squares."""
    items = [item.model_dump() for item in counts.study.determinants]
    raw, options = counts.areas.determinants, dict[str, Changes]()
    if any(item["transform"] != "none" for item in items):
        options[_("none")] = {"determinants": [item | {"transform": "none"} for item in items]}
    skewed = {
        item["column"]
        for item in items
        if item["transform"] == "none"
        and raw[item["column"]].nunique() > 2
        and raw[item["column"]].min() >= 0
        and raw[item["column"]].skew() > SKEWED
    }
    if skewed:
        roots = [item | ({"transform": "sqrt"} if item["column"] in skewed else {}) for item in items]
        options[_("square root of {number} skewed").format(number=len(skewed))] = {"determinants": roots}
    of_areas = [not item["level"] and raw[item["column"]].nunique() > 2 for item in items]
    curved = [item | {"curved": item["curved"] or more} for item, more in zip(items, of_areas, strict=True)]
    added = sum(item["curved"] for item in curved) - sum(item["curved"] for item in items)
    if added and counts.observed.sum() >= ENOUGH * (len(items) + added):
        options[_("squares of {number} as well").format(number=added)] = {"determinants": curved}
    return options


def _overdispersion(study: Study) -> dict[str, Changes]:
    """Return an overdispersion that is estimated where it is not, and none where there is one."""
    model, options = study.model, dict[str, Changes]()
    if model.family not in WITH_AREA_EFFECT:
        return options
    if not model.estimates_overdispersion:
        options[_("estimated")] = {"model.overdispersion": "estimated"}
    if model.estimates_overdispersion or model.excess_dispersion:
        options[_("none")] = {"model.overdispersion": 1.0}
    return options
