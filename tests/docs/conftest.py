"""A folder as a reader of the pages has it: a spreadsheet of a colleague, a study of it, and a fit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bayesmodel import Diagnostics, build_model, example_study, fit_model, interpret_counts, publish, read_areas
from bayesmodel.scaffold import propose_study, write_study
from bayesmodel.sources import known_tables, read_registry
from bayesmodel.study import study_from
from benchmarks.sources.invented_tables import areas as areas_table
from benchmarks.sources.invented_tables import invented_country, kwb, youth_care
from benchmarks.sources.local_cbs import LocalCbs

CONVERGED = Diagnostics(rhat_max=1.0, ess_min=1000.0, divergences=0, bfmi_min=1.0, worst="intercept")


@pytest.fixture(scope="session")
def areas():
    """The wijken of a small invented country, to be fitted with few draws."""
    study = example_study(areas=60, gemeenten=8, regions=2).model_dump()
    return read_areas(study_from(study | {"inference": study["inference"] | {"draws": 50, "tune": 100}}))


@pytest.fixture(scope="session")
def fit_file(areas, tmp_path_factory) -> Path:
    """A fit of few draws that is called converged, as the pages are about what comes after."""
    path = tmp_path_factory.mktemp("fit") / "fit.nc"
    replace(fit_model(build_model(interpret_counts(areas))), diagnostics=CONVERGED).save(path)
    return path


@pytest.fixture
def cbs(monkeypatch, tmp_path) -> Iterator[None]:
    """CBS on this machine, with a small country that is whole, and nothing of the user's own."""
    country = invented_country(wijken=60, gemeenten=8)
    registry = read_registry()
    purposes = {name: kind.model_copy(update={"least_areas": 3}) for name, kind in registry.purposes.items()}
    monkeypatch.setattr(known_tables, "_built_in", lambda: registry.model_copy(update={"purposes": purposes}))
    monkeypatch.setenv("BAYESMODEL_SNAPSHOTS", str(tmp_path / "snapshots"))
    served = [
        youth_care(country),
        kwb(country, 2017, "83765NED"),
        kwb(country, 2018, "84286NED"),
        kwb(country, 2019, "84583NED"),
        areas_table(country),
        youth_care(country, 2023, "7NED"),
    ]
    with LocalCbs(served) as server:
        monkeypatch.setenv("BAYESMODEL_CBS_URL", server.url)
        yield


@pytest.fixture
def reader(areas, fit_file, tmp_path, monkeypatch) -> Path:
    """The folder of a reader, who is in it: `wijken.xlsx`, a study, a fit, tables of a region, years, outcomes."""
    table = pd.DataFrame(
        {
            "wijkcode": areas.codes,
            "gemeentecode": areas.levels["gemeente"].to_numpy(),
            "jongeren": areas.population.to_numpy(),
            "jeugdhulp": areas.published.to_numpy(),
            "bijstand": areas.determinants["bijstand"].to_numpy(),
        }
    )
    table.to_excel(tmp_path / "wijken.xlsx", index=False)
    region = areas.codes[areas.levels["jeugdzorgregio"] == areas.levels["jeugdzorgregio"].mode()[0]]
    rng = np.random.default_rng(1)
    local = {"wijk": region, "risicoleerlingen": rng.normal(20, 5, len(region)).round(1)}
    local |= {"wachtweken": rng.poisson(8, len(region))}
    pd.DataFrame(local).to_csv(tmp_path / "haaglanden.csv", index=False)
    proposed = write_study(propose_study([tmp_path / "wijken.xlsx"], 2023, None), tmp_path / "study.toml")
    (tmp_path / "study.toml").write_text(f"{proposed}\n[inference]\ndraws = 50\ntune = 100\n", "utf-8")
    (tmp_path / "fit.nc").symlink_to(fit_file)
    _write_years(areas, table, tmp_path)
    _write_outcomes(areas, table, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write_years(areas, table, folder):
    """Write `years.csv`, a study of it, and a study of each year: `2022.toml` and so on."""
    rng, people = np.random.default_rng(2), areas.population.to_numpy()
    share = 0.11 * np.exp(rng.normal(0, 0.2, len(areas)))
    parts = []
    for year in (2022, 2023, 2024, 2025):
        share = share * np.exp(rng.normal(0.05, 0.1, len(areas)))
        drawn = np.minimum(rng.poisson(people * share), people)
        counts = pd.Series(publish(drawn, areas.study.publication), table.index)
        parts.append(table.assign(jeugdhulp=counts, jaar=year))
        parts[-1].to_csv(folder / f"{year}.csv", index=False)
        proposed = write_study(propose_study([folder / f"{year}.csv"], year, None), folder / f"{year}.toml")
        text = proposed.replace(f"vintage = {year}", "vintage = 2022")
        (folder / f"{year}.toml").write_text(f"{text}\n[inference]\nchains = 4\n", "utf-8")
    pd.concat(parts).to_csv(folder / "years.csv", index=False)
    (folder / "years.toml").write_text(
        (folder / "2024.toml").read_text("utf-8").replace("2024.csv", "years.csv"), "utf-8"
    )


def _write_outcomes(areas, table, folder):
    """Write a table and a study of each of several outcomes: `youth.toml` and so on."""
    rng, people = np.random.default_rng(3), areas.population.to_numpy()
    together = rng.normal(0, 0.3, len(areas))
    for name, share in {"youth": 0.11, "wmo": 0.06, "younger": 0.05, "older": 0.2}.items():
        drawn = rng.poisson(people * share * np.exp(together + rng.normal(0, 0.1, len(areas))))
        counts = pd.Series(publish(np.minimum(drawn, people), areas.study.publication), table.index)
        table.assign(jeugdhulp=counts).to_csv(folder / f"{name}.csv", index=False)
        proposed = write_study(propose_study([folder / f"{name}.csv"], 2024, None), folder / f"{name}.toml")
        settings = 'engine = "laplace"\nchains = 4\ndraws = 150\nfallback = "none"'
        (folder / f"{name}.toml").write_text(f"{proposed}\n[inference]\n{settings}\n", "utf-8")
