"""Fixtures that several rooms use."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from scipy import special

from bayesmodel.data import AreaTable, Counts, Status, interpret_counts, publish
from bayesmodel.example import example_areas, example_study
from bayesmodel.inference.outcomes_fit import fit_outcomes
from bayesmodel.inference.sampling import fit_model
from bayesmodel.inference.years_fit import fit_years
from bayesmodel.messages import choose_language
from bayesmodel.model.build import build_model
from bayesmodel.model.families import FAMILIES
from bayesmodel.study import study_from

# Tests read messages in English, whatever the language of the machine.
os.environ["BAYESMODEL_LANGUAGE"] = "en"

# The same examples on every machine, and no deadline: a machine shared with others is slow now and then.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("house")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

STATUSES = [Status.EXACT, Status.SUPPRESSED, Status.ROUNDED, Status.EXACT, Status.MISSING, Status.EXACT]
SIZES = [400, 60, 300, 1500, 200, 90]
LEVELS = {
    "none": {},
    "few": {"gemeente": 6, "regio": 2},
    "many": {"gemeente": 24, "regio": 12},
    "crossed": {"gemeente": 12, "regio": 4, "stedelijkheid": 3},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the site, which takes longest, so that the other processes have work beside it."""
    items.sort(key=lambda item: item.path.name != "test_site.py")


@pytest.fixture(autouse=True)
def _language_of_the_environment():
    """A language that a test chose is forgotten after it."""
    yield
    choose_language(None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input data beside the project; it is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the real input data are not beside this checkout (../shared/data)")
    return SHARED


def lattice(rows, columns, line=0):
    """Pairs of neighbours on a lattice, by rows, and of as many more in a line."""
    number = np.arange(rows * columns).reshape(rows, columns)
    more = rows * columns + np.arange(line)
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:]), (more[:-1], more[1:])]
    return np.concatenate([np.stack([one.ravel(), other.ravel()], axis=1) for one, other in pairs])


@pytest.fixture(scope="session", name="lattice")
def lattice_fixture():
    """The function that makes a lattice."""
    return lattice


