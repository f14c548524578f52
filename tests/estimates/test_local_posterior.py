"""The posterior of a local model: its mode, intervals of hidden counts, and areas left out without refitting."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import logsumexp

from bayesmodel.estimates.linear_predictor import flat, thinned, without_own_effect
from bayesmodel.estimates.local_posterior import FINE, LocalModel, local_posterior
from bayesmodel.estimates.local_rows import groups_anew, local_rows
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.arrays import log_constants
from bayesmodel.testing import invented_fit

LOCAL = np.array([0, 1, 2, 3, 4, 7, 8, 9, 11, 12])


@pytest.fixture(scope="module")
def fit():
    return thinned(invented_fit("poisson", areas=40), 150)


@pytest.fixture(scope="module")
def rows(fit):
    return local_rows(fit, LOCAL)


@pytest.fixture(scope="module")
def z():
    return np.random.default_rng(4).normal(size=(len(LOCAL), 2))


def test_effects_of_groups_with_enough_local_areas_are_taken_out_and_no_others(fit, rows):
    assert groups_anew(fit, "gemeente", np.array([0])).tolist() == [0]  # one of three
    assert groups_anew(fit, "regio", np.array([0])).tolist() == []  # one of six
    every = np.concatenate([rows.local, rows.others])
    effects = [flat(fit, f"effect_{level}")[:, groups_anew(fit, level, LOCAL)] for level in ("gemeente", "regio")]
    assert rows.fixed.offset + np.hstack(effects) @ rows.groups.T == pytest.approx(without_own_effect(fit, every))


def test_other_areas_of_these_groups_count_too(fit, rows):
    assert set(rows.others) <= set(np.flatnonzero(fit.counts.observed)) - set(LOCAL)
    assert 10 in rows.others
    assert (rows.groups[len(LOCAL) :].sum(axis=1) > 0).all()


@pytest.mark.parametrize("family", ["binomial", "poisson"])
def test_no_position_is_more_probable_than_the_mode(family, z):
    rows = local_rows(thinned(invented_fit(family, areas=40), 20), LOCAL)
    model = LocalModel(rows, z).placed(np.array([0.1]), np.zeros(2 + rows.groups.shape[1]))
    fixed, rng = rows.at(3), np.random.default_rng(1)
    mode = model.mode(model.design, fixed, 0.1, np.zeros(2 + rows.groups.shape[1]))
    for _try in range(20):
        nearby = mode.position + 0.02 * rng.standard_normal(len(mode.position))
        assert model.log_density(model.design, fixed, 0.1, nearby)[0] < mode.value


def test_a_hidden_count_is_the_sum_of_the_counts_that_it_may_be(fit, rows, z):
    """Each alone is an exact count: what is published enters as its interval."""
    row = int(np.flatnonzero(fit.counts.status[LOCAL] == "suppressed")[0])
    model = LocalModel(rows, z).placed(np.array([0.1]), np.zeros(2 + rows.groups.shape[1]))
    fixed, eta = rows.at(0), rows.at(0).offset

    def loglik(low, high):
        lower, upper = rows.here.arrays.lower.copy(), rows.here.arrays.upper.copy()
        lower[row], upper[row] = low, high
        here = replace(model.rows.here, arrays=rows.here.arrays._replace(lower=lower, upper=upper), rule=FINE)
        changed = LocalModel(replace(model.rows, here=here), z)
        constant = log_constants("poisson", np.array([low]), np.array([60]))[0]
        return next(changed.logliks(fixed, 0.1, eta)).value[row] + constant

    each = [loglik(count, count) for count in range(10)]
    assert (rows.here.arrays.lower[row], rows.here.arrays.upper[row]) == (0, 9)
    assert loglik(0, 9) == pytest.approx(logsumexp(each), abs=1e-6)


def test_a_determinant_that_is_zero_everywhere_changes_nothing(rows):
    with_it, without = (local_posterior(rows, np.zeros((len(LOCAL), columns)), 1) for columns in (1, 0))
    assert with_it.coefficients.std() == pytest.approx(rows.coefficient_sd, rel=0.15)  # as its prior
    assert with_it.sd.mean() == pytest.approx(without.sd.mean(), rel=0.1)
    told = rows.here.arrays.observed_mask > 0
    scores = [made.log_scores()[told] for made in (with_it, without)]
    assert scores[0] == pytest.approx(scores[1], abs=0.3)  # of draws; a count has a score of hundreds


def test_an_area_left_out_by_weights_is_predicted_as_by_leaving_it_out(rows, z):
    full = local_posterior(rows, z, 1)
    scores = full.log_scores()
    for row in (1, 6):
        mask = rows.here.arrays.observed_mask.copy()
        mask[row] = 0.0
        here = replace(rows.here, arrays=rows.here.arrays._replace(observed_mask=mask))
        made = local_posterior(replace(rows, here=here), z, 2)
        alone = np.empty(len(made.sd))
        for sample, eta in enumerate(made.eta + made.coefficients @ z.T):
            point = rows.split(np.append(eta, np.zeros(len(rows.others))), rows.at(made.draw[sample]), made.sd[sample])
            alone[sample] = marginal_loglik(rows.here.arrays, full.rows.here.approx, FINE, *point[0]).value[row]
        assert scores[row] == pytest.approx(logsumexp(alone) - np.log(len(alone)), abs=0.1)


def test_each_draw_of_the_national_fit_is_used_as_often(rows, z):
    made = local_posterior(rows, z, 1)
    assert set(np.bincount(made.draw)) == {4}
    assert made.certificate.problems == ()
