"""One small fit for all of this room: sampled once."""

import pytest

from bayesmodel.counts import interpret_counts
from bayesmodel.inference import fit_model
from bayesmodel.model import build_model
from bayesmodel.sources.example import example_areas, example_study


def small_study(seed=7, determinants=3, **changes):
    """A study of 100 wijken with a few determinants and few draws."""
    study = example_study(areas=100, gemeenten=14, regions=3)
    few = tuple(item for item in study.determinants if item.level is None)[:determinants]
    inference = {"chains": 2, "tune": 200, "draws": 200, "seed": seed, "target_accept": 0.8} | changes
    inference = type(study.inference)(**inference)
    return study.model_copy(update={"determinants": few, "inference": inference})


@pytest.fixture(scope="session", name="small_study")
def small_study_fixture():
    """The function that makes the study."""
    return small_study


@pytest.fixture(scope="session")
def progress_calls():
    """What the sampler of the small fit reported."""
    return []


@pytest.fixture(scope="session")
def small_fit(progress_calls):
    """The fit of a hundred invented wijken."""
    built = build_model(interpret_counts(example_areas(small_study())))
    return fit_model(built, progress=lambda *call: progress_calls.append(call))
