"""Studies of one model: what differs is named, key by key, with what each study says; what need not agree is not."""

import pytest

from bayesmodel import example_study
from bayesmodel.data.shared_settings import differences

PARTS = ("area", "levels", "determinants", "model", "outcome.vintage")


@pytest.fixture(scope="module")
def study():
    return example_study(areas=60, gemeenten=8, regions=2)


def found(*studies):
    """What is said of each setting in which they differ, by its key."""
    faults = differences({str(2021 + nth): each for nth, each in enumerate(studies)}, PARTS, "the same")
    return {fault.where: fault.found for fault in faults}


def with_model(study, **changes):
    return study.model_copy(update={"model": study.model.model_copy(update=changes)})


def test_alike_studies_have_no_faults(study):
    assert not found(study, study.model_copy(update={"name": "another"}))


def test_the_form_of_the_own_effect_need_not_agree(study):
    assert not found(study, with_model(study, area_effect="normal"))


def test_each_setting_of_the_model_is_named_with_what_each_says(study):
    other = with_model(study, family="poisson", overdispersion=1.5)
    assert found(study, other, study) == {
        "model.family": "binomial in 2021, 2023; poisson in 2022",
        "model.overdispersion": "estimated in 2021, 2023; 1.5 in 2022",
    }


def test_of_a_list_only_what_is_not_in_all_is_named(study):
    first, second, *rest = study.determinants
    other = study.model_copy(update={"determinants": (first.model_copy(update={"curved": True}), *rest)})
    assert found(study, other) == {
        "determinants": f"{first.column} logit, {second.column} logit in 2021; "
        f"{first.column} logit with its square in 2022"
    }


def test_another_order_is_a_difference(study):
    said = found(study, study.model_copy(update={"levels": study.levels[::-1]}))
    assert said == {
        "levels": "gemeente (jeugdzorgregio), jeugdzorgregio in 2021; jeugdzorgregio, gemeente (jeugdzorgregio) in 2022"
    }


def test_what_one_study_leaves_out_is_nothing_there(study):
    assert found(study, study.model_copy(update={"levels": study.levels[:1]})) == {
        "levels": "jeugdzorgregio in 2021; nothing in 2022"
    }
