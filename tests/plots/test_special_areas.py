"""Special areas: the most probable on top, beside what is expected; none where the effect has one part."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.special import special_probability
from bayesmodel.format import probability
from bayesmodel.plots.special_areas import special_areas
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def with_share(fit):
    changed = fit.posterior.assign(special_share=xr.full_like(fit.posterior["special_share"], 0.05))
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": changed}))


def test_the_most_probable_stands_on_top_with_its_chance(with_share, look_at):
    seen = look_at(special_areas(with_share, shown=4, language="en"))
    chances = special_probability(with_share).sort_values(ascending=False, kind="stable")
    inhabited = with_share.counts.areas.codes[with_share.counts.population > 0]
    chances = chances[chances.index.isin(inhabited)]
    names = with_share.counts.areas.names
    assert seen.names == [names[code] for code in chances.index[:4]]
    assert [text.get_text() for text in seen.axes.texts][1] == probability(chances.iloc[0], "en")
    assert f"{(chances > 0.5).sum()} of {len(chances)} have a probability above 50%" in seen.caption


def test_grey_is_what_is_expected(with_share, look_at):
    seen = look_at(special_areas(with_share, ["WK000100"]))
    ends = 100 * expected(with_share, "gemeente_others", "share", "WK000100").summary()[["lower", "upper"]].iloc[0]
    assert np.isclose(seen.segments()[:, :, 0], ends).all(axis=1).any()


def test_it_says_of_which_gemeente_it_is(with_share, look_at):
    codes = [code for code in with_share.counts.areas.codes if code.startswith("WK0003")]
    assert look_at(special_areas(with_share, codes, language="en")).title.startswith("Gemeente 0003: Which wijken")
    assert look_at(special_areas(with_share, language="en")).title.startswith("Which wijken")


def test_thousands_are_marked_in_the_language(look_at):
    fit = invented_fit(areas=1200)
    inhabited = int((fit.counts.population > 0).sum())
    assert f" van 1.{inhabited - 1000:03} hebben een kans" in look_at(special_areas(fit, shown=2)).caption


def test_an_effect_of_one_part_has_no_special_areas(fit):
    study = fit.study.model_copy(update={"model": fit.study.model.model_copy(update={"area_effect": "normal"})})
    with pytest.raises(ComparisonError, match="two-part"):
        special_areas(replace(fit, counts=fit.counts.with_study(study)))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_legend_stays_within_the_picture(fit, language):
    names = fit.counts.areas.names + " met een lange naam erbij"
    named = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, names=names)))
    figure = special_areas(named, language=language)
    figure.draw_without_rendering()
    [axes] = [each for each in figure.axes if each.get_legend() is not None]
    assert axes.get_legend().get_window_extent().x1 <= figure.bbox.width
