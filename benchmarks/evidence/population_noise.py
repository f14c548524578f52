"""Populations rounded at random to fives: what that does to estimates, intervals and verdicts, by size of the area.

``python -m benchmarks.evidence.population_noise`` prints the figures of docs/decisions/population-noise.md.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from bayesmodel import Fit, Study, fit
from bayesmodel.estimates.use import underlying_share
from bayesmodel.estimates.verdicts import verdicts

COUNTRIES, AREAS, GEMEENTEN, SEED = 6, 400, 20, 2021
EDGES = (0, 10, 20, 50, 100, 100_000)
BASE, COLUMNS = 5, 2
"""Populations are the sum of two columns, such as the ages of the key figures, each rounded at random to fives."""
DIRECTION = {"clearly higher": 1, "probably higher": 1, "clearly lower": -1, "probably lower": -1}
MODEL = {"model": {"area_effect": "normal"}}
"""As the countries are made, so that what is seen is the rounding alone."""
RULES: dict[str, dict[str, Any]] = {
    "exact": {"publication": {"hidden_below": 0}},
    "key_figures": {"publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": ["."]}},
}
"""Counts as they are, for which populations matter most, and as the key figures publish them."""


def figures() -> dict[str, Any]:
    """Return the figures, for counts as they are and as the key figures publish them."""
    return {f"population_noise_{name}": _of_rule(name, settings) for name, settings in RULES.items()}


def rounded_at_random(people: np.ndarray, rng: np.random.Generator, base: int = BASE) -> np.ndarray:
    """Round to a multiple of the base, up with the probability by which it is nearer."""
    return np.asarray((people + rng.integers(0, base, people.shape)) // base * base)


def _of_rule(name: str, settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Compare fits to the same counts over people as they are and as they are published."""
    rows = []
    for country in range(COUNTRIES):
        rng = np.random.default_rng([SEED, country])
        frame, share = _country(rng)
        if name == "key_figures":
            rounded = (frame["count"] + 2) // 5 * 5
            frame["published"] = np.where(frame["count"] < 8, ".", rounded.astype(str))
        else:
            frame["published"] = frame["count"].astype(str)
        impossible = frame["count"] > frame["noisy"]
        kept = frame[(frame["noisy"] > 0) & ~impossible]
        fits = {over: _fit(kept, over, settings) for over in ("people", "noisy")}
        table = pd.DataFrame({"people": kept["people"].to_numpy(), "impossible": False})
        for over, found in fits.items():
            table = table.join(_errors(found, share[kept.index], kept["people"].to_numpy()).add_prefix(f"{over}_"))
        table["differ"] = table["people_verdict"] != table["noisy_verdict"]
        rows += [table, pd.DataFrame({"people": frame["people"][impossible], "impossible": True})]
    every = pd.concat(rows, ignore_index=True)
    size = pd.cut(every["people"], EDGES, right=False)
    return [_summary(str(bin_), part) for bin_, part in every.groupby(size, observed=True)]


def _country(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Return areas of which half are tiny, and their true shares."""
    ages = np.exp(rng.uniform(np.log(2), np.log(250), (AREAS, COLUMNS))).astype(int)
    people, gemeente = ages.sum(axis=1), np.arange(AREAS) // (AREAS // GEMEENTEN)
    share = expit(-2.2 + 0.2 * rng.normal(size=GEMEENTEN)[gemeente] + 0.3 * rng.normal(size=AREAS))
    frame = pd.DataFrame({
        "area": [f"WK{1 + group:04d}{number % 100:02d}" for number, group in enumerate(gemeente)],
        "gemeente": [f"GM{1 + number:04d}" for number in gemeente],
        "people": people,
        "noisy": rounded_at_random(ages, rng).sum(axis=1),
        "count": rng.binomial(people, share),
    })  # fmt: skip
    return frame, share


def _fit(frame: pd.DataFrame, over: str, settings: dict[str, Any]) -> Fit:
    """Fit the default model over one of the two columns of people."""
    study = Study.from_dataframe(
        frame[["area", "gemeente", "published", over]],
        count="published",
        population=over,
        area="area",
        year=2021,
        levels=["gemeente"],
        settings=settings | MODEL,
    )
    return fit(study, engine="laplace", seed=1)


def _errors(found: Fit, share: np.ndarray, people: np.ndarray) -> pd.DataFrame:
    """Return, of each area, the error of the share, whether intervals hold it, and the verdict with its truth."""
    drawn = underlying_share(found, np.arange(len(share)))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    using = drawn * found.counts.population
    least, most = np.quantile(using, [0.05, 0.95], axis=0)
    judged = verdicts(found).classes.astype(str).map(DIRECTION).fillna(0).to_numpy()
    expected = (share @ people) / people.sum()
    return pd.DataFrame({
        "log_error": np.log(np.median(drawn, axis=0) / share),
        "holds": (share >= low) & (share <= high),
        "holds_users": (share * people >= least) & (share * people <= most),
        "verdict": judged,
        "wrong": (judged != 0) & (np.sign(share - expected) == -judged),
    })  # fmt: skip


def _summary(size: str, part: pd.DataFrame) -> dict[str, Any]:
    """Return the figures of areas of one size."""
    fitted = part[~part["impossible"].astype(bool)]

    def mean(column: str) -> float:
        return round(float(fitted[column].astype(float).mean()), 3)

    said: dict[str, Any] = {"people": size, "areas": len(part), "count_above": int(part["impossible"].sum())}
    for over in ("people", "noisy"):
        name = "known" if over == "people" else "rounded"
        said[f"{name}_rmse_log"] = round(float(np.sqrt((fitted[f"{over}_log_error"] ** 2).mean())), 3)
        said[f"{name}_cover90"] = mean(f"{over}_holds")
        said[f"{name}_cover90_users"] = mean(f"{over}_holds_users")
        said[f"{name}_verdicts"] = int((fitted[f"{over}_verdict"] != 0).sum())
        said[f"{name}_wrong"] = int(fitted[f"{over}_wrong"].sum())
    return said | {"verdicts_differ": mean("differ")}


if __name__ == "__main__":
    print(json.dumps(figures(), indent=1))
