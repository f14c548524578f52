"""Levels: chains of nested groups, and chains that cross."""

import numpy as np
import pytest

from bayesmodel.model.levels import chains_of


@pytest.mark.parametrize(
    ("levels", "names"),
    [
        ("none", []),
        ("few", [["gemeente", "regio"]]),
        ("crossed", [["gemeente", "regio"], ["stedelijkheid"]]),
    ],
)
def test_chains_are_finest_first(invented_counts, levels, names):
    chains = chains_of(invented_counts(levels=levels).areas)
    assert [[group.name for group in chain] for chain in chains] == names


@pytest.mark.parametrize("levels", ["few", "many", "crossed"])
def test_indices_lead_from_the_area_to_its_groups(invented_counts, levels):
    areas = invented_counts(levels=levels).areas
    for chain in chains_of(areas):
        place = np.arange(len(areas))
        for group in chain:
            place = group.members[place]
            assert np.array_equal(place, group.of_area)
            assert np.array_equal(np.array(group.codes)[place], areas.levels[group.name])
            assert list(group.codes) == sorted(set(areas.levels[group.name]))
