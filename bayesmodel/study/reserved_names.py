"""Names that meet in one table: which a level or the area may have, and which columns may be one and the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from bayesmodel.messages import _

RESERVED = frozenset({
    # variables and dimensions of the draws
    *("beta", "chain", "determinant", "diverging", "dispersion", "draw", "energy", "intercept", "linear_predictor"),
    *("observed_mask", "sample", "special_share", "excess_dispersion"),
    # expectations beside those given a level
    *("actual", "determinants", "expected", "observed", "space", "typical", "underlying"),
    # columns of the tables of results, and of those that estimates give
    *("area", "areas", "areas_hidden", "code", "count", "count_lower", "count_upper", "determinants_missing"),
    *("direction", "ess_min", "estimate", "flags", "label", "level", "level_name", "lower", "name", "national"),
    *("interval", "interval_kind", "other", "parameter", "part", "part_name", "people", "population", "published"),
    *("published_count", "quantity", "rank", "reason", "statistic", "status", "text", "total", "unit", "upper"),
    *("value", "variation", "verdict", "vintage", "year"),
    # of a GeoPackage
    *("fid", "geom"),
})  # fmt: skip
"""Names that results have for something else than a level; a test holds them against the results."""

PREFIXES = (
    *("actual_", "difference_", "effect_", "expected_", "p_higher_", "p_lower_", "p_within_"),
    *("ratio_", "raw_", "sd_", "underlying_", "verdict_"),
)
"""How names of results begin that end in the name of a level."""

UNKNOWN = ("", "?")
"""Columns of a study that is still being made."""

SUFFIXES = ("_name", "_lower", "_upper", "_others")
"""How names of results end that begin with the name of a level."""


def name_problems(area: str, levels: Iterable[str]) -> list[str]:
    """Say which names of the area and of levels are those of something else in the results.

    Examples
    --------
    >>> name_problems("wijk", ["gemeente", "typical"])
    ['the name typical is that of something else in the results; choose another']
    """
    names, problems = [area, *levels], []
    for name in dict.fromkeys(names):
        stem = next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), None)
        if name in RESERVED or name.startswith(PREFIXES) or stem in names:
            said = _("the name {name} is that of something else in the results; choose another")
            problems.append(said.format(name=name))
    return problems


def column_problems(
    area: str,
    counted: dict[str, str],
    groups: dict[str, str],
    determinants: dict[str, str],
    others: dict[str, str],
) -> list[str]:
    """Say which columns are named by two keys that cannot be about the same column.

    Parameters
    ----------
    area : str
        The column of ``columns.area``.
    counted, groups, determinants, others : dict of str to str
        Column by key: the count and the population; the levels; the determinants; names and exclusions.

    Returns
    -------
    list of str
        A sentence for each pair.

    Examples
    --------
    >>> groups, determinants = {"levels[0].column": "wijk"}, {"determinants[0].column": "n"}
    >>> for problem in column_problems("wijk", {"columns.count": "n"}, groups, determinants, {}):
    ...     print(problem)
    columns.area and levels[0].column are both the column wijk
    columns.count and determinants[0].column are both the column n
    """
    codes = {"columns.area": area}
    pairs = [
        *_pairs(codes, {**counted, **groups, **determinants, **others}),
        *combinations(counted.items(), 2),
        *_pairs(counted, {**groups, **determinants, **{key: name for key, name in others.items() if "name" in key}}),
        # leaving out areas by what is to be explained makes the rest look like more, or fewer
        *_pairs({"columns.count": counted.get("columns.count", "")}, _excluded(others)),
        *combinations(groups.items(), 2),
    ]
    said = _("{first} and {second} are both the column {column}")
    return [
        said.format(first=first, second=second, column=column)
        for (first, column), (second, same) in pairs
        if column == same and column not in UNKNOWN
    ]


def _excluded(others: Mapping[str, str]) -> dict[str, str]:
    """Return the columns by which areas are left out."""
    return {key: name for key, name in others.items() if key.startswith("exclusions")}


def _pairs(some: Mapping[str, str], others: Mapping[str, str]) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Return every item of one with every item of the other."""
    return [(one, other) for one in some.items() for other in others.items()]
