"""Ctrl-C while sampling ends the sampling; half the draws never pass for all of them."""

import os
import signal

import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.example import example_study
from bayesmodel.inference.sampling import fit_model
from bayesmodel.io import read_areas
from bayesmodel.model.build import build_model
from bayesmodel.study import study_from


@pytest.fixture
def ctrl_c_raises():
    """Ctrl-C as at a terminal: workers of a parallel test run ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c_raises")
def test_ctrl_c_ends_the_sampling():
    values = example_study(areas=60, gemeenten=8, regions=2).model_dump()
    values["inference"] |= {"draws": 5_000}
    built = build_model(interpret_counts(read_areas(study_from(values))))
    pressed = []

    def press_once(done, total, divergences):
        if done > 100 and not pressed:
            pressed.append(done)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        fit_model(built, press_once)
    assert pressed[0] < 4 * 5_000
