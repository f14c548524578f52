"""Blocks: every place of the axis is worked once."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from bayesmodel.parallel import BLOCK, in_blocks, one_thread_of_blas


@pytest.mark.parametrize(("length", "width"), [(0, 10), (1, 1), (1000, BLOCK // 7), (30, 10 * BLOCK), (5, 0)])
def test_every_place_is_worked_once(length, width):
    times = np.zeros(length, dtype=int)

    def work(part):
        times[part] += 1

    in_blocks(work, length, width)
    assert (times == 1).all()


def test_a_failure_in_a_block_is_heard():
    def work(part):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_blocks(work, 3, 1)


def test_linear_algebra_takes_one_thread_inside_and_as_many_as_before_after():
    def threads():
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    before = threads()
    with one_thread_of_blas():
        assert threads() == {1}
    assert threads() == before
