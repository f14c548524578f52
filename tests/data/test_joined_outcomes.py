"""Counts of several outcomes joined: which rows are of which, and studies that do not go together."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.joined_outcomes import join_outcomes
from bayesmodel.errors import DataError, StudyError
from bayesmodel.study.model_parts import Space


@pytest.fixture(scope="module", name="outcomes")
def outcomes_fixture(world_of_outcomes):
    """Counts of two outcomes."""
    return world_of_outcomes(areas=60, gemeenten=8, regions=2)[0]


def some(counts, rows):
    """The counts of some of the areas only."""
    areas = counts.areas
    parts = {name: getattr(areas, name).iloc[rows] for name in ("names", "levels", "published", "population")}
    kept = replace(areas, **parts, determinants=areas.determinants.iloc[rows])
    return replace(counts, areas=kept, lower=counts.lower[rows], upper=counts.upper[rows], status=counts.status[rows])


def changed(counts, **update):
    """The counts with another study."""
    return counts.with_study(counts.study.model_copy(update=update))


def test_every_row_is_an_area_and_an_outcome_with_its_own_bounds(outcomes):
    joined = join_outcomes(outcomes)
    assert joined.names == ("youth", "wmo")
    assert len(joined.counts) == 120
    for index, (name, each) in enumerate(outcomes.items()):
        rows = joined.rows(name)
        assert np.array_equal(joined.counts.lower[rows], each.lower)
        assert np.array_equal(joined.counts.upper[rows], each.upper)
        assert np.array_equal(joined.counts.population[rows], each.population)
        assert (joined.of_row[rows] == index).all()
        assert joined.counts.areas.levels["wijk"].iloc[rows].tolist() == list(each.areas.codes)
    assert joined.counts.study.effects_within == {
        "wijk": "gemeente",
        "gemeente": "jeugdzorgregio",
        "jeugdzorgregio": None,
    }
    assert joined.notes == ()


def test_areas_of_one_outcome_only_take_part_and_are_spoken_of(outcomes):
    joined = join_outcomes(outcomes | {"wmo": some(outcomes["wmo"], np.arange(1, 60))})
    assert len(joined.counts) == 119
    assert joined.counts.areas.levels["wijk"].nunique() == 60
    [note] = joined.notes
    assert str(outcomes["youth"].areas.codes[0]) in note


def test_outcomes_of_different_years_are_spoken_of(outcomes):
    later = outcomes["wmo"].study.outcome.model_copy(update={"year": 2030})
    [note] = join_outcomes(outcomes | {"wmo": changed(outcomes["wmo"], outcome=later)}).notes
    assert "2030" in note


def test_outcomes_that_hardly_share_an_area_are_refused(outcomes):
    with pytest.raises(DataError, match="20 areas in both"):
        join_outcomes(outcomes | {"wmo": some(outcomes["wmo"], np.arange(20))})


def test_an_area_in_two_gemeenten_is_refused_by_name(outcomes):
    levels = outcomes["wmo"].areas.levels.copy()
    levels.iloc[3, 0] = levels["gemeente"].iloc[-1]
    moved = replace(outcomes["wmo"], areas=replace(outcomes["wmo"].areas, levels=levels))
    with pytest.raises(DataError, match="gemeente") as told:
        join_outcomes(outcomes | {"wmo": moved})
    assert str(levels.index[3]) in str(told.value)


@pytest.mark.parametrize("update", [{"area": "buurt"}, {"levels": ()}])
def test_studies_that_are_not_alike_are_refused_with_what_differs(outcomes, update):
    with pytest.raises(StudyError, match=next(iter(update))):
        join_outcomes(outcomes | {"wmo": changed(outcomes["wmo"], **update)})


def test_one_outcome_and_five_are_refused(outcomes):
    with pytest.raises(StudyError, match="from 2 to 4"):
        join_outcomes({"youth": outcomes["youth"]})
    with pytest.raises(StudyError, match="from 2 to 4"):
        join_outcomes({str(number): outcomes["youth"] for number in range(5)})


def test_effects_of_space_are_refused(outcomes):
    model = outcomes["wmo"].study.model.model_copy(update={"space": Space()})
    both = {name: changed(counts, model=model) for name, counts in outcomes.items()}
    with pytest.raises(StudyError, match=r"model\.space"):
        join_outcomes(both)


def test_one_column_given_for_two_outcomes_is_refused_by_name(outcomes):
    """Over other people too: the same young people beside all inhabitants."""
    areas = outcomes["youth"].areas
    more = interpret_counts(replace(areas, population=areas.population * 3))
    with pytest.raises(DataError, match=r"youth, wmo: found the same counts for both, in all 60 areas"):
        join_outcomes({"youth": outcomes["youth"], "wmo": more})


def test_outcomes_of_which_some_counts_are_the_same_are_two(outcomes):
    areas = outcomes["youth"].areas
    cells = areas.published.to_numpy(dtype=object).copy()
    shown = np.flatnonzero(cells != ".")
    cells[shown[0]] = str(int(cells[shown[0]]) + 1)
    other = interpret_counts(replace(areas, published=pd.Series(cells, areas.codes)))
    assert len(join_outcomes({"youth": outcomes["youth"], "wmo": other}).counts) == 120
