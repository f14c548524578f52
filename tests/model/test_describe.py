"""The model in words: every prior and every dim is named."""

import pytest

from bayesmodel.errors import ModelError
from bayesmodel.logp.density import variables_of
from bayesmodel.messages import speaking
from bayesmodel.model.build import build_model
from bayesmodel.model.describe import draw_graph


@pytest.mark.parametrize("levels", ["none", "few", "crossed"])
def test_every_prior_and_dim_is_named(invented_counts, family, levels):
    built = build_model(invented_counts(family.name, levels))
    text = repr(built)
    own = "sd_wijk" if family.area_effect else "dispersion"
    sds = [name for name in variables_of(built) if name.startswith("sd_")]
    for name in {"intercept", "beta", own, *sds}:
        assert f"  {name} ~ " in text
    for name, codes in built.coords.items():
        assert f"  {name}: {len(codes)}" in text
    assert family.name in text.splitlines()[0]
    assert "  effect_wijk[i] ~" not in text


def test_the_counts_are_told_apart(invented_counts):
    text = repr(build_model(invented_counts()))
    assert "24 known, 16 windows, 8 that say nothing (predicted)" in text
    assert "areas miss a determinant: integrated out" in text
    assert "miss a determinant" not in repr(build_model(invented_counts(missing=False)))


def test_the_printed_prior_is_that_of_the_study(invented_counts):
    priors = {"sd_of": {"gemeente": {"exceeds": 0.4, "probability": 0.02}}, "coefficient": {"sd": 0.25}}
    text = repr(build_model(invented_counts(priors=priors)))
    assert "sd_gemeente ~ Exponential with P(sd_gemeente > 0.4) = 0.02" in text
    assert "sd_regio ~ Exponential with P(sd_regio > 0.5) = 0.05" in text  # of two regions
    assert "sd_wijk ~ Exponential with P(sd_wijk > 1) = 0.05" in text
    assert "beta ~ Normal(0, 0.25)" in text


def test_a_horseshoe_is_named(invented_counts):
    priors = {"coefficient": {"kind": "horseshoe", "expected_nonzero": 2}}
    assert "regularised horseshoe, 2 expected to matter" in repr(build_model(invented_counts(priors=priors)))


def test_without_determinants_there_is_no_beta(invented_counts):
    assert "beta" not in repr(build_model(invented_counts(determinants=0)))


def test_the_picture_names_every_variable_of_the_model(invented_counts):
    built = build_model(invented_counts("poisson", "many"))
    source = draw_graph(built).source
    for variable in built.pymc.named_vars:
        assert variable in source
    for name, codes in built.coords.items():
        assert f"{name} ({len(codes)})" in source


def test_counts_that_say_nothing_make_no_model(invented_counts):
    from dataclasses import replace

    from bayesmodel.data import Status

    counts = invented_counts()
    status = counts.status.copy()
    status[2:] = Status.MISSING
    with pytest.raises(ModelError, match="Only 2 of 48 areas have a published count"):
        build_model(replace(counts, status=status))


def test_numbers_are_written_in_the_language(invented_counts):
    counts = invented_counts(overdispersion=1.3, priors={"coefficient": {"sd": 0.25}})
    with speaking("nl"):
        text = repr(build_model(counts))
    assert "beta ~ Normal(0; 0,25)" in text
    assert "overdispersie 1,3: " in text
    assert "P(sd_wijk > 1) = 0,05" in text
