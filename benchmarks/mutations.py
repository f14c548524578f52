"""Break the code on purpose, one line at a time, and see whether a test notices.

``python -m benchmarks.mutations`` tries all of them in a copy of the checkout and names those that live on.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300
"""Seconds after which tests that do not end count as failed."""


@dataclass(frozen=True)
class Mutation:
    """One change that makes the code wrong, and the tests that should see it.

    Parameters
    ----------
    file : str
        Below `bayesmodel`.
    right, wrong : str
        What stands there once, and what is written instead.
    tests : str
        What pytest is given.
    """

    file: str
    right: str
    wrong: str
    tests: str


RULE, SENTENCE = "tests/estimates/test_verdict_rule.py", "tests/estimates/test_explain.py"
FAMILY, RANK = (
    "tests/model/families/test_families.py tests/model/families/test_family.py",
    "tests/estimates/test_rank.py",
)
DIAGNOSTICS, PUBLICATION = (
    "tests/inference/test_diagnostics.py",
    "tests/data/test_publication.py tests/data/test_interpret.py",
)
RANDOM = "tests/data/test_random_rounding.py bayesmodel/data/publication.py"

MUTATIONS = (
    Mutation("estimates/verdict_rule.py", "clear: float = 0.9\n", "clear: float = 0.95\n", RULE),
    Mutation("estimates/verdict_rule.py", "false_discovery: float = 0.05", "false_discovery: float = 0.1", RULE),
    Mutation("estimates/verdict_rule.py", "within >= rule.probable", "within > rule.probable", RULE),
    Mutation("estimates/verdict_rule.py", "chance >= rule.probable", "chance > rule.probable", RULE),
    Mutation("estimates/verdict_rule.py", 'side="right"', 'side="left"', RULE + " tests/estimates/test_verdicts.py"),
    Mutation("estimates/explain.py", '("p_higher", "p_lower"))', '("p_lower", "p_higher"))', SENTENCE),
    Mutation("inference/diagnostics.py", "size=number(self.rhat_max, ", "size=number(self.ess_min, ", DIAGNOSTICS),
    Mutation("inference/diagnostics.py", "self.rhat_max <= 1.01", "self.rhat_max <= 1.1", DIAGNOSTICS),
    Mutation("inference/certificate.py", "ENOUGH = 400", "ENOUGH = 40", DIAGNOSTICS),
    Mutation(
        "model/levels.py", "members = of_area[first]", "members = of_area[: len(first)]", "tests/model/test_levels.py"
    ),
    Mutation("model/families/family.py", "(k <= upper)", "(k < upper)", FAMILY),
    Mutation(
        "model/families/family.py",
        "window = middle[rest] + 1, upper[rest]",
        "window = middle[rest], upper[rest]",
        FAMILY,
    ),
    Mutation("model/families/poisson.py", "return n / k *", "return n / (k + 1) *", FAMILY),
    Mutation("model/missing.py", "np.where(first == second, 1.0, 2.0)", "1.0", "bayesmodel/model/missing.py"),
    Mutation("data/publication.py", "(counts <= highest)", "(counts < highest)", PUBLICATION),
    Mutation("data/publication.py", "published + to - offset - 1", "published + to - offset", PUBLICATION),
    Mutation("data/publication.py", "np.maximum(lower, highest + 1)", "np.maximum(lower, highest)", PUBLICATION),
    Mutation(
        "data/transforms.py",
        "(values + 0.5) / 101.0",
        "(values + 0.5) / 100.0",
        "bayesmodel/data/transforms.py tests/example",
    ),
    Mutation(
        "data/transforms.py",
        "(x >= 0) & (x <= 100)",
        "(x >= 0) & (x <= 1)",
        "tests/io/test_determinants.py tests/model/test_design.py",
    ),
    Mutation(
        "data/totals.py",
        "return float(unplaced / total)",
        "return float(total / unplaced)",
        "tests/data/test_totals.py",
    ),
    Mutation("data/codes.py", "text.str.zfill(DIGITS[kind])", "text", "tests/data/test_codes.py"),
    Mutation("estimates/rank.py", "np.argsort(-values)", "np.argsort(values)", RANK),
    Mutation("estimates/compare.py", "(row > columns)", "(row >= columns)", "tests/estimates/test_compare.py"),
    Mutation(
        "estimates/expectation.py",
        "return tuple(names)\n\n\nAT_ONCE",
        "return tuple(names[::-1])\n\n\nAT_ONCE",
        "tests/estimates/test_expectation.py tests/estimates/test_expected.py",
    ),
    Mutation(
        "estimates/arviz_groups.py",
        "mask(np.clip(drawn, 0, people), people, fit.study.publication, rng)",
        "(drawn, drawn, None)",
        "tests/estimates/test_arviz_groups.py",
    ),
    Mutation("format.py", "0.01 <= value <= 0.99", "0.001 <= value <= 0.999", "tests/test_format.py"),
    Mutation("tables/display.py", '"chance": 0}', '"chance": 1}', "tests/tables"),
    Mutation("logp/vecmath.py", "1 / 12 - inverse", "1 / 13 - inverse", "tests/logp/test_special_functions.py"),
    Mutation(
        "logp/batch_loglik.py", "upper[i] > lower[i]", "upper[i] > lower[i] + 1", "tests/logp/test_batch_loglik.py"
    ),
    Mutation(
        "laplace/importance.py",
        "away = (draws - weights @ draws) ** 2",
        "away = (draws - draws.mean(axis=0)) ** 2",
        "tests/laplace/test_importance.py",
    ),
    Mutation("data/publication.py", "range(to) if publication", "range(1, to) if publication", RANDOM),
    Mutation("data/publication.py", "(k <= last[:, None])\n", "(k < last[:, None])\n", RANDOM),
    Mutation("data/publication.py", "below - 1) if below", "below) if below", "tests/data/test_secondary.py"),
    Mutation(
        "checks/left_out.py",
        "tail = (1 - probability) / 2",
        "tail = 1 - probability",
        "tests/checks/test_left_out.py bayesmodel/checks/left_out.py",
    ),
    Mutation(
        "checks/calibration.py",
        "max(MATERIAL, Z_LIMIT * error)",
        "min(MATERIAL, Z_LIMIT * error)",
        "tests/checks/test_calibration.py",
    ),
    Mutation(
        "checks/predictive.py", "0.5 * (values == observed)", "(values == observed)", "tests/checks/test_predictive.py"
    ),
    Mutation("checks/hide_and_seek.py", "spread_of_draws / 2", "spread_of_draws", "tests/checks/test_hide_and_seek.py"),
    Mutation("sources/service.py", "2 ** (attempt - 1)", "2**attempt", "tests/sources/test_service.py"),
    Mutation(
        "sources/study_table.py",
        "min(value, 100.0)",
        "value",
        "tests/sources/test_fetch.py",
    ),
    Mutation(
        "laplace/hard_groups.py",
        "of_group - 0.5 * scores**2 + 0.5 * z**2",
        "of_group - 0.5 * scores**2",
        "tests/laplace/test_hard_groups.py",
    ),
)
"""Bounds, levels, thresholds, messages, and what is compiled; some of them once lived on."""


def survivors() -> Iterator[Mutation]:
    """Try all mutations in a copy of the checkout, and yield those that no test notices.

    Raises
    ------
    ValueError
        What a mutation replaces does not stand in its file.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", "*results", "_build"))
        environment = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(Path(folder) / "machine-code")}
        for mutation in MUTATIONS:
            path = copy / "bayesmodel" / mutation.file
            text = path.read_text("utf-8")
            if mutation.right not in text:
                raise ValueError(f"{mutation.file} does not hold {mutation.right!r}")
            path.write_text(text.replace(mutation.right, mutation.wrong, 1), "utf-8")
            command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutation.tests.split()]
            try:
                ended = subprocess.run(
                    command, cwd=copy, env=environment, capture_output=True, check=False, timeout=PATIENCE
                )
                noticed = ended.returncode != 0
            except subprocess.TimeoutExpired:
                noticed = True
            path.write_text(text, "utf-8")
            if not noticed:
                yield mutation


if __name__ == "__main__":
    alive = list(survivors())
    for mutation in alive:
        print(f"{mutation.file}: {mutation.right.strip()!r} -> {mutation.wrong.strip()!r} is noticed by no test")
    print(f"{len(MUTATIONS) - len(alive)} of {len(MUTATIONS)} mutations are noticed")
