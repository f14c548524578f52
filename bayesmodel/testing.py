"""A small invented fit, made in milliseconds, for tests and examples: its draws are made up, not sampled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from bayesmodel.data import AreaTable, Counts, Status
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.inference.fit import Fit
from bayesmodel.model.design import Design
from bayesmodel.model.families import family_named
from bayesmodel.study import Study, study_from
from bayesmodel.study.parts import FamilyName

STATUSES = [
    *(Status.EXACT, Status.EXACT, Status.SUPPRESSED, Status.ROUNDED, Status.EXACT),
    *(Status.MISSING, Status.ZERO, Status.SUPPRESSED),
]
SIZES = [400, 800, 60, 300, 1500, 200, 0, 6]
CHAINS = 4


def invented_fit(family: FamilyName = "binomial", areas: int = 8, draws: int = 250) -> Fit:
    """Return a fit whose draws are independent and made up, of a world with every status.

    Parameters
    ----------
    family : str
        As in a study.
    areas : int
        Wijken, in gemeenten of three, in regions of two gemeenten. The first eight are exact, exact, hidden, rounded,
        exact, missing, without people, and hidden; then they repeat.
    draws : int
        Draws in each of four chains.

    Returns
    -------
    Fit
        Two determinants, the second of them missing in every third wijk.

    Examples
    --------
    >>> invented_fit().counts.frame.head(3)  # doctest: +NORMALIZE_WHITESPACE
              population  lower  upper      status
    wijk
    WK000100         400     46     46       exact
    WK000101         800     92     92       exact
    WK000102          60      0      9  suppressed
    """
    study = _study(family)
    rng = np.random.default_rng(study.inference.seed)
    counts = _counts(study, areas)
    groups = {str(name): pd.Index(sorted(set(codes))) for name, codes in counts.areas.levels.items()}
    pattern = (np.arange(areas) % 3 == 2).astype(np.int64)
    x = np.where(pattern[:, None] == [[0, 1]], 0.3, rng.normal(size=(areas, 2)))
    covariances = np.array([np.zeros((2, 2)), [[0.0, 0.0], [0.0, 0.8]]])
    design = Design(("poverty", "divorce"), x, np.zeros(2), np.ones(2), pattern, covariances)
    posterior = _posterior(study, counts, design, groups, draws, rng)
    verdict = Diagnostics(rhat_max=1.0, ess_min=900.0, divergences=0, bfmi_min=1.0, worst="intercept")
    shape = ("chain", "draw"), np.zeros((CHAINS, draws))
    stats = xr.Dataset({"diverging": shape, "energy": shape}, {name: posterior[name] for name in ("chain", "draw")})
    tree = xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})
    return Fit(counts, design, tree, verdict, {"made_up": True})


def _study(family: FamilyName) -> Study:
    """Return the study of the invented world."""
    return study_from({
        "name": "invented",
        "outcome": {
            "count": {"nl": "jongeren met jeugdhulp", "en": "young people in care"},
            "population": {"nl": "jongeren", "en": "young people"},
            "year": 2017,
            "vintage": 2017,
        },
        "example": {},
        "columns": {"area": "wijk", "count": "count", "population": "young"},
        "levels": [
            {"name": "gemeente", "column": "gemeente", "within": "regio"},
            {"name": "regio", "column": "regio", "label": {"nl": "jeugdzorgregio", "en": "youth-care region"}},
        ],
        "blocks": [
            {"name": "means", "label": {"nl": "middelen", "en": "means"}},
            {"name": "family", "label": {"nl": "gezin", "en": "family"}},
        ],
        "publication": {"hidden_symbols": ["."], "missing_symbols": [""]},
        "determinants": [{"column": "poverty", "block": "means"}, {"column": "divorce", "block": "family"}],
        "model": {"family": family, "overdispersion": 1.0},
    })  # fmt: skip


def _counts(study: Study, areas: int) -> Counts:
    """Return counts of every status, about 11.5 % of the people."""
    number = np.arange(areas)
    gemeente, kind = number // 3, number % len(SIZES)
    codes = pd.Index([f"WK{g + 1:04d}{i - 3 * g:02d}" for i, g in zip(number, gemeente, strict=True)], name=study.area)
    levels = pd.DataFrame(
        {"gemeente": [f"GM{g + 1:04d}" for g in gemeente], "regio": [f"JZ{g // 2 + 1:02d}" for g in gemeente]},
        index=codes,
    )
    size = np.array(SIZES)[kind]
    known = np.rint(0.115 * size).astype(np.int64)
    status = np.array(STATUSES)[kind]
    half = np.where(status == Status.ROUNDED, 2, 0)
    lower = np.where(np.isin(status, [Status.SUPPRESSED, Status.MISSING]), 0, known - half)
    upper = np.where(status == Status.SUPPRESSED, 9, np.where(status == Status.MISSING, size, known + half))
    symbols = [status == Status.SUPPRESSED, status == Status.MISSING]
    published = np.select(symbols, [".", ""], known.astype(str))
    table = AreaTable(
        study,
        names=pd.Series([f"Wijk {code[2:]}" for code in codes], index=codes),
        levels=levels,
        level_labels={name: _labels(levels[name], name.capitalize()) for name in study.level_names},
        published=pd.Series(published, index=codes),
        population=pd.Series(size, index=codes),
        determinants=pd.DataFrame({"poverty": 0.0, "divorce": np.where(number % 3 == 2, np.nan, 0.0)}, index=codes),
    )
    return Counts(table, lower, np.minimum(upper, size), status)


def _labels(codes: pd.Series, word: str) -> pd.Series:
    """Return a name for each code."""
    index = pd.Index(sorted(set(codes)))
    return pd.Series([f"{word} {code[2:]}" for code in index], index=index)


def _posterior(
    study: Study, counts: Counts, design: Design, groups: dict[str, pd.Index], draws: int, rng: np.random.Generator
) -> xr.Dataset:
    """Return made-up draws that hang together: the linear predictor is the sum of its parts."""
    normal_share, area = study.model.family == "normal-share", study.area
    unit = 0.1 if normal_share else 1.0
    shape = CHAINS, draws
    intercept = (0.11 if normal_share else -2.1) + unit * 0.02 * rng.normal(size=shape)
    beta = unit * (np.array([0.2, 0.1]) + 0.02 * rng.normal(size=(*shape, 2)))
    eta = intercept[..., None] + beta @ design.x.T
    variables = {"intercept": (("chain", "draw"), intercept), "beta": (("chain", "draw", "determinant"), beta)}
    for name, size in {"gemeente": 0.11, "regio": 0.15}.items():
        sd = unit * size * np.exp(0.1 * rng.normal(size=shape))
        effect = sd[..., None] * rng.normal(size=(*shape, len(groups[name])))
        eta = eta + effect[..., groups[name].get_indexer(pd.Index(counts.areas.levels[name]))]
        variables |= {f"sd_{name}": (("chain", "draw"), sd), f"effect_{name}": (("chain", "draw", name), effect)}
    own = unit * 0.14 * np.exp(0.1 * rng.normal(size=shape))
    has_effect = family_named(study.model.family).area_effect
    if has_effect:
        left = np.einsum("cdj,pjk,cdk->cdp", beta, design.covariances, beta)[..., design.pattern]
        eta = eta + np.sqrt(own[..., None] ** 2 + left) * rng.normal(size=eta.shape)
    variables["sd_" + area if has_effect else "dispersion"] = (("chain", "draw"), own)
    if has_effect:
        hardly = 1e-9 * np.exp(0.1 * np.random.default_rng(1).normal(size=shape))  # so that sds stand for themselves
        variables["special_share"] = (("chain", "draw"), hardly)
    variables["linear_predictor"] = (("chain", "draw", area), eta)
    coords = {"chain": range(CHAINS), "draw": range(draws), "determinant": list(design.names), area: counts.areas.codes}
    return xr.Dataset(variables, coords=coords | dict(groups))
