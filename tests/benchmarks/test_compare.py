"""The comparison: cases any program can read, runs under a limit, agreement, a page that says what did not run."""

import json
import subprocess
import sys
from time import monotonic, sleep

import numpy as np
import pandas as pd
import pytest

from benchmarks.compare.agreement import agreement
from benchmarks.compare.case import Case, counts_of, write_case
from benchmarks.compare.contest import CASES, SAMPLING
from benchmarks.compare.entrants import entrants
from benchmarks.compare.page import write_page
from benchmarks.compare.race import run


@pytest.mark.parametrize("counts", ["exact", "hidden", "rounded"])
def test_a_case_says_the_same_to_everyone(counts, tmp_path):
    write_case(Case("negative-binomial", counts, 60), tmp_path / "case", SAMPLING)
    ours = counts_of(tmp_path / "case")
    theirs = pd.read_csv(tmp_path / "case" / "areas.csv")
    case = json.loads((tmp_path / "case" / "case.json").read_text())
    assert theirs["area"].tolist() == ours.areas.codes.tolist()
    for bound in ("lower", "upper"):
        assert theirs[bound].tolist() == getattr(ours, bound).tolist()
    assert not ours.areas.determinants.isna().to_numpy().any()
    assert len(case["columns"]) == ours.areas.determinants.shape[1]
    assert case["draws"] == ours.study.inference.draws == SAMPLING["draws"]
    widths = set(theirs["upper"] - theirs["lower"])
    assert widths <= {"exact": {0}, "hidden": {0, *range(10)}, "rounded": {4, *range(8)}}[counts]


def test_every_entrant_can_or_says_why_not():
    for family, counts in CASES:
        reasons = {entrant.name: entrant.cannot(Case(family, counts, 60)) for entrant in entrants()}
        assert reasons["bayesmodel, nuts"] is None
        assert all(reason is None or reason for reason in reasons.values())
        if counts == "rounded":
            assert reasons["PyMC, library"]
            assert reasons["lme4, nAGQ = 0"]


def test_a_run_is_timed_and_measured(tmp_path):
    # 200 MB, over what an interpreter takes
    found = run([sys.executable, "-c", "len(b'x' * 2 * 10**8)"], tmp_path, {}, 60)
    assert found.problem == ""
    assert 200 < found.peak_mb < 300
    # not what the process of the tests uses
    assert run([sys.executable, "-S", "-c", "pass"], tmp_path, {}, 60).peak_mb < 50
    assert 0 < found.cpu_seconds < 60


def state_of(process):
    """The state of a process, as `ps` writes it: empty when there is none, Z when it has ended."""
    done = subprocess.run(["ps", "-o", "state=", "-p", process], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def test_a_run_over_its_limit_ends_with_all_its_processes(tmp_path):
    code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid, flush=True)\nwhile True: pass"
    found = run([sys.executable, "-c", code], tmp_path, {}, 1)
    assert found.problem.startswith("not finished in 1 s of the processor")
    child = (tmp_path / "log.txt").read_text().strip()
    deadline = monotonic() + 30  # a killed process takes a moment to be gone on a busy machine
    while (state := state_of(child)) not in ("", "Z") and monotonic() < deadline:
        sleep(0.05)
    assert state in ("", "Z")


def test_a_run_that_fails_says_what_it_said(tmp_path):
    assert "no such model" in run([sys.executable, "-c", "raise SystemExit('no such model')"], tmp_path, {}, 60).problem


def test_of_a_traceback_the_error_is_kept_without_its_places(tmp_path):
    (tmp_path / "wrong.py").write_text("def f():\n    raise TypeError('a scalar')\nf()\n", encoding="utf-8")
    assert run([sys.executable, str(tmp_path / "wrong.py")], tmp_path, {}, 30).problem == "failed: TypeError: a scalar"


def test_agreement_is_in_sds_of_the_reference():
    reference = {"x0": {"mean": 1.0, "sd": 0.5, "ess": 900.0}, "sd_area": {"mean": 0.2, "sd": 0.1, "ess": 900.0}}
    found = {"x0": {"mean": 1.1, "sd": 0.45, "ess": None}, "sd_area": {"mean": 0.25, "sd": None, "ess": None}}
    result = agreement(found, reference)
    assert np.allclose([result[name] for name in ("mean_difference", "sd_ratio_min", "sd_ratio_max")], [0.5, 0.9, 0.9])


def test_the_page_names_who_did_not_finish(tmp_path):
    done = {
        "cold_seconds": 9.0,
        "cold_cpu_seconds": 8.0,
        "warm_seconds": 4.0,
        "warm_cpu_seconds": 3.0,
        "fit_seconds": 2.0,
        "ess_min": 1200,
        "ess_per_cpu_second": 400.0,
        "peak_mb": 500,
        "mean_difference": 0.05,
        "sd_ratio_min": 0.97,
        "sd_ratio_max": 1.02,
    }
    rows = [
        {"case": "binomial, exact", "entrant": "ours", "problem": "", "load": 1.5, **done},
        {"case": "binomial, exact", "entrant": "slow", "problem": "not finished in 240 s", "load": 2.5},
    ]
    about = {
        "command": "python -m benchmarks.compare --size small",
        "areas": 400,
        "cores": 2,
        "memory_gib": 24,
        "load": 1,
        "date": "2026",
        "versions": {},
    }
    write_page(rows, about | {"rows": rows}, tmp_path)
    text = (tmp_path / "benchmarks.md").read_text()
    assert "`python -m benchmarks.compare --size small`" in text
    assert "| ours | 9.0 | 8.0 | 4.0 | 2.0 | 3.0 | 1,200 | 400.0 | 500 | 0.05 | 0.97 to 1.02 |" in text
    assert "- slow: not finished in 240 s." in text
    assert (tmp_path / "benchmarks.png").stat().st_size > 1000
