"""A published posterior of a spatial model: lip cancer in Scotland, on one map of one piece and two with islands."""

import numpy as np
import pytest

from bayesmodel.model.build import build_model
from benchmarks.evidence import published_space as scotland


@pytest.mark.parametrize("name", scotland.MAPS)
def test_each_component_has_the_published_scale(name):
    """By which the precision is multiplied: what two neighbours have in it, but for the sign."""
    structure = build_model(scotland.counts_of(name)).space
    dense = structure.precision.toarray()
    found = [-dense[structure.component == number].min() for number in range(len(structure.sizes))]
    assert found == pytest.approx(scotland.PUBLISHED_SCALES[name], abs=5e-5)


@pytest.mark.parametrize("name", scotland.MAPS)
def test_the_covariance_is_that_of_dense_algebra(name):
    """Of zero sum in each component of two or more, and of an island a variance of one that depends on nothing."""
    built = build_model(scotland.counts_of(name))
    term = next(term for term in built.terms if term.name == "space")
    covariance = np.linalg.pinv(term.precision.toarray(), rcond=1e-9)
    root = scotland.field_roots(name)
    effects = term.basis @ covariance @ term.basis.T
    assert np.allclose(effects, root @ root.T, atol=1e-10)
    alone = [number - 1 for number in scotland.ISLANDS if not any(number in pair for pair in scotland.MAPS[name])]
    assert np.allclose(effects[alone], np.eye(56)[alone], atol=1e-10)
    assert len(alone) == {"connected": 0, "three components": 1, "islands": 3}[name]


def test_laplace_has_the_posterior_that_stan_prints():
    fit = scotland.fitted("connected", "laplace")
    own = scotland.own_quantities(fit)
    weights = scotland.weights_to_published(fit, own)
    assert 1 / (weights**2).sum() > 10_000
    for name, published in scotland.PUBLISHED["Stan"].items():
        mean, sd, lower, median, upper = scotland.summarised(own[name], weights)
        # two decimals are printed; the chains of Stan have an error of some hundredths of an sd, more at the ends
        assert [mean, sd, median] == pytest.approx(np.take(published, [0, 1, 3]), abs=0.005 + 0.04 * sd), name
        assert [lower, upper] == pytest.approx(np.take(published, [2, 4]), abs=0.005 + 0.08 * sd), name


@pytest.mark.slow
@pytest.mark.parametrize("engine", scotland.ENGINES)
@pytest.mark.parametrize("name", scotland.MAPS)
def test_both_engines_have_the_posterior_of_the_formula(name, engine):
    """The mean and sd of every parameter and every relative risk, from draws of a model written independently."""
    fit = scotland.fitted(name, engine)
    assert fit.diagnostics.converged
    apart = scotland.distance(scotland.own_quantities(fit), scotland.from_the_formula(name))
    # about 1,500 effective draws on either side of the worst of 66 quantities: errors of .037 sd, and of .026 of an sd
    assert apart["mean"] < 0.14, apart
    assert abs(np.log(apart["sd"])) < 0.1, apart
