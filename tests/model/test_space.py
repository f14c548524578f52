"""Effects of areas that border on each other: scaled per component, and the graph and the field of one density."""

import numpy as np
import pytest

from bayesmodel.model.build import build_model
from bayesmodel.model.space import spatial_structure
from bayesmodel.model.terms import space_term


@pytest.fixture(name="found")
def found_fixture(lattice):
    """A lattice, a line and two islands."""
    return spatial_structure(lattice(6, 7, line=4), 48)


def of_all(found, effects):
    """Effects (draw, area) of all 48 areas."""
    return space_term(found, np.arange(48), 48, "wijk").effects(effects)


def components(found):
    """The effects of each component."""
    return [np.flatnonzero(found.component == each) for each in range(len(found.sizes))]


def covariance(found):
    """Of the effects given that those of a component sum to zero, by dense algebra."""
    return np.linalg.pinv(found.precision.toarray(), rcond=1e-9)


def test_every_component_and_every_island_stands_alone(found):
    assert found.areas.tolist() == list(range(48))
    assert [len(rows) for rows in components(found)] == found.sizes.tolist() == [42, 4]
    assert found.component[-2:].tolist() == [-1, -1]
    apart = covariance(found) * (found.component[:, None] != found.component)
    assert np.allclose(apart, 0, atol=1e-12)


def test_an_island_varies_as_much_as_a_typical_area_and_depends_on_nothing(found):
    assert np.allclose(covariance(found)[-2:], np.eye(48)[-2:], atol=1e-12)


def test_islands_have_no_effect_where_the_study_says_so(found, lattice):
    none = spatial_structure(lattice(6, 7, line=4), 48, islands=False)
    assert none.areas.tolist() == list(range(46))
    assert np.array_equal(none.precision.toarray(), found.precision.toarray()[:46, :46])
    assert np.array_equal(none.variance, found.variance[:46])
    assert of_all(none, np.ones((3, 46)))[:, -2:].tolist() == [[0.0, 0.0]] * 3


def test_the_precision_is_symmetric_and_blind_to_the_level_of_a_component(found):
    dense = found.precision.toarray()
    assert np.array_equal(dense, dense.T)
    assert np.allclose(dense.sum(axis=0)[:46], 0, atol=1e-12)
    assert np.linalg.matrix_rank(dense) == 46


def test_the_variance_is_that_of_the_pseudo_inverse_and_typically_one(found):
    assert np.allclose(found.variance, np.diag(covariance(found)))
    for rows in components(found):
        assert np.log(found.variance[rows]).mean() == pytest.approx(0, abs=1e-10)


def test_the_scale_of_a_pair_is_known():
    """Of two areas s = +-u with density exp(-(2u)^2 / 2): the variance is 1/4 before scaling."""
    assert spatial_structure(np.array([[0, 1]]), 2).precision.toarray() == pytest.approx(
        np.array([[1, -1], [-1, 1]]) / 4
    )


def test_the_scale_of_a_ring_is_known():
    """The variances of a ring are all (n^2 - 1) / (12 n): that of the deviations of a closed random walk."""
    size = 10
    ring = np.stack([np.arange(size), (np.arange(size) + 1) % size], axis=1)
    found = spatial_structure(ring, size)
    assert found.precision.toarray()[0, 1] == pytest.approx(-(size**2 - 1) / (12 * size))


def test_draws_have_the_covariance(found):
    rng = np.random.default_rng(1)
    draws = np.array([found.draw(rng) for _ in range(1500)])
    assert np.allclose(draws[:, :42].sum(axis=1), 0, atol=1e-9)
    expected = covariance(found)
    assert np.abs(np.cov(draws.T) - expected).max() < 6 * expected.max() / np.sqrt(1500)


@pytest.mark.parametrize("islands", ["independent", "none"])
def test_the_graph_has_the_density_of_the_field(invented_counts, islands):
    """The log prior of raw effects that sum to zero is that of the field, and the effects are those times the sd."""
    built = build_model(invented_counts(space={"neighbours": "pairs.csv", "islands": islands}))
    found, rng = built.space, np.random.default_rng(2)
    model, raw = built.pymc, built.pymc["raw_space"]
    logp = model.compile_fn(model.logp(vars=[raw]), point_fn=True, mode="FAST_COMPILE", on_unused_input="ignore")
    draws = [found.draw(rng) for _ in range(3)]
    assert np.ptp([logp({"raw_space": each}) + 0.5 * each @ found.precision @ each for each in draws]) < 1e-8
    [value] = model.replace_rvs_by_values([model["effect_space"]])
    effect = model.compile_fn(value, point_fn=True, mode="FAST_COMPILE", on_unused_input="ignore")
    level = {"raw_space": draws[0] + 3.0 * (found.component >= 0), "sd_space_log__": np.log(0.2)}
    assert np.allclose(effect(level), of_all(found, 0.2 * draws[0][None])[0])
    island = effect(level)[-2:]
    assert np.all(island == 0) if islands == "none" else np.allclose(island, 0.2 * draws[0][-2:])


def test_the_description_says_what_islands_have(invented_counts):
    said = [repr(build_model(invented_counts(space={"islands": islands}))) for islands in ("independent", "none")]
    assert all("over 46 areas with neighbours in 2 components" in text for text in said)
    assert ["of 2 areas without neighbours: Normal(0, sd_space)" in text for text in said] == [True, False]
