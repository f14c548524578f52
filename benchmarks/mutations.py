"""Break the code on purpose, one line at a time, and see whether a test notices.

``python -m benchmarks.mutations`` tries all of them in a copy of the checkout and names those that live on;
with files of the package, such as ``data/totals.py``, those in these files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 1800
"""Seconds in which the tests of one mutation must end."""


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

TOTALS, UNPLACED, GROUPS, SUMS, SHARE, TIGHT, OTHER = (
    "tests/data/test_totals.py",
    "tests/estimates/test_unplaced.py",
    "tests/estimates/test_group_totals.py",
    "tests/logp/test_group_sums.py",
    "tests/model/test_unplaced_share.py",
    "tests/data/test_tightening.py bayesmodel/data/tightening.py",
    "tests/data/test_other_publications.py",
)

OF_TOTALS = (
    Mutation("data/totals.py", "np.maximum(bounds.lower - most, 0)", "np.maximum(bounds.lower - least, 0)", TOTALS),
    Mutation("data/totals.py", "rule.rounded_to != 0).any()", "rule.rounded_to != 0).all()", TOTALS),
    Mutation("data/totals.py", "cells.hidden & (least <= highest)", "cells.hidden", TOTALS),
    Mutation("data/totals.py", "low / general, high / general", "low, high", TOTALS),
    Mutation(
        "data/totals.py",
        'totals["aside_upper"].astype(float)).to_numpy',
        'totals["aside_lower"].astype(float)).to_numpy',
        TOTALS,
    ),
    Mutation(
        "data/totals.py",
        'known["placed_lower"] + known["aside_lower"] <= known["upper"]',
        'known["placed_lower"] <= known["upper"]',
        f"{TOTALS} {SHARE}",
    ),
    Mutation("data/totals.py", "group.total[0] - int(", "group.total[1] - int(", f"{TOTALS} {GROUPS}"),
    Mutation("data/totals.py", "key=lambda name: reach[name]", "key=lambda name: -reach[name][0]", f"{TOTALS} {SHARE}"),
    Mutation("estimates/unplaced.py", "(low > 1 + margin).mean()", "(high > 1 + margin).mean()", UNPLACED),
    Mutation("estimates/unplaced.py", "(high < 1 - margin).mean()", "(low < 1 - margin).mean()", UNPLACED),
    Mutation("estimates/unplaced.py", "stands < rule.probable", "stands < 1 - rule.probable", UNPLACED),
    Mutation("estimates/unplaced.py", "np.sort(rows).astype(np.int64)", "rows[::-1].astype(np.int64)", UNPLACED),
    Mutation(
        "estimates/unplaced.py",
        'table[["least", "most"]] = np.nan',
        "pass",
        f"{UNPLACED} {GROUPS}",
    ),
    Mutation("estimates/group_totals.py", "everybody = known / (1 - part)", "everybody = known", GROUPS),
    Mutation("estimates/group_totals.py", "aside=added(drawn.aside),", "aside=added(drawn.unplaced),", GROUPS),
    Mutation("estimates/group_totals.py", "raising=1 / (1 - drawn.share)", "raising=1 + drawn.share", GROUPS),
    Mutation(
        "estimates/group_totals.py", "sizes[inside].sum() != len(rows)", "sizes[inside].sum() < len(rows)", GROUPS
    ),
    Mutation(
        "estimates/group_totals.py",
        "share=added(drawn.share * drawn.everybody) / added(drawn.everybody)",
        "share=added(drawn.share)",
        GROUPS,
    ),
    Mutation(
        "logp/group_sums.py",
        "total += math.log(max(value, 1e-300)) + peaks[g]",
        "total += math.log(max(value, 1e-300))",
        SUMS,
    ),
    Mutation("logp/group_sums.py", "prefix[cell, left - k]", "prefix[cell + 1, left - k]", SUMS),
    Mutation(
        "model/unplaced_share.py", "gammaln(placed + u + 1.0) - gammaln(u + 1.0)", "gammaln(placed + u + 1.0)", SHARE
    ),
    Mutation("model/unplaced_share.py", "_normalised(joint - own)", "_normalised(joint)", SHARE),
    Mutation(
        "model/unplaced_share.py",
        "range(group.total[0], group.total[1] + 1)",
        "range(group.total[0], group.total[1])",
        SHARE,
    ),
    Mutation(
        "model/unplaced_share.py", "rng.negative_binomial(placed + 1,", "rng.negative_binomial(placed + 30,", SHARE
    ),
    Mutation(
        "model/unplaced_share.py",
        "_truncated_poisson(lowest, highest, people * rate)",
        "_truncated_poisson(lowest, highest, people)",
        SHARE,
    ),
    Mutation(
        "model/unplaced_share.py",
        "-0.5 * ((grid[:, 0] - PRIOR_MEAN) / PRIOR_MEAN_SD) ** 2",
        "np.zeros(len(grid))",
        SHARE,
    ),
)
"""Totals of groups: their bounds, the unplaced, the evidence of sums."""

OF_BOUNDS = (
    Mutation("data/tightening.py", "most.sum(axis=1)[:, None] - most)", "most.sum(axis=1)[:, None] - least)", TIGHT),
    Mutation("data/tightening.py", "np.where(positive, floor, -ceiling)", "np.where(positive, floor, ceiling)", TIGHT),
    Mutation("data/tightening.py", "most.sum(axis=1) < sums.lower", "most.sum(axis=1) <= sums.lower", TIGHT),
    Mutation("data/tightening.py", "changed |= bool(found)", "changed |= False", f"{TIGHT} {OTHER}"),
    Mutation("data/other_publications.py", "0.5 * 10.0**-percentage.decimals", "10.0**-percentage.decimals", OTHER),
    Mutation("data/other_publications.py", "percentage.of_rounded_to - 1", "0", OTHER),
    Mutation("data/other_publications.py", "if not each.of_unrounded_counts:", "if each.of_unrounded_counts:", OTHER),
    Mutation(
        "data/other_publications.py",
        "np.full(size, np.inf) if each.overlap",
        "np.full(size, np.inf) if not each.overlap",
        OTHER,
    ),
    Mutation(
        "data/other_publications.py",
        'total["upper"] - total["aside_lower"]',
        'total["upper"] - total["aside_upper"]',
        OTHER,
    ),
    Mutation("data/other_publications.py", "missing & (least > lower)", "missing", OTHER),
    Mutation(
        "data/published_windows.py",
        "publication.secondary_below - 1 if",
        "publication.secondary_below if",
        "tests/data/test_published_windows.py tests/data/test_secondary.py",
    ),
)
"""What is published beside the counts, and what it leaves of them."""

OTHERS = (
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
    Mutation(
        "data/publication.py",
        "np.where(lower < lowest, lower, np.maximum(lower, highest + 1))",
        "np.where(lower < lowest, lower, np.maximum(lower, highest))",
        PUBLICATION,
    ),
    Mutation(
        "data/publication.py",
        "np.where(below, lower, np.maximum(lower, highest + 1))",
        "np.where(below, lower, np.maximum(lower, highest))",
        PUBLICATION,
    ),
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

MUTATIONS = (*OTHERS, *OF_TOTALS, *OF_BOUNDS)


def survivors(mutations: Sequence[Mutation] = MUTATIONS) -> Iterator[Mutation]:
    """Try mutations in a copy of the checkout, and yield those that no test notices.

    Parameters
    ----------
    mutations : sequence of Mutation

    Raises
    ------
    ValueError
        What a mutation replaces does not stand in its file; or the tests took too long, which says nothing.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "__pycache__", "*results", "_build"))
        environment = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(Path(folder) / "machine-code")}
        for mutation in mutations:
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
            except subprocess.TimeoutExpired as error:
                raise ValueError(f"{mutation.file}: {mutation.tests} took longer than {PATIENCE} s") from error
            finally:
                path.write_text(text, "utf-8")
            if ended.returncode not in (0, 1):
                raise ValueError(f"{mutation.file}: {mutation.tests} did not run")
            if ended.returncode == 0:
                yield mutation


if __name__ == "__main__":
    chosen = [each for each in MUTATIONS if len(sys.argv) == 1 or each.file in sys.argv[1:]]
    alive = list(survivors(chosen))
    for mutation in alive:
        print(f"{mutation.file}: {mutation.right.strip()!r} -> {mutation.wrong.strip()!r} is noticed by no test")
    print(f"{len(chosen) - len(alive)} of {len(chosen)} mutations are noticed")
