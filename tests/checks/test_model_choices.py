"""Choices: options that change what they say, combinations that are balanced, counts that are read anew."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.batch.variation import changed_study
from bayesmodel.checks.model_choices import (
    as_is,
    changes_of,
    counts_under,
    default_choices,
    faults_of,
    models_of,
)
from bayesmodel.data import interpret_counts
from bayesmodel.example import example_areas, example_study
from bayesmodel.model.build import build_model
from bayesmodel.model.priors import rate
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def counts():
    """Of three hundred wijken of the example country."""
    return interpret_counts(example_areas(example_study(areas=300, gemeenten=60, regions=15)))


@pytest.fixture(scope="module")
def choices(counts):
    return default_choices(counts)


def test_every_option_can_be_built(counts, choices):
    for options in choices.values():
        for changes in options.values():
            changed = counts_under(counts, changes)
            built = build_model(changed)
            assert len(built.design.x) == len(changed) > 0
            assert built.counts.study.model == changed.study.model


def test_no_option_repeats_another(counts, choices):
    for options in choices.values():
        seen = [changed_study(counts.study, changes, "").model_dump_json() for changes in options.values()]
        assert len(set(seen)) == len(seen)


def test_what_changes_nothing_changes_nothing(counts):
    same = counts_under(counts, {})
    assert same.frame.equals(counts.frame)
    assert same.study.model_dump() == changed_study(counts.study, {}, "").model_dump()


def test_an_exclusion_leaves_out_the_areas_of_few_people_and_no_other(counts):
    changes = {"exclusions": [{"column": counts.study.columns.population_name, "at_most": 120}]}
    found = counts_under(counts, changes)
    assert found.areas.codes.equals(counts.areas.codes[counts.population > 120])
    assert found.frame.equals(counts.frame.loc[found.areas.codes])
    assert len(found.areas.determinants) == len(found) < len(counts)


def test_a_rule_is_read_anew(counts):
    found = counts_under(counts, {"publication.hidden_from": 1})
    hidden = counts.status == "suppressed"
    assert hidden.any()
    assert set(found.lower[hidden]) == {1}
    assert (found.lower[~hidden] == counts.lower[~hidden]).all()


def test_levels_without_effect_stay_in_the_tables(counts, choices):
    found = counts_under(counts, choices["levels"]["without gemeente"])
    assert found.study.effect_names == ("jeugdzorgregio",)
    assert found.study.level_names == ("gemeente", "jeugdzorgregio")


def test_priors_twice_as_wide_have_half_the_rate(counts, choices):
    wide = counts_under(counts, choices["priors"]["twice as wide"]).study.model.priors
    own = counts.study.model.priors
    assert rate(wide.sd, 1.0) == pytest.approx(rate(own.sd, 1.0) / 2)
    assert wide.coefficient.sd == 2 * own.coefficient.sd


def test_combinations_are_balanced(choices):
    found = models_of(choices, 60, seed=3)
    assert len(found) == 60
    for choice, options in choices.items():
        times = found[choice].value_counts()
        assert set(times.index) == set(options)
        assert times.max() - times.min() <= 1


def test_few_combinations_are_all_taken_once():
    found = models_of({"a": {"1": {}, "2": {}}, "b": {"x": {}, "y": {}, "z": {}}}, 6, seed=3)
    assert len(found) == 6
    assert not found.duplicated().any()


def test_the_same_seed_chooses_the_same(choices):
    assert models_of(choices, 20, 5).equals(models_of(choices, 20, 5))
    assert not models_of(choices, 20, 5).equals(models_of(choices, 20, 6))


def test_changes_of_a_model_are_those_of_its_options(choices):
    row = {choice: list(options)[-1] for choice, options in choices.items()}
    found = changes_of(choices, row)
    assert found["model.family"] == choices["family"][row["family"]]["model.family"]
    assert changes_of(choices, dict.fromkeys(choices, as_is())) == {}


def test_the_limit_is_raised_only_where_it_is_shown_too_often(counts):
    assert not any("stands for" in name for name in default_choices(counts)["publication"])
    published = counts.areas.published.to_numpy(dtype=object)
    published[np.flatnonzero(counts.status == "exact")[:40]] = "10"
    often = interpret_counts(type(counts.areas)(**(vars(counts.areas) | {"published": counts.areas.published.copy()})))
    object.__setattr__(often, "lower", np.where(published == "10", 10, often.lower))
    assert "10 stands for 8 to 10" in default_choices(often)["publication"]


def test_what_cannot_be_changed_is_said_at_once():
    study = invented_fit().study
    wrong = {"engine": {"nuts": {"inference.engine": "nuts"}}, "limits": {"odd": {"publication.hidden_below": -1}}}
    found = faults_of(study, wrong)
    assert found[0].where == "engine: nuts"
    assert len(found) == 2


def test_areas_are_left_out_by_their_population_only():
    study = invented_fit().study
    found = faults_of(study, {"x": {"y": {"exclusions": [{"column": "divorce", "at_most": 1}]}}})
    assert "young" in str(found[0])


@pytest.fixture(scope="module")
def bounded(counts):
    """With percentages of exact counts beside them, and a determinant of which missing values have a bound."""
    areas = counts.areas
    known = counts.lower == counts.upper
    share = 100 * counts.lower / np.maximum(counts.population, 1)
    cells = pd.Series(np.where(known, [f"{each:.1f}" for each in share], "x"), areas.codes)
    percentages = [{"column": "share", "of_unrounded_counts": True}]
    study = areas.study.model_validate(areas.study.model_dump() | {"bounds": {"percentages": percentages}})
    highest = areas.determinants.notna().replace({True: np.inf, False: 50.0})
    return interpret_counts(replace(areas, study=study, figures=pd.DataFrame({"share": cells}), highest=highest))


def with_share(counts, row, cell):
    """The same with another percentage in one row."""
    figures = counts.areas.figures.copy()
    figures.iloc[row] = cell
    return interpret_counts(replace(counts.areas, figures=figures))


def test_what_else_is_published_goes_along_with_every_option(bounded):
    for options in default_choices(bounded).values():
        for changes in options.values():
            changed = counts_under(bounded, changes)
            assert build_model(changed).design.x.shape == (len(changed), len(changed.study.determinants))
            assert changed.areas.figures.index.equals(changed.areas.codes)
            assert changed.areas.highest.index.equals(changed.areas.codes)


def test_bounds_hold_under_another_publication_rule_and_for_the_areas_that_are_left(bounded):
    row = int(np.flatnonzero((bounded.status == "suppressed") & (bounded.population > 150))[0])
    code, people = bounded.areas.codes[row], int(bounded.population[row])
    narrowed = with_share(bounded, row, f"{100 * 3 / people:.1f}")
    exclusion = {"exclusions": [{"column": narrowed.study.columns.population_name, "at_most": people - 1}]}
    for changes in ({}, {"publication.hidden_from": 1}, exclusion, exclusion | {"publication.hidden_from": 1}):
        found = counts_under(narrowed, changes)
        assert found.frame.loc[code, ["lower", "upper"]].tolist() == [3, 3]
        assert set(found.trail["area"]) == {code}
    fewer = counts_under(narrowed, {"exclusions": [{**exclusion["exclusions"][0], "at_most": people}]})
    assert fewer.trail.empty


def test_a_rule_that_what_else_is_published_contradicts_is_no_option(bounded):
    row = int(np.flatnonzero((bounded.status == "suppressed") & (bounded.population > 150))[0])
    assert "zeros shown" in default_choices(bounded)["publication"]
    assert "zeros shown" not in default_choices(with_share(bounded, row, "0.0")).get("publication", {})


def test_overdispersion_is_a_choice_of_families_with_an_effect_of_the_area():
    def choices_of(family="binomial", **model):
        fit = invented_fit(family=family)
        study = fit.study.model_copy(update={"model": fit.study.model.model_copy(update=model)})
        return default_choices(fit.counts.with_study(study))

    key = "model.overdispersion"
    assert list(choices_of()["overdispersion"].values()) == [{}, {key: "estimated"}]
    assert list(choices_of(overdispersion="estimated")["overdispersion"].values()) == [{}, {key: 1.0}]
    fixed = choices_of(overdispersion=1.5)
    assert list(fixed["overdispersion"].values()) == [{}, {key: "estimated"}, {key: 1.0}]
    assert fixed["family"]["beta-binomial"][key] == 1.0
    assert key not in fixed["family"]["poisson, normal"]
    assert "overdispersion" not in choices_of("beta-binomial")


def test_squares_are_a_choice_where_there_are_enough_counts(counts, choices):
    found = [
        changes
        for changes in choices["transforms"].values()
        if any(item.get("curved") for item in changes.get("determinants", []))
    ]
    few = counts_under(counts, {"determinants": [item.model_dump() for item in counts.study.determinants[:3]]})
    of_few = [changes for changes in default_choices(few)["transforms"].values() if "determinants" in changes]
    curved = [item["column"] for item in of_few[-1]["determinants"] if item["curved"]]
    assert len(found) == 0  # 21 determinants and as many squares take 840 counts
    assert curved == [item.column for item in few.study.determinants if item.level is None]
