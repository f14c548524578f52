"""The certificate: a tail is judged by what it holds, and each limit by itself."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.inference.certificate import Certificate, unseen_mass
from bayesmodel.laplace.importance import certify

GOOD = Certificate(0.2, 0.95, 950.0, "sd_wijk", 0.001, 1100, 1000, 0.001)


def test_what_is_good_has_no_problem():
    assert not GOOD.problems
    assert not GOOD.few_draws
    assert not GOOD.only_quadrature


def test_a_heavy_tail_that_holds_next_to_nothing_is_no_problem():
    assert GOOD.pareto_k_limit == pytest.approx(0.67, abs=0.01)
    assert not replace(GOOD, pareto_k=0.79, unseen=0.009).problems
    assert replace(GOOD, pareto_k=0.79, unseen=0.011).problems
    assert not replace(GOOD, pareto_k=0.3, unseen=0.5).problems  # a light tail is relied on, as ever


def test_a_certificate_saved_before_is_judged_by_its_shape():
    old = Certificate(0.79, 0.99, 950.0, "sd_wijk", 0.001, 6600, 6000)
    assert len(old.problems) == 1
    assert not replace(old, pareto_k=0.69).problems


def test_each_fault_has_its_own_remedy():
    assert "Pareto k 0.90" in replace(GOOD, pareto_k=0.9, unseen=0.2).problems[0]
    assert "399 of sd_wijk" in replace(GOOD, effective=399.0).problems[0]
    assert "graph" in replace(GOOD, quadrature_error=0.06).problems[0]


def test_few_draws_asked_are_no_fault_of_the_approximation():
    assert replace(GOOD, effective=90.0, draws=100).few_draws
    assert not replace(GOOD, effective=90.0, draws=100, pareto_k=0.9, unseen=1.0).few_draws
    assert not replace(GOOD, effective=90.0, draws=1000).few_draws


def test_only_the_quadrature_wants_the_graph():
    assert replace(GOOD, quadrature_error=0.06).only_quadrature
    assert not replace(GOOD, quadrature_error=0.06, effective=10.0).only_quadrature


@pytest.mark.parametrize(("largest", "shape", "mass"), [(0.001, 0.8, 0.005), (0.001, -1.0, 0.001), (0.001, 1.5, 0.02)])
def test_mass_unseen(largest, shape, mass):
    assert unseen_mass(largest, shape) == pytest.approx(mass)


def test_no_shape_is_no_bound():
    assert unseen_mass(1e-6, np.inf) == unseen_mass(1e-6, np.nan) == 1.0


def test_mass_unseen_is_about_what_more_draws_find():
    """Of exact Pareto weights with shape 0.75: the share of the mean beyond the largest of 2,000, over 300 tries."""
    rng, shape, draws = np.random.default_rng(1), 0.75, 2000
    said, true = [], []
    for _try in range(300):
        weights = rng.random(draws) ** -shape
        largest = weights.max()
        certificate, _ = certify(np.log(weights), {"x": rng.normal(size=draws)}, draws)
        said.append(certificate.unseen)
        # of w = u^-k the part of the mean above w is u^(1 - k), u being the chance of more
        true.append(largest ** (-(1 - shape) / shape))
    assert 1 < np.median(said) / np.median(true) < 2  # rather too much than too little
    assert min(said) > 0.01


def test_a_proposal_that_misses_part_is_refused():
    """Half the sd: the weights have no mean square, and their tail holds a part that was not drawn."""
    draws = np.random.default_rng(5).normal(size=4000) * 0.5
    certificate, _ = certify(1.5 * draws**2, {"x": draws}, 4000)
    assert certificate.pareto_k > certificate.pareto_k_limit
    assert certificate.unseen > 0.01
    assert certificate.problems


def test_nearly_equal_weights_with_a_few_larger_ones_pass():
    """A shape above the limit with an effective share near one: it was refused, though nothing is missed."""
    rng = np.random.default_rng(2)
    log_weights = np.log(0.998 + 0.002 * rng.random(6600) ** -0.8)  # a hundredth of them all is in a tail of shape 0.8
    certificate, _ = certify(log_weights, {"x": rng.normal(size=6600)}, 6600)
    assert certificate.effective_share > 0.9
    assert certificate.pareto_k > 0.7
    assert not certificate.problems
