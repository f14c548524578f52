"""A fit from begin to end: names, dims, codes, the same draws from the same seed."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.example import example_areas, example_study
from bayesmodel.inference.diagnostics import diagnose
from bayesmodel.inference.nuts import target_accept, warm_up
from bayesmodel.inference.sampling import data_hash, fit_model
from bayesmodel.model.build import build_model

DIMS = {
    "intercept": (),
    "beta": ("determinant",),
    "sd_jeugdzorgregio": (),
    "sd_gemeente": (),
    "sd_wijk": (),
    "special_share": (),
    "excess_dispersion": (),
    "effect_jeugdzorgregio": ("jeugdzorgregio",),
    "effect_gemeente": ("gemeente",),
    "linear_predictor": ("wijk",),
}


def test_the_posterior_has_the_promised_variables(small_fit):
    found = {str(name): values.dims for name, values in small_fit.posterior.items()}
    assert found == {name: ("chain", "draw", *dims) for name, dims in DIMS.items()}
    assert small_fit.posterior.sizes["chain"] == 2
    assert small_fit.posterior.sizes["draw"] == 200


def test_coordinates_are_the_codes(small_fit):
    posterior, areas = small_fit.posterior, small_fit.counts.areas
    assert posterior["wijk"].to_numpy().tolist() == areas.codes.tolist()
    for level in ("gemeente", "jeugdzorgregio"):
        assert posterior[level].to_numpy().tolist() == sorted(set(areas.levels[level]))
    assert tuple(posterior["determinant"].to_numpy()) == small_fit.study.determinant_names


def test_the_predictor_is_the_sum_of_its_parts(small_fit):
    """What is left after intercept, determinants and effects is the wijk's own: of mean nought and its own sd."""
    posterior, levels = small_fit.posterior, small_fit.counts.areas.levels
    complete = ~small_fit.design.incomplete
    rest = posterior["linear_predictor"] - posterior["intercept"]
    rest = rest.to_numpy() - posterior["beta"].to_numpy() @ small_fit.design.x.T
    for level in levels:
        rest = rest - posterior[f"effect_{level}"].sel({level: levels[level].to_numpy()}).to_numpy()
    scores = (rest / posterior["sd_wijk"].to_numpy()[..., None])[:, :, complete]
    assert abs(scores.mean()) < 0.15
    assert scores.std() == pytest.approx(1, abs=0.15)


def test_draws_are_near_the_data(small_fit):
    counts = small_fit.counts
    known = (counts.lower == counts.upper) & (counts.population > 300)
    share = small_fit.family.mean(small_fit.posterior["linear_predictor"].to_numpy()).mean(axis=(0, 1))
    assert np.corrcoef(share[known], (counts.lower / counts.population)[known])[0, 1] > 0.8


def test_the_verdict_is_that_of_the_draws(small_fit):
    assert small_fit.diagnostics == diagnose(small_fit.tree)
    # 400 draws in all: too few for the limit of 400 effective ones
    assert not small_fit.diagnostics.converged
    assert "NOT converged" in repr(small_fit)


def test_provenance_tells_how_it_was_made(small_fit):
    provenance = small_fit.provenance
    assert provenance["seed"] == 7
    assert provenance["engine"].endswith("compiled density")
    assert provenance["data_sha256"] == data_hash(small_fit.counts)
    assert {"bayesmodel", "nutpie", "numba"} <= provenance["versions"].keys()


@pytest.mark.parametrize(
    ("size", "chosen", "settings"),
    [
        ((100, 14, 3), {}, (0.99, 500)),
        ((300, 60, 15), {}, (0.95, 500)),
        ((1200, 80, 12), {}, (0.8, 200)),
        ((1200, 80, 12), {"density": "graph"}, (0.8, 500)),
        ((300, 60, 15), {"tune": 60, "target_accept": 0.7}, (0.7, 60)),
    ],
)
def test_warm_up_and_acceptance_follow_from_what_the_sds_rest_on(size, chosen, settings):
    study = example_study(areas=size[0], gemeenten=size[1], regions=size[2])
    study = study.model_copy(update={"inference": study.inference.model_copy(update=chosen)})
    built = build_model(interpret_counts(example_areas(study)))
    assert (target_accept(built), warm_up(built)) == settings


def _next_in_line(frame):
    """The same values, with the first two rows changed over."""
    return frame.iloc[[1, 0, *range(2, len(frame))]].set_axis(frame.index)


@pytest.mark.parametrize(
    "change",
    [
        lambda counts: replace(counts, upper=counts.upper + (np.arange(len(counts)) == 3)),
        lambda counts: replace(counts, areas=replace(counts.areas, levels=_next_in_line(counts.areas.levels))),
        lambda counts: replace(counts, areas=replace(counts.areas, levels=counts.areas.levels.add_suffix("_2018"))),
        lambda counts: replace(
            counts, areas=replace(counts.areas, determinants=counts.areas.determinants.iloc[:, ::-1])
        ),
        lambda counts: replace(counts, areas=replace(counts.areas, determinants=counts.areas.determinants + 1e-12)),
    ],
    ids=["one person", "places of two wijken", "name of a level", "order of determinants", "a hair"],
)
def test_the_hash_notices(small_fit, change):
    counts = small_fit.counts
    assert data_hash(change(counts)) != data_hash(counts)
    assert data_hash(replace(counts)) == data_hash(counts)


def test_progress_ends_with_all_draws(small_fit, progress_calls):
    assert progress_calls
    assert all(done <= total for done, total, _ in progress_calls)
    assert progress_calls[-1][1] == 2 * (200 + 200)


def test_a_seed_gives_the_same_draws(small_study):
    def draws(seed):
        study = small_study(seed, tune=50, draws=50)
        return fit_model(build_model(interpret_counts(example_areas(study)))).posterior["intercept"].to_numpy()

    first = draws(3)
    assert np.array_equal(first, draws(3))
    assert not np.array_equal(first, draws(4))
