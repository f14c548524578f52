"""Several years as one model: what it takes at national size, and whether what it says of change is true."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pandas as pd

from bayesmodel import (
    Counts,
    Fit,
    VerdictClass,
    build_model,
    change,
    example_study,
    fit_years,
    interpret_counts,
    publish,
    read_areas,
    read_study,
    study_from,
)
from bayesmodel.example import example_areas
from benchmarks.evidence.record import SHARED
from benchmarks.evidence.study_2017 import STUDY

LAPLACE = {"engine": "laplace", "draws": 250, "fallback": "none"}
NATIONAL = 8
"""Years of the country that is timed."""
COUNTRY, CHANGING = {"areas": 3248, "gemeenten": 360, "regions": 40}, 5
"""The country and the number of years in which effects of space change."""
COUNTRIES, FEW = 4, 3
"""Countries of so many years whose verdicts are held against the truth."""
SDS = {"wijk": 0.2, "gemeente": 0.12, "walk": 0.05, "own": 0.06}
"""Of wijken and gemeenten over all years, of the steps of a gemeente, and of a wijk in a year; on the log scale."""
RISE = 0.02
"""Of the country, a year."""
CLEAR = {"risen": VerdictClass.CLEARLY_HIGHER, "fallen": VerdictClass.CLEARLY_LOWER}
ALMERE = SHARED / "cbs_kwb_almere" / "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv"
ALMERE_TABLE = {"path": str(ALMERE), "key": "regio_code", "code": "wijk", "keep": "codes"}


def invented_years(number: int, seed: int) -> tuple[list[Counts], np.ndarray]:
    """Return counts of the wijken of 2017 in several invented years, and the rates that they are drawn from."""
    study = read_study(STUDY)
    values = study.model_dump(mode="json", exclude_none=True)
    values["model"] |= {"area_effect": "normal"}
    values["inference"] |= LAPLACE
    table = read_areas(study_from(values).model_copy(update={"folder": study.folder}))
    built, rng = build_model(interpret_counts(table)), np.random.default_rng([seed, number])
    codes, group = np.unique(table.levels["gemeente"], return_inverse=True)
    stays = built.design.x @ rng.normal(0, 0.05, built.design.x.shape[1]) - 2.3
    stays += rng.normal(0, SDS["gemeente"], len(codes))[group] + rng.normal(0, SDS["wijk"], len(table))
    walk, people, rates, counts = np.zeros(len(codes)), table.population.to_numpy(), [], []
    for year in range(number):
        walk += rng.normal(0, SDS["walk"], len(codes))
        rates.append(np.exp(stays + RISE * year + walk[group] + rng.normal(0, SDS["own"], len(table))))
        drawn = np.minimum(rng.poisson(people * rates[-1]), people)
        outcome = table.study.outcome.model_copy(update={"year": 2017 + year})
        own = replace(table, study=table.study.model_copy(update={"outcome": outcome}))
        cells = pd.Series(publish(drawn, table.study.publication), table.codes)
        counts.append(interpret_counts(replace(own, published=cells, without_count=frozenset())))
    return counts, np.array(rates)


def national() -> dict[str, Any]:
    """Return what eight years of the whole country take, with the certificate."""
    counts, _rates = invented_years(NATIONAL, 1)
    fit_years(invented_years(2, 2)[0])  # compiles
    begin, wall = process_time(), perf_counter()
    fitted = fit_years(counts)
    seconds, wall = process_time() - begin, perf_counter() - wall
    certificate = fitted.diagnostics.certificate
    assert certificate is not None
    return {
        "time_8_years_seconds": round(wall, 1),
        "time_8_years_cpu_seconds": round(seconds, 1),
        "time_8_years_rows": len(fitted.joined.counts),
        "time_8_years_pareto_k": round(certificate.pareto_k, 2),
        "time_8_years_effective": round(certificate.effective),
        "time_8_years_converged": fitted.diagnostics.converged,
    }


def space_by_year() -> dict[str, Any]:
    """Return what effects of space that change over the years take (type IV), at national size and with islands."""
    values = example_study(**COUNTRY).model_dump(mode="json", exclude_none=True)
    values["determinants"] = [part for part in values["determinants"] if part.get("level") is None][:5]
    values["model"] |= {"space": {}, "area_effect": "normal", "family": "poisson"}
    values["inference"] |= LAPLACE
    table, rng = example_areas(study_from(values)), np.random.default_rng(1)
    built = build_model(interpret_counts(table))
    space = built.space
    assert space is not None

    def field(sd: float) -> np.ndarray:
        effect = np.zeros(len(table))
        effect[space.areas] = sd * space.draw(rng)
        return effect

    codes, group = np.unique(table.levels["gemeente"], return_inverse=True)
    stays = built.design.x @ rng.normal(0, 0.05, built.design.x.shape[1]) - 2.3
    stays += rng.normal(0, 0.1, len(codes))[group] + field(0.15)
    walk, people, counts = np.zeros(len(table)), table.population.to_numpy(), []
    for year in range(CHANGING):
        walk += field(SDS["walk"])
        rates = np.exp(stays + RISE * year + walk + rng.normal(0, SDS["own"], len(table)))
        drawn = np.minimum(rng.poisson(people * rates), people)
        outcome = table.study.outcome.model_copy(update={"year": 2017 + year})
        own = replace(table, study=table.study.model_copy(update={"outcome": outcome}))
        cells = pd.Series(publish(drawn, table.study.publication), table.codes)
        counts.append(interpret_counts(replace(own, published=cells, without_count=frozenset())))
    begin, wall = process_time(), perf_counter()
    fitted = fit_years(counts, space=True)
    seconds, wall = process_time() - begin, perf_counter() - wall
    certificate = fitted.diagnostics.certificate
    assert certificate is not None
    return {
        "type_iv": {
            "rows": len(fitted.joined.counts),
            "islands": len(space.areas) - len(space.connected),
            "components": len(space.sizes),
            "seconds": round(wall, 1),
            "cpu_seconds": round(seconds, 1),
            "proposals": certificate.proposals,
            "pareto_k": round(certificate.pareto_k, 2),
            "effective": round(certificate.effective),
            "converged": fitted.diagnostics.converged,
        }
    }


def changes_held_against_the_truth() -> dict[str, Any]:
    """Return coverage of changes, and claimed and realised shares of false ones in the lists of clear changes."""
    held, lists = dict[str, list[float]](), dict[str, list[float]]()
    for seed in range(COUNTRIES):
        counts, rates = invented_years(FEW, 10 + seed)
        fitted = fit_years(counts)
        ends = fitted[fitted.years[0]], fitted[fitted.years[-1]]
        for level in ("wijk", "gemeente"):
            found = change(*ends, level)
            ratio = pd.Series(_ratio(ends, level, rates), _codes(ends[1], level))[found.classes.index].to_numpy()
            low, high = np.quantile(found.ratio.samples, [0.05, 0.95], axis=0)
            held.setdefault(level, []).append(float(np.mean((low <= ratio) & (ratio <= high))))
            margin = found.rule.margin or 0.0
            for name, verdict in CLEAR.items():
                chosen = (found.classes == verdict).to_numpy()
                column = "p_higher" if name == "risen" else "p_lower"
                true = ratio > 1 + margin if name == "risen" else ratio < 1 - margin
                claimed = 1 - found.probabilities[column].to_numpy()[chosen]
                lists.setdefault(f"{level} clearly {name}", []).extend(
                    zip(claimed.tolist(), (~true[chosen]).astype(float).tolist(), strict=True)
                )
    return {
        "change_cover90": {level: round(float(np.mean(shares)), 3) for level, shares in held.items()},
        "change_fdr": {
            name: {
                "listed": len(pairs),
                "claimed": round(float(np.mean([one for one, _ in pairs])), 3) if pairs else None,
                "realised": round(float(np.mean([other for _, other in pairs])), 3) if pairs else None,
            }
            for name, pairs in lists.items()
        },
    }


def _codes(fit: Fit, level: str) -> list[str]:
    """Return the codes of areas, or of groups in their order."""
    return list(fit.counts.areas.codes) if level == "wijk" else sorted(set(fit.counts.areas.levels[level]))


def _ratio(ends: tuple[Fit, Fit], level: str, rates: np.ndarray) -> np.ndarray:
    """Return the true ratio of the last year to the first, of areas or groups."""
    people = ends[1].counts.population
    if level == "wijk":
        return np.asarray(rates[-1] / rates[0])
    group = np.unique(ends[1].counts.areas.levels[level], return_inverse=True)[1]
    first, last = (np.bincount(group, people * rate) for rate in (rates[0], rates[-1]))
    return np.asarray(last / first)


def almere() -> dict[str, Any]:
    """Return what three years of Almere say."""
    label = {"nl": "jongeren", "en": "young people"}
    counts = []
    for year in (2022, 2023, 2024):
        study = study_from({
            "name": "almere",
            "outcome": {"count": label, "population": label, "year": year, "vintage": 2022},
            "tables": [
                ALMERE_TABLE | {"where": {"jaar": str(year)}},
            ],
            "columns": {"area": "regio_code", "count": "jongeren_jeugdzorg", "population": ["inw_0_14", "inw_15_24"]},
            "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
            "inference": LAPLACE,
        })  # fmt: skip
        counts.append(interpret_counts(read_areas(study)))
    fitted = fit_years(counts)
    certificate = fitted.diagnostics.certificate
    assert certificate is not None
    found = {relative: change(fitted[2022], fitted[2024], relative=relative) for relative in (False, True)}
    return {
        "almere_years_pareto_k": round(certificate.pareto_k, 2),
        "almere_years_effective": round(certificate.effective),
        "almere_unplaced": [round(float(share or 0), 3) for share in fitted.joined.unplaced],
        "almere_change": found[False].counts["areas"].to_dict(),
        "almere_change_beside_all": found[True].counts["areas"].to_dict(),
    }
