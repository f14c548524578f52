"""What is compiled ahead is what a fit calls, and only where nothing is there yet."""

import subprocess
import sys

import pytest

from bayesmodel.example import example_study
from bayesmodel.inference import warm_compile
from bayesmodel.inference.warm_compile import STAGES, compile_ahead, compile_stage, compiled_in_background

AHEAD = """
import sys
from bayesmodel import build_model, example_study, fit_model, interpret_counts, read_areas
from bayesmodel.inference import ess
from bayesmodel.inference.warm_compile import STAGES, compile_stage
from bayesmodel.laplace import factor, field, joint, mode
from bayesmodel import sparse_factor
from bayesmodel.logp.area_effects import marginal_loglik
from bayesmodel.logp.laplace_approx import slopes_at
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp.sample_area_effects import add_by_metropolis, add_by_rejection

family, engine = sys.argv[1:]
used = [slopes_at, marginal_loglik, add_by_metropolis if family == "beta-binomial" else add_by_rejection]
if engine == "nuts":
    used += [ess._pack, ess._measure, ess._score_all]
else:
    used += [field.field_at, joint.missing_variance, joint.missing_slope, missing_variances, mode.parabola_at]
    used += [factor.reduced, sparse_factor.rows_of_supernodes, factor.solve_transposed, factor.draw_field]
for stage in STAGES[engine]:
    compile_stage(stage, family)
ahead_of_fit = [list(function.signatures) for function in used]

study = example_study(areas=60, gemeenten=8, regions=2)
inference = type(study.inference)(engine=engine, chains=2, tune=50, draws=50)
model = study.model.model_copy(update={"family": family})
study = study.model_copy(update={"inference": inference, "model": model})
fit_model(build_model(interpret_counts(read_areas(study))))
for function, known in zip(used, ahead_of_fit, strict=True):
    print(function.__name__, len(known), len(function.signatures))
"""


@pytest.mark.parametrize(
    ("family", "engine"), [("poisson", "nuts"), ("poisson", "laplace"), ("beta-binomial", "laplace")]
)
def test_a_fit_finds_all_it_calls_compiled(family, engine):
    ended = subprocess.run([sys.executable, "-c", AHEAD, family, engine], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert lines, "nothing was compared"
    assert [line for line in lines if line[1:] != ["1", "1"]] == []


@pytest.fixture
def study():
    """A study by Laplace."""
    whole = example_study()
    return whole.model_copy(update={"inference": whole.inference.model_copy(update={"engine": "laplace"})})


@pytest.fixture
def started(monkeypatch):
    """The processes that were started, where nothing is on disk."""
    processes = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    monkeypatch.setattr(warm_compile, "_on_disk", lambda *_: False)
    monkeypatch.setattr(warm_compile, "cores", lambda: 2)
    yield processes
    warm_compile.stop()


def test_a_process_per_stage_compiles_where_nothing_is_on_disk(study, started):
    with compiled_in_background(study) as ready:
        ready()
        assert [process.returncode for process in started] == [0] * len(STAGES["laplace"])


def test_what_was_begun_before_is_not_begun_again(study, started):
    compile_ahead(study)
    with compiled_in_background(study):
        assert len(started) == len(STAGES["laplace"])


def test_without_another_process_nothing_is_lost(study, started, monkeypatch):
    monkeypatch.setattr(warm_compile.spawn, "get_executable", lambda: "/no/such/python")
    with compiled_in_background(study) as ready:
        assert ready() is None
    assert started == []


def test_they_end_with_a_fit_that_fails(study, started):
    with pytest.raises(RuntimeError), compiled_in_background(study):
        raise RuntimeError
    assert len(started) == len(STAGES["laplace"])
    assert all(process.returncode not in {None, 0} for process in started)


@pytest.mark.parametrize("engine", STAGES)
def test_no_process_where_it_was_compiled_before(study, started, monkeypatch, engine):
    monkeypatch.undo()
    monkeypatch.setattr(warm_compile, "cores", lambda: 2)
    asked = []
    monkeypatch.setattr(warm_compile, "_started", asked.append)
    for stage in STAGES[engine]:
        compile_stage(stage, "binomial")
    compile_ahead(study, engine)
    assert asked == []


def test_no_process_on_one_core(study, started, monkeypatch):
    monkeypatch.setattr(warm_compile, "cores", lambda: 1)
    compile_ahead(study)
    assert started == []
