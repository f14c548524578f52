"""A small invented country, served on this machine as CBS serves it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from bayesmodel.sources import Patience, Service, Sources, read_registry
from benchmarks.sources.invented_tables import areas, invented_country, kwb, youth_care
from benchmarks.sources.local_cbs import LocalCbs

IMPATIENT = Patience(attempts=3, first_wait=0.0, longest_wait=5.0, pause=0.0)
"""Asks again at once; a busy machine may take its time to answer."""


@pytest.fixture(scope="session")
def country():
    return invented_country(wijken=60, gemeenten=8)


@pytest.fixture(scope="session")
def tables(country):
    """Tables of the country: all that a study of 2017 and one of 2024 need, and provisional counts of 2025."""
    return {
        "counts": youth_care(country),
        "kwb": kwb(country, 2017, "83765NED"),
        "areas": areas(country, regions=3),
        "kwb 2024": kwb(country),
        "counts 2025": youth_care(country, 2025, "86204NED", provisional=True),
    }


@pytest.fixture(scope="session")
def small_registry():
    """The registry, for which a country of eight gemeenten is whole."""
    registry = read_registry()
    purposes = {name: kind.model_copy(update={"least_areas": 3}) for name, kind in registry.purposes.items()}
    shapes = tuple(each.model_copy(update={"least_areas": 3}) for each in registry.shapes)
    return registry.model_copy(update={"purposes": purposes, "shapes": shapes})


@pytest.fixture(params=["v3", "v4"])
def protocol(request):
    return request.param


@pytest.fixture
def server(tables):
    """Both protocols."""
    with LocalCbs(tables.values()) as served:
        yield served


@dataclass
class Asker:
    """Makes `Sources` that ask a server of the test, and keeps what they tell."""

    registry: object
    folder: Path
    told: list

    def __call__(self, server, **options):
        url = server if isinstance(server, str) else server.url
        service = lambda: Service(patience=IMPATIENT, notify=self.told.append, sleep=lambda seconds: None)  # noqa: E731
        registry = options.pop("registry", self.registry)
        return Sources(registry, self.folder, url, make_service=service, notify=self.told.append, **options)


@pytest.fixture
def asking(small_registry, tmp_path):
    return Asker(small_registry, tmp_path / "snapshots", [])
