"""What is compiled ahead is what the end of a fit calls, and only where nothing is there yet."""

import subprocess
import sys

import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.example import example_areas
from bayesmodel.inference import warm_compile
from bayesmodel.model.build import build_model

ENDS = """
import sys
from bayesmodel import build_model, example_study, fit_model, interpret_counts, read_areas
from bayesmodel.inference import warm_compile, ess
from bayesmodel.logp.predictor import missing_variances
from bayesmodel.logp import quadrature
from bayesmodel.logp.sample_area_effects import add_by_metropolis, add_by_rejection

family, engine = sys.argv[1:]
ends = [quadrature.laplace_approx, missing_variances]
ends.append(add_by_metropolis if family == "beta-binomial" else add_by_rejection)
if engine == "nuts":
    ends += [ess._pack, ess._measure, ess._score_all]
warm_compile.compile_end(family, engine)
ahead_of_fit = [list(end.signatures) for end in ends]

study = example_study(areas=60, gemeenten=8, regions=2)
inference = type(study.inference)(engine=engine, chains=2, tune=50, draws=50)
model = study.model.model_copy(update={"family": family})
study = study.model_copy(update={"inference": inference, "model": model})
fit_model(build_model(interpret_counts(read_areas(study))))
for end, known in zip(ends, ahead_of_fit, strict=True):
    print(end.__name__, len(known), len(end.signatures))
"""


@pytest.mark.parametrize(("family", "engine"), [("poisson", "nuts"), ("beta-binomial", "laplace")])
def test_a_fit_finds_its_end_compiled(family, engine):
    ended = subprocess.run([sys.executable, "-c", ENDS, family, engine], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    lines = [line.split() for line in ended.stdout.splitlines()]
    assert lines, "nothing was compared"
    assert [line for line in lines if line[1:] != ["1", "1"]] == []


@pytest.fixture
def built(small_study):
    """A small model."""
    return build_model(interpret_counts(example_areas(small_study())))


@pytest.fixture
def started(monkeypatch):
    """The processes that were started."""
    processes = []

    class Popen(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    monkeypatch.setattr(warm_compile, "cores", lambda: 2)
    return processes


def test_another_process_compiles_where_nothing_is_on_disk(built, started, monkeypatch):
    monkeypatch.setattr(warm_compile, "_on_disk", lambda: False)
    with warm_compile.compiled_in_background(built) as ready:
        ready()
    assert [process.returncode for process in started] == [0]


def test_without_another_process_nothing_is_lost(built, monkeypatch):
    monkeypatch.setattr(warm_compile, "_on_disk", lambda: False)
    monkeypatch.setattr(warm_compile, "cores", lambda: 2)
    monkeypatch.setattr(warm_compile.spawn, "get_executable", lambda: "/no/such/python")
    with warm_compile.compiled_in_background(built) as ready:
        assert ready() is None


def test_it_ends_with_a_fit_that_fails(built, started, monkeypatch):
    monkeypatch.setattr(warm_compile, "_on_disk", lambda: False)
    with pytest.raises(RuntimeError), warm_compile.compiled_in_background(built):
        raise RuntimeError
    assert len(started) == 1
    assert started[0].returncode not in (None, 0)


def test_no_process_where_it_was_compiled_before(built, started):
    warm_compile.compile_end("binomial", "laplace")
    with warm_compile.compiled_in_background(built) as ready:
        ready()
    assert started == []


def test_no_process_on_one_core(built, started, monkeypatch):
    monkeypatch.setattr(warm_compile, "_on_disk", lambda: False)
    monkeypatch.setattr(warm_compile, "cores", lambda: 1)
    with warm_compile.compiled_in_background(built) as ready:
        ready()
    assert started == []
