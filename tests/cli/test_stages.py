"""The figures of a verdict in a sentence: each where it belongs."""

from bayesmodel.cli.stages import judged
from bayesmodel.inference.certificate import Certificate
from bayesmodel.inference.diagnostics import Diagnostics, certified_diagnostics


def test_chains_are_told_by_r_hat_effective_draws_and_divergences():
    said = judged(Diagnostics(rhat_max=1.002, ess_min=3356.0, divergences=0, bfmi_min=0.9, worst="intercept"))
    assert said == "converged: R-hat at most 1.002, at least 3,356 effective draws, 0 divergences"


def test_laplace_is_told_by_pareto_k_and_effective_draws():
    certificate = Certificate(0.31, 0.95, 950.0, "sd_wijk", 1e-4, 1100)
    assert (
        judged(certified_diagnostics(certificate))
        == "converged: Pareto k 0.31, at least 950 effective draws of 1,100 proposed"
    )


def test_draws_that_did_not_converge_are_told_so():
    said = judged(Diagnostics(rhat_max=1.2, ess_min=30.0, divergences=4, bfmi_min=0.9, worst="intercept"))
    assert said.startswith("NOT converged: R-hat at most 1.200, at least 30 effective draws, 4 divergences")
