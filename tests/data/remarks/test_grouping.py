"""Remarks on levels of one group, which are left out, and of few."""

from dataclasses import replace

import pytest

from bayesmodel.data.area_table import with_effects
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.grouping import level_remarks


def regrouped(counts, regions):
    """The same counts with that many regions of whole gemeenten."""
    levels = counts.areas.levels.copy()
    gemeente = levels["gemeente"].str[1:].astype(int)
    levels["regio"] = [f"R{number % regions:02d}" for number in gemeente]
    areas = replace(counts.areas, levels=levels, study=with_effects(counts.study, levels))
    return replace(counts, areas=areas)


@pytest.mark.parametrize(("regions", "kind"), [(1, "idle_level"), (2, "few_groups"), (4, "few_groups"), (5, None)])
def test_one_group_is_left_out_and_few_are_remarked_on(invented_counts, regions, kind):
    found = [(each.kind, each.where) for each in level_remarks(regrouped(invented_counts(levels="many"), regions))]
    assert found == ([(RemarkKind(kind), "regio")] if kind else [])


def test_it_says_what_to_do_in_both_languages(invented_counts):
    (few,) = level_remarks(regrouped(invented_counts(levels="many"), 3))
    assert "only 3 groups" in few.text.en
    assert "P(sd > 0.5) = 0.05" in few.text.en
    assert "maar 3 groepen" in few.text.nl
    assert few.areas == ("R00", "R01", "R02")
    (lone,) = level_remarks(regrouped(invented_counts(levels="many"), 1))
    assert "(R00)" in lone.text.en
    assert "(R00)" in lone.text.nl
    assert "left out of the model" in lone.text.en


def test_a_prior_of_ones_own_is_named(invented_counts):
    counts = invented_counts(levels="many", priors={"sd_of": {"regio": {"exceeds": 0.2, "probability": 0.01}}})
    (few,) = level_remarks(regrouped(counts, 2))
    assert "P(sd > 0.2) = 0.01" in few.text.en


def test_a_level_that_the_study_takes_out_itself_is_no_surprise(invented_counts):
    counts = invented_counts(levels="many")
    levels = tuple(level.model_copy(update={"effect": level.name != "regio"}) for level in counts.study.levels)
    study = counts.study.model_copy(update={"levels": levels})
    assert not list(level_remarks(replace(counts, areas=replace(counts.areas, study=study))))
