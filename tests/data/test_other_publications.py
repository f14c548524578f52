"""What else is published of counts: ages, forms of care, percentages, totals; simulated, masked, and narrowed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.interpret import publish
from bayesmodel.errors import DataError
from bayesmodel.study.parts import Publication
from bayesmodel.study.published_parts import Bounds, Delivery

KWB = {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": ["."], "missing_symbols": ["x"]}
AGES = ("young", "old")


@pytest.fixture
def counts_of(table_of):
    """Interpret published counts with other figures beside them."""

    def make(published, figures, bounds, population=100, publication=KWB, **changes):
        people = np.broadcast_to(population, len(published))
        areas = table_of(published, people, publication)
        study = areas.study.model_copy(update={"bounds": Bounds.model_validate(bounds), **changes})
        frame = pd.DataFrame({name: list(cells) for name, cells in figures.items()}, index=areas.codes, dtype=str)
        return interpret_counts(replace(areas, study=study, figures=frame))

    return make


def bounds_of(counts):
    return list(zip(counts.lower.tolist(), counts.upper.tolist(), strict=True))


def test_parts_that_add_up_narrow_a_hidden_and_a_rounded_count(counts_of):
    figures = {"young": [".", "10", "10"], "old": [".", ".", "10"]}
    counts = counts_of([".", "10", "20"], figures, {"subtotals": [{"columns": AGES}]})
    assert bounds_of(counts) == [(0, 7), (8, 12), (18, 22)]
    assert set(counts.trail["column"]) == {"old"}  # of 10 in all and 10 of one age, at most 4 are of the other
    counts = counts_of(["15", "10"], {"young": ["10", "."], "old": [".", "."]}, {"subtotals": [{"columns": AGES}]})
    assert bounds_of(counts)[1] == (8, 12)
    counts = counts_of(["15"], {"young": ["."], "old": ["."]}, {"subtotals": [{"columns": AGES}]})
    assert bounds_of(counts) == [(13, 14)]
    assert counts.status.tolist() == ["rounded"]
    assert counts.trail.iloc[0].tolist() == ["WK000000", "n_care", "young + old", 13, 17, 13, 14]


def test_parts_that_overlap_are_each_at_most_the_count_and_together_at_least(counts_of):
    bounds = {"subtotals": [{"columns": AGES, "overlap": True}]}
    counts = counts_of(["15", "20"], {"young": ["15", "10"], "old": ["15", "."]}, bounds)
    assert bounds_of(counts) == [(13, 17), (18, 19)]


@pytest.mark.parametrize(("unrounded", "bounds"), [(True, (9, 10)), (False, (8, 12))])
def test_a_percentage_tells_more_only_where_it_is_of_counts_as_they_are(counts_of, unrounded, bounds):
    percentages = [{"column": "share", "of_unrounded_counts": unrounded, "decimals": 0}]
    counts = counts_of(["10", "10"], {"share": ["5", "."]}, {"percentages": percentages}, population=190)
    assert bounds_of(counts) == [bounds, (8, 12)]  # 4.5 to 5.5 % of 190 people is 8.55 to 10.45


def test_people_that_are_rounded_at_random_widen_what_a_percentage_tells(counts_of):
    share = {"column": "share", "of_unrounded_counts": True, "decimals": 1}
    exact = counts_of(["50"], {"share": ["5.0"]}, {"percentages": [share]}, population=1000)
    noisy = counts_of(["50"], {"share": ["5.0"]}, {"percentages": [share | {"of_rounded_to": 5}]}, population=1000)
    assert bounds_of(exact) == [(50, 50)]
    assert bounds_of(noisy) == [(50, 50)]
    thousand = share | {"per": 1000, "decimals": 0}
    wide = counts_of(["50"], {"share": ["50"]}, {"percentages": [thousand | {"of_rounded_to": 50}]}, population=1000)
    assert bounds_of(wide) == [(48, 52)]


@pytest.mark.parametrize(
    ("aside", "expected"),
    [((0.0, 0.0, 0.0), [(0, 4), (0, 4), (18, 22)]), ((1.0, 3.0, 20.0), [(0, 3), (0, 3), (18, 21)])],
)
def test_a_total_bounds_its_areas_from_above_and_never_from_below(table_of, aside, expected):
    """Less what areas that are left out count of it at least."""
    areas = table_of([".", ".", "20"], [50] * 3, KWB)
    levels = pd.DataFrame({"gemeente": "GM0000"}, index=areas.codes)
    level, labels = {"name": "gemeente", "column": "gm"}, {"gemeente": pd.Series({"GM0000": "Town"})}
    study = areas.study.model_validate(areas.study.model_dump() | {"levels": [level], "bounds": {"totals": True}})
    row = ["gemeente", "GM0000", "GM0000", "20", 150.0 + aside[2], *aside]
    totals = pd.DataFrame([row], columns=COLUMNS)
    counts = interpret_counts(replace(areas, study=study, levels=levels, level_labels=labels, totals=totals))
    assert bounds_of(counts) == expected
    assert counts.totals["placed_upper"].tolist() == [sum(high for _low, high in expected)]


def test_a_missing_count_is_rounded_where_its_parts_give_it_and_stays_missing_where_nothing_does(counts_of):
    figures = {"young": ["10", "x"], "old": ["15", "."]}
    counts = counts_of(["x", "x"], figures, {"subtotals": [{"columns": AGES}]})
    assert counts.status.tolist() == ["rounded", "missing"]
    assert bounds_of(counts) == [(21, 29), (0, 100)]


def test_an_area_that_did_not_deliver_is_not_filled_from_its_parts(counts_of):
    figures = {"young": ["10"], "old": ["15"]}
    areas_bounds = {"subtotals": [{"columns": AGES}]}
    counts = counts_of(["25"], figures, areas_bounds)
    read = interpret_counts(replace(counts.areas, without_count=frozenset(counts.areas.codes)))
    assert read.status.tolist() == ["missing"]
    assert Delivery().read_partial_as == "missing"


def test_contradictions_are_one_message_with_the_areas_and_what_was_known(counts_of):
    figures = {"young": ["10", "30", "."], "old": ["10", ".", "."]}
    with pytest.raises(DataError) as caught:
        counts_of(["40", "10", "."], figures, {"subtotals": [{"columns": AGES}]})
    (fault,) = caught.value.faults
    assert fault.where == "young + old"
    assert len(fault.rows) == 2
    assert fault.rows[0] == "WK000000 (n_care 38 to 42; young 8 to 12; old 8 to 12)"
    assert "hidden_below" in fault.advice


def test_a_part_with_an_unknown_symbol_is_a_fault_as_that_of_a_count_is(counts_of):
    with pytest.raises(DataError, match="young"):
        counts_of(["10"], {"young": ["?"], "old": ["."]}, {"subtotals": [{"columns": AGES}]})
    with pytest.raises(DataError, match="share"):
        counts_of(["10"], {"share": ["ten"]}, {"percentages": [{"column": "share", "of_unrounded_counts": True}]})


def test_probabilities_of_random_rounding_keep_to_their_counts(counts_of):
    rule = {"hidden_below": 0, "rounded_to": 5, "rounding": "random"}
    wide = counts_of(["10"], {}, {}, publication=rule)
    percentages = [{"column": "share", "of_unrounded_counts": True}]
    counts = counts_of(["10"], {"share": ["10.0"]}, {"percentages": percentages}, publication=rule)
    assert bounds_of(wide) == [(6, 14)]
    assert bounds_of(counts) == [(10, 10)]
    np.testing.assert_allclose(counts.weights[0, 0], wide.weights[0, 4])
    assert not counts.weights[0, 1:].any()


@pytest.mark.parametrize("rounded_to", [1, 5])
@pytest.mark.parametrize("overlap", [False, True])
def test_of_simulated_publications_the_truth_is_never_excluded(counts_of, rounded_to, overlap):
    rng, rule = np.random.default_rng(8), Publication(hidden_below=8, rounded_to=rounded_to, hidden_symbols=(".",))
    parts = rng.poisson([1.0, 3.0, 8.0], size=(200, 3))
    twice = np.minimum(parts.min(axis=1), rng.poisson(1.0, 200)) if overlap else 0
    truth, people = parts.sum(axis=1) - twice, np.full(200, 400)
    figures = {f"part_{j}": publish(parts[:, j], rule) for j in range(3)}
    figures["share"] = [f"{100 * count / 400:.1f}" for count in truth]
    bounds = {
        "subtotals": [{"columns": tuple(f"part_{j}" for j in range(3)), "overlap": overlap}],
        "percentages": [{"column": "share", "of_unrounded_counts": True}],
    }
    counts = counts_of(publish(truth, rule), figures, bounds, people, rule.model_dump())
    before = counts_of(publish(truth, rule), {}, {}, people, rule.model_dump())
    assert ((counts.lower <= truth) & (truth <= counts.upper)).all()
    assert (counts.lower >= before.lower).all()
    assert (counts.upper <= before.upper).all()
    assert (counts.upper - counts.lower).sum() < 0.9 * (before.upper - before.lower).sum()
