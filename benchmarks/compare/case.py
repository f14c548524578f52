"""Case: one model of one country's counts, published in one way, written as files that any program can read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import Counts, Study, build_model, example_study, example_truth, interpret_counts, publish, read_areas
from bayesmodel.model.priors import rate
from bayesmodel.study import study_from

PUBLICATIONS: dict[str, dict[str, Any]] = {
    "exact": {"hidden_below": 0, "hidden_symbols": ()},
    "hidden": {"hidden_below": 10, "hidden_symbols": (".",)},
    "rounded": {"hidden_below": 10, "hidden_when": "after rounding", "rounded_to": 5, "hidden_symbols": (".",)},
}
"""Every count as it is; those under 10 hidden; multiples of five, with those of 7 and under hidden, as CBS does."""


@dataclass(frozen=True)
class Case:
    """What is to be fitted.

    Parameters
    ----------
    family : str
        As in a study.
    counts : str
        A key of `PUBLICATIONS`.
    size : int
        Wijken.
    """

    family: str
    counts: str
    size: int

    @property
    def name(self) -> str:
        """The case in words."""
        return f"{self.family}, {self.counts}"


def write_case(case: Case, folder: Path, inference: dict[str, Any]) -> None:
    """Write a case: ``study.json`` and ``published.csv`` for this package, ``areas.csv`` and ``case.json`` for others.

    Parameters
    ----------
    case : Case
    folder : Path
        New.
    inference : dict
        Chains, tune, draws, seed: for every program that samples.
    """
    folder.mkdir(parents=True)
    study = _study(case, folder, inference)
    _published(case, study).to_csv(folder / "published.csv", index=False)
    (folder / "study.json").write_text(study.model_dump_json(), encoding="utf-8")
    counts = counts_of(folder)
    built = build_model(counts)
    table = pd.DataFrame(
        {"area": counts.areas.codes, **{name: list(codes) for name, codes in counts.areas.levels.items()}}
    )
    table = table.assign(people=counts.population, lower=counts.lower, upper=counts.upper)
    for j, column in enumerate(built.design.x.T):
        table[f"x{j}"] = column
    table.to_csv(folder / "areas.csv", index=False)
    priors = study.model.priors
    scale = built.priors.scale
    values = {
        **asdict(case),
        **inference,
        "columns": [f"x{j}" for j in range(built.design.x.shape[1])],
        "intercept_mean": built.priors.intercept_mean,
        "intercept_sd": built.priors.intercept_sd,
        "coefficient_sd": built.priors.coefficient_sd,
        "level_rate": rate(priors.sd, scale),
        "area_rate": rate(priors.sd, scale if built.family.area_effect else 1.0),
    }
    (folder / "case.json").write_text(json.dumps(values, indent=1), encoding="utf-8")


def counts_of(folder: Path) -> Counts:
    """Read a case as this package does: from its study and table."""
    return interpret_counts(read_areas(Study.model_validate_json((folder / "study.json").read_text("utf-8"))))


def _country(size: int) -> Study:
    """Return the example country of a size, with gemeenten and regions in proportion."""
    return example_study(
        areas=size, gemeenten=max(2, round(size * 388 / 2918)), regions=max(2, round(size * 42 / 2918))
    )


def _study(case: Case, folder: Path, inference: dict[str, Any]) -> Study:
    """Return the study of a case over the table in its folder."""
    values = _country(case.size).model_dump()
    values |= {"example": None, "tables": [{"path": "published.csv", "key": "wijk_code"}], "folder": str(folder)}
    values["publication"] = PUBLICATIONS[case.counts]
    values["disclosure"] = {"protect": False}  # exact counts are compared as they are
    # what every peer has
    values["model"] |= {"family": case.family, "area_effect": "normal", "overdispersion": 1.0}
    values["inference"] |= inference
    for determinant in values["determinants"]:
        determinant |= {"transform": "none", "bounds": None}
    return study_from(values)


def _published(case: Case, study: Study) -> pd.DataFrame:
    """Return the table as published: true counts by the rule, and determinants transformed and complete.

    No determinant is missing, because no peer can do with a missing one what this package does.
    """
    country = _country(case.size)
    truth, areas = example_truth(country), read_areas(country)
    people, values = areas.population.to_numpy(), build_model(interpret_counts(areas)).design.x
    frame = pd.DataFrame(np.round(values, 6), index=areas.codes, columns=list(country.determinant_names))
    for determinant in country.determinants:
        if determinant.level is not None:
            # one value for all wijken of a gemeente, also where it was filled in
            group = areas.levels[determinant.level]
            frame[determinant.column] = frame[determinant.column].groupby(group.to_numpy()).transform("mean").round(6)
    columns, counts = study.columns, truth.counts.loc[areas.codes].to_numpy()
    frame.insert(0, columns.area, areas.codes)
    frame[columns.area_name] = areas.names
    frame[columns.population] = people
    frame[columns.count] = publish(counts, study.publication)
    for level in country.levels:
        frame[level.column] = areas.levels[level.name]
        if level.name_column is not None:
            frame[level.name_column] = areas.levels[level.name]
    return frame