def invented_counts(family="binomial", levels="few", missing=True, determinants=3, effect=0.0, **model):
    """Return counts of 48 wijken; `levels` is a key of `LEVELS`, where `stedelijkheid` crosses the others.

    `effect` is the sd of the effects of gemeente and region, on the logit scale. With `space` in the model the first 42
    border on each other in rows of seven, the next four in a line, and the last two on none.
    """
    rng, number, groups = np.random.default_rng(5), np.arange(48), LEVELS[levels]
    within = {"gemeente": "regio"} if groups else {}
    label = {"nl": "tal", "en": "number"}
    names = [f"trait_{j}" for j in range(determinants)]
    study = study_from({
        "name": "invented",
        "outcome": {"count": label, "population": label, "year": 2017, "vintage": 2017},
        "example": {},
        "columns": {"area": "wijk", "count": "count", "population": "young"},
        "levels": [{"name": name, "column": name, "within": within.get(name)} for name in groups],
        "determinants": [{"column": name} for name in names],
        "model": {"family": family, "overdispersion": 1.0, **model},
    })  # fmt: skip
    codes = pd.Index([f"WK{i:06d}" for i in number], name="wijk")
    place = {"gemeente": number * groups.get("gemeente", 1) // 48, "stedelijkheid": number % 3}
    place["regio"] = place["gemeente"] * groups.get("regio", 1) // groups.get("gemeente", 1)
    values = rng.normal(size=(48, determinants)) @ (np.eye(determinants) + 0.5)
    if missing and determinants:
        values[::5, -1] = np.nan
        values[3::11, 1:] = np.nan
    status = np.array(STATUSES)[number % 6]
    size = np.array(SIZES)[number % 6]
    effects = sum((effect * rng.normal(size=48)[place[name]] for name in ("gemeente", "regio")), np.zeros(48))
    known = rng.binomial(size, special.expit(-2.04 + effects))
    lower = np.select(
        [status == Status.SUPPRESSED, status == Status.ROUNDED, status == Status.MISSING], [0, known - 2, 0], known
    )
    upper = np.select(
        [status == Status.SUPPRESSED, status == Status.ROUNDED, status == Status.MISSING], [9, known + 2, size], known
    )
    areas = AreaTable(
        study=study,
        names=pd.Series(codes, codes, name="name"),
        levels=pd.DataFrame({name: [f"{name[0].upper()}{g:02d}" for g in place[name]] for name in groups}, index=codes),
        level_labels={},
        published=pd.Series(lower.astype(str), codes),
        population=pd.Series(size, codes),
        determinants=pd.DataFrame(values, index=codes, columns=names),
        neighbours=lattice(6, 7, line=4) if "space" in model else None,
    )
    return Counts(areas, lower, upper, status)


@pytest.fixture(scope="session", name="invented_counts")
def invented_counts_fixture():
    """The function that invents counts."""
    return invented_counts


@pytest.fixture(scope="session", params=sorted(FAMILIES))
def family(request):
    """Each family in turn."""
    return FAMILIES[request.param]


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


def world_of_years(years=(2021, 2022, 2023), family="poisson", areas=100, model=None, **outcome):
    """Counts of an invented country in several years, and the linear predictors they were drawn at (year, area)."""
    study = example_study(areas=areas, gemeenten=14, regions=3)
    few = tuple(item for item in study.determinants if item.level is None)[:2]
    values = study.model_copy(update={"determinants": few}).model_dump(mode="json")
    values["model"] |= {"family": family, "area_effect": "normal", "overdispersion": 1.0} | (model or {})
    values["inference"] |= {"engine": "laplace"}
    table, rng = example_areas(study_from(values)), np.random.default_rng(6)
    of_gemeente, group = np.unique(table.levels["gemeente"], return_inverse=True)
    base = -2.2 + rng.normal(0, 0.2, len(of_gemeente))[group] + rng.normal(0, 0.15, len(table))
    walk, truth, counts = np.zeros(len(of_gemeente)), [], []
    for year in years:
        walk = walk + rng.normal(0, 0.1, len(walk))
        truth.append(base + 0.05 * (year - years[0]) + walk[group] + rng.normal(0, 0.05, len(table)))
        people = table.population.to_numpy()
        drawn = np.minimum(rng.poisson(people * np.exp(truth[-1])), people)
        values["outcome"] |= {"year": year} | outcome
        own = study_from(values)
        published = pd.Series(publish(drawn, own.publication), table.codes)
        counts.append(interpret_counts(replace(table, study=own, published=published, without_count=frozenset())))
    return counts, np.array(truth)


CORRELATED = {
    "wijk": ([0.15, 0.2, 0.3], [[1, 0.6, 0.3], [0.6, 1, 0.4], [0.3, 0.4, 1]]),
    "gemeente": ([0.2, 0.1, 0.25], [[1, 0.5, 0.2], [0.5, 1, 0.2], [0.2, 0.2, 1]]),
    "jeugdzorgregio": ([0.1, 0.1, 0.1], np.eye(3)),
}
"""Sds and correlations of the effects on three outcomes."""


def world_of_outcomes(names=("youth", "wmo"), areas=150, gemeenten=20, regions=5, seed=6, correlated=None, **model):
    """Counts of several outcomes of an invented country, by name, and their true linear predictors (outcome, area)."""
    study = example_study(areas=areas, gemeenten=gemeenten, regions=regions)
    few = tuple(item for item in study.determinants if item.level is None)[:2]
    values = study.model_copy(update={"determinants": few}).model_dump(mode="json")
    values["model"] |= {"family": "poisson", "area_effect": "normal", "overdispersion": 1.0} | model
    values["inference"] |= {"engine": "laplace"}
    table, rng, size = example_areas(study_from(values)), np.random.default_rng(seed), len(names)
    truth = np.log([[0.1], [0.05], [0.03]])[:size] + np.zeros(len(table))
    for level, (sds, correlations) in (correlated or CORRELATED).items():
        covariance = (np.outer(sds, sds) * correlations)[:size, :size]
        group = np.arange(len(table)) if level == "wijk" else np.unique(table.levels[level], return_inverse=True)[1]
        truth = truth + rng.multivariate_normal(np.zeros(size), covariance, size=group.max() + 1).T[:, group]
    counts, determinants = {}, values["determinants"]
    for number, name in enumerate(names):
        values["determinants"] = determinants[: 2 - number] if number < 2 else determinants[1:]
        own = study_from(values)
        chosen = replace(table, study=own, determinants=table.determinants[list(own.determinant_names)])
        people = chosen.population.to_numpy()
        drawn = np.minimum(rng.poisson(people * np.exp(truth[number])), people)
        published = pd.Series(publish(drawn, own.publication), chosen.codes)
        counts[name] = interpret_counts(replace(chosen, published=published, without_count=frozenset()))
    return counts, truth


@pytest.fixture(scope="session", name="world_of_outcomes")
def world_of_outcomes_fixture():
    """The function that invents counts of several outcomes."""
    return world_of_outcomes


@pytest.fixture(scope="session", name="world_of_years")
def world_of_years_fixture():
    """The function that invents counts of several years."""
    return world_of_years


@pytest.fixture(scope="session")
def fitted_years():
    """Three years of an invented country, fitted as one model, with the linear predictors that are true."""
    counts, truth = world_of_years()
    return fit_years(counts), truth


@pytest.fixture(scope="session")
def fitted_outcomes():
    """Two outcomes of an invented country, fitted as one model, with the linear predictors that are true."""
    counts, truth = world_of_outcomes(areas=100, gemeenten=14, regions=3)
    return fit_outcomes(counts), truth
