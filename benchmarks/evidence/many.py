"""Many fits: five hundred of national size, and a cluster that loses a worker.

Each of the five hundred is a country that the fit of 2017 thinks possible: counts are drawn from one of its draws,
hidden as they are published, fitted, and the difference of every wijk summarised.
"""

from __future__ import annotations

import os
import signal
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import (
    Counts,
    Fit,
    Variation,
    build_model,
    difference,
    example_study,
    fit_many,
    fit_model,
    interpret_counts,
    publish,
)

NUMBER = 500
SETTINGS = {"inference.engine": "laplace", "inference.chains": 4, "inference.draws": 125}
CLUSTER = 6


def figures(counts: Counts) -> dict[str, Any]:
    """Return how long five hundred fits take, and what a killed worker loses."""
    return {**five_hundred(counts), "cluster_lost_fits": lost()}


def five_hundred(counts: Counts, number: int = NUMBER) -> dict[str, Any]:
    """Time simulating, hiding, fitting and summarising on the cores there are; count what the verdict accepts."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Variation("2017", counts, {**SETTINGS, "inference.draws": 250}).counts()
        rate = fit_model(build_model(alone))
        draws = rate.posterior["linear_predictor"].to_numpy().reshape(-1, len(counts))
        np.save(f"{folder}/draws.npy", rate.family.mean(draws[:number]))
        variations = [
            Variation(
                f"country {place}",
                counts,
                {**SETTINGS, "inference.seed": place},
                partial(simulated, path=f"{folder}/draws.npy", place=place),
            )
            for place in range(number)
        ]
        begun = perf_counter()
        made = fit_many(variations, f"{folder}/fits", summary=summarised)
        seconds = perf_counter() - begun
        states = made.frame["state"].value_counts().to_dict()
        held = [float(table["held"].mean()) for table in (made.summary(name) for name in made.names[:50])]
    return {
        f"fits_{number}_seconds": round(seconds, 1),
        f"fits_{number}_states": states,
        f"fits_{number}_coverage_90_of_first_50": round(float(np.mean(held)), 3),
    }


def simulated(counts: Counts, path: str, place: int) -> Counts:
    """Return counts drawn from rates of the fit of 2017, and hidden as they are published."""
    rng = np.random.default_rng([20170101, place])
    rate = np.load(path, mmap_mode="r")[place]
    known = np.minimum(rng.poisson(rate * counts.population), counts.population)
    areas = counts.areas
    cells = pd.Series(publish(known, areas.study.publication), areas.codes, name=areas.published.name)
    study = areas.study.model_copy(update={"folder": path})  # where the truth is, for the summary
    return interpret_counts(replace(areas, published=cells, study=study))


def summarised(fit: Fit) -> pd.DataFrame:
    """Summarise the difference of every wijk, and whether the interval of its rate holds the true one."""
    place = fit.study.inference.seed
    truth = np.load(fit.study.folder, mmap_mode="r")[place]
    table = difference(fit, expectation="gemeente", scale="points").summary()
    draws = fit.family.mean(fit.posterior["linear_predictor"].to_numpy().reshape(-1, len(truth)))
    lower, upper = np.quantile(draws, [0.05, 0.95], axis=0)
    return table.assign(held=(lower <= truth) & (truth <= upper))


def lost() -> int:
    """Kill a worker of a cluster in the middle of some fits; return how many of them are not there in the end."""
    from distributed import Client, LocalCluster

    study = example_study(areas=100, gemeenten=14, regions=3)
    changes = {"inference.tune": 150, "inference.draws": 300}
    variations = [Variation(f"seed {seed}", study, {**changes, "inference.seed": seed}) for seed in range(CLUSTER)]
    killed: list[int] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs="ERROR") as cluster,
    ):

        def kill_one(done: int, total: int, outcome: Any) -> None:
            if not killed:
                with Client(cluster, set_as_default=False) as client:
                    running = min(worker for worker, tasks in client.processing().items() if tasks)
                    killed.append(client.run(os.getpid, workers=[running])[running])
                os.kill(killed[0], signal.SIGKILL)

        made = fit_many(variations, Path(folder), workers=cluster.scheduler_address, progress=kill_one)
    assert killed
    return CLUSTER - len({outcome.key for outcome in made if outcome.key})
