"""A real cluster of two workers on this machine, one of which is killed in the middle."""

import os
import signal
import sys

import numpy as np
import pytest

from bayesmodel.batch.runner import fit_many
from bayesmodel.batch.variation import Variation
from bayesmodel.errors import ClusterError, MissingFeatureError

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def variations(small_study):
    study = small_study(tune=150, draws=300)
    return [Variation(f"seed {seed}", study, {"inference.seed": seed}) for seed in range(5)]


@pytest.fixture
def cluster():
    """A scheduler and two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="ERROR"
    ) as cluster:
        yield cluster


def test_a_worker_killed_in_the_middle_loses_nothing(cluster, variations, tmp_path):
    killed = []

    def kill_one(done, total, outcome):
        if not killed:
            with distributed.Client(cluster, set_as_default=False) as client:
                running = {worker for worker, tasks in client.processing().items() if tasks}
                killed.append(client.run(os.getpid, workers=[min(running)])[min(running)])
            os.kill(killed[0], signal.SIGKILL)

    collection = fit_many(variations, tmp_path, workers=cluster.scheduler_address, progress=kill_one)
    assert killed
    assert collection.failed == ()
    assert collection.names == tuple(variation.name for variation in variations)
    # one folder for each, and nothing half-written
    folders = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert folders == sorted({outcome.key for outcome in collection})
    assert len(folders) == len(variations)
    means = [float(collection.fit(name).posterior["intercept"].mean()) for name in collection.names]
    assert len(np.unique(means)) == len(variations)


def test_no_scheduler_is_said_so(variations, tmp_path):
    with dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}), pytest.raises(ClusterError, match="9"):
        fit_many(variations, tmp_path, workers="tcp://127.0.0.1:9")


def test_the_library_is_named_when_it_is_missing(variations, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingFeatureError, match=r"bayesmodel-sae\[cluster\]"):
        fit_many(variations, tmp_path, workers="tcp://127.0.0.1:9")
