"""Senseless inputs of our own making: each is a fault, a remark, a question, or left alone, as it must."""

import pytest

from benchmarks.faults.attempt import in_this_process
from benchmarks.sense.inputs import INPUTS
from benchmarks.sense.judge import judge


@pytest.mark.parametrize("made", INPUTS, ids=str)
def test_nothing_senseless_passes_in_silence_and_nothing_sound_is_blamed(made, tmp_path):
    found = judge(made, tmp_path, in_this_process)
    assert found.right, found.said


def test_every_kind_has_inputs_that_must_pass_and_inputs_that_must_not():
    assert len(INPUTS) >= 60
    assert {"fault", "remark", "silent", "question", "left out"} == {made.must for made in INPUTS}
