"""The verdict: each figure is measured, and each limit that is not met comes with its remedy."""

from dataclasses import asdict, replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.diagnostics import Diagnostics, certified_diagnostics, diagnose, diagnostics_from

CERTIFIED = Certificate(
    pareto_k=0.3, effective_share=0.95, effective=900.0, worst="sd_wijk", quadrature_error=1e-4, proposals=1100
)
GOOD = Diagnostics(rhat_max=1.002, ess_min=800.0, divergences=0, bfmi_min=0.9, worst="intercept")


def draws(change=None):
    """Four chains of 500 independent draws, as a fit holds them; `change` may spoil the posterior or its energy."""
    rng = np.random.default_rng(9)
    posterior = {"intercept": rng.normal(size=(4, 500)), "effect_gemeente": rng.normal(size=(4, 500, 3))}
    stats = {"energy": rng.normal(size=(4, 500)), "diverging": np.zeros((4, 500), dtype=bool)}
    if change:
        change(posterior, stats)
    dims = {2: ("chain", "draw"), 3: ("chain", "draw", "gemeente")}
    coords = {"gemeente": ["GM0001", "GM0002", "GM0003"]}
    return xr.DataTree.from_dict({
        "posterior": xr.Dataset({k: (dims[v.ndim], v) for k, v in posterior.items()}, coords),
        "sample_stats": xr.Dataset({k: (dims[v.ndim], v) for k, v in stats.items()}),
    })  # fmt: skip


def test_good_draws_converged():
    verdict = diagnose(draws())
    assert verdict.converged
    assert verdict.problems == ()
    # independent draws: about as many effective ones as there are
    assert verdict.ess_min > 1200
    assert 1 <= verdict.rhat_max < 1.01
    assert verdict.divergences == 0
    assert verdict.bfmi_min == pytest.approx(2, abs=0.3)


def test_a_stuck_chain_shows_in_r_hat():
    def stuck(posterior, stats):
        posterior["effect_gemeente"][2, :, 1] += 3

    verdict = diagnose(draws(stuck))
    assert verdict.rhat_max > 1.3
    assert verdict.worst == "effect_gemeente[GM0002]"
    assert any("R-hat" in problem and "inference.tune" in problem for problem in verdict.problems)


def test_each_problem_names_its_own_figure():
    bad = Diagnostics(rhat_max=1.2345, ess_min=67.0, divergences=3, bfmi_min=0.12, worst="sd_gemeente")
    said = "; ".join(bad.problems)
    assert "3 divergent transitions" in said
    assert "R-hat 1.234 above 1.01" in said or "R-hat 1.235 above 1.01" in said
    assert "effective sample size 67 of sd_gemeente under 400" in said
    assert "E-BFMI 0.12 under 0.3" in said


def test_slow_draws_show_in_the_effective_size():
    def slow(posterior, stats):
        posterior["intercept"] = np.cumsum(posterior["intercept"], axis=1)

    verdict = diagnose(draws(slow))
    assert verdict.ess_min < 100
    assert verdict.worst == "intercept"
    assert any("of intercept under 400: raise inference.draws" in problem for problem in verdict.problems)


@pytest.mark.parametrize(("error", "converged"), [(0.04, True), (0.06, False), (np.nan, False)])
def test_quadrature_that_is_off_is_refused_by_either_engine(error, converged):
    tree = draws()
    tree["sample_stats"].attrs["quadrature_error"] = error
    for verdict in (diagnose(tree), certified_diagnostics(replace(CERTIFIED, quadrature_error=error))):
        assert verdict.converged == converged
        assert converged or any("inference.density = 'graph'" in problem for problem in verdict.problems)


def test_divergences_are_counted():
    def diverging(posterior, stats):
        stats["diverging"][1, :7] = True

    verdict = diagnose(draws(diverging))
    assert verdict.problems[:-1] == ("7 divergent transitions: raise inference.target_accept (0.95, then 0.99)",)


def test_an_energy_that_wanders_shows():
    def wandering(posterior, stats):
        stats["energy"][3] = np.cumsum(stats["energy"][3])

    verdict = diagnose(draws(wandering))
    assert verdict.bfmi_min < 0.1
    assert [problem[:6] for problem in verdict.problems] == ["E-BFMI", "or try"]


def test_each_engine_names_the_other():
    for spoilt in ({"divergences": 3}, {"ess_min": 12.0}, {"rhat_max": 1.2}, {"bfmi_min": 0.1}):
        *_, last = replace(GOOD, **spoilt).problems
        assert last == "or try inference.engine = 'laplace', which runs no chains"
    assert GOOD.problems == ()
    [problem] = certified_diagnostics(replace(CERTIFIED, pareto_k=0.9)).problems
    assert problem.endswith("inference.engine = 'nuts'")


def test_nan_is_never_good():
    assert not replace(GOOD, rhat_max=np.nan).converged
    assert not replace(GOOD, ess_min=np.nan).converged
    assert not replace(GOOD, bfmi_min=np.nan).converged


@pytest.mark.parametrize(
    ("limit", "met"),
    [
        ({"rhat_max": 1.01}, True),
        ({"rhat_max": 1.0101}, False),
        ({"ess_min": 400.0}, True),
        ({"ess_min": 399.0}, False),
        ({"bfmi_min": 0.3}, True),
        ({"bfmi_min": 0.29}, False),
        ({"divergences": 1}, False),
    ],
)
def test_limits_are_where_they_are_said_to_be(limit, met):
    verdict = replace(GOOD, **limit)
    assert verdict.converged == met
    assert len(verdict.problems) == 2 * (not met)  # what is not met, and the other engine


def test_nan_among_the_draws_does_not_converge():
    def broken(posterior, stats):
        posterior["effect_gemeente"][0, 4, 2] = np.nan

    assert not diagnose(draws(broken)).converged


def test_a_certified_fit_is_judged_by_its_certificate():
    verdict = certified_diagnostics(CERTIFIED)
    assert verdict.converged
    assert verdict.ess_min == 900
    assert (verdict.rhat_max, verdict.bfmi_min) == (None, None)
    assert diagnostics_from(asdict(verdict)) == verdict


@pytest.mark.parametrize(
    ("limit", "problem"),
    [
        ({"pareto_k": 0.66}, None),
        ({"pareto_k": 0.68}, "Pareto k 0.68 of the importance weights above 0.67"),
        ({"pareto_k": 0.69, "proposals": 4400}, None),
        ({"pareto_k": 0.71, "proposals": 4400}, "Pareto k 0.71 of the importance weights above 0.70"),
        ({"pareto_k": np.nan}, "Pareto k nan"),
        ({"effective": 399.0}, "effective sample size 399 of sd_wijk under 400: raise inference.draws, or use"),
        ({"effective": np.nan}, "effective sample size nan"),
        ({"quadrature_error": 0.06}, "the quadrature over areas' own effects is 0.06 off"),
    ],
)
def test_what_a_certificate_lacks_names_the_other_engine(limit, problem):
    problems = certified_diagnostics(replace(CERTIFIED, **limit)).problems
    assert len(problems) == (problem is not None)
    assert not problems or problems[0].startswith(problem)
    assert all("inference.engine = 'nuts'" in text for text in problems)
