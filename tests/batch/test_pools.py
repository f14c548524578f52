"""Processes of this machine: their share of the cores, and no more memory than they may."""

import os
import sys

import pytest

from bayesmodel.batch.runner import THREADS, local_pool
from bayesmodel.parallel import at_most, cores
from tests.batch import deeds


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
def test_a_worker_gets_its_share_and_not_more():
    before = {name: os.environ.get(name) for name in THREADS}
    with local_pool(cores(), memory_gb=1.5) as pool:
        told = [pool.executor.submit(deeds.circumstances) for _ in range(2 * cores())]
        circumstances = [each.result() for each in told]
    assert (pool.slots, pool.cores) == (cores(), 1)
    assert {value for threads, _ in circumstances for value in threads.values()} == {"1"}
    assert not any(had_memory for _, had_memory in circumstances)
    assert {name: os.environ.get(name) for name in THREADS} == before


def test_cores_are_limited_inside_only():
    there = cores()
    with at_most(1):
        assert cores() == 1
        with at_most(10**6):
            assert cores() == there
    assert cores() == there
