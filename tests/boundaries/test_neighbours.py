"""Laws of neighbours: symmetric, none its own, equal to brute force, the same in any order, lattices as known."""

import numpy as np
import pytest
import shapely
import shapely.affinity
from geopandas import GeoDataFrame
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesmodel.boundaries import neighbours_of, read_boundaries, simplified
from bayesmodel.errors import ArgumentError, UnknownNameError

CRS = "EPSG:28992"


def boundaries(shapes, codes=None):
    """Return boundaries of shapes in metres, with codes in their order."""
    codes = [f"WK{index:06}" for index in range(len(shapes))] if codes is None else codes
    return read_boundaries(GeoDataFrame({"code": codes}, geometry=list(shapes), crs=CRS))


def lattice(rows, columns, size=1000.0, gap=0.0):
    """Return squares in rows and columns, some metres apart."""
    return [
        shapely.box(column * size, row * size, (column + 1) * size - gap, (row + 1) * size - gap)
        for row in range(rows)
        for column in range(columns)
    ]


def pairs_of(found):
    """Return the pairs by code, in no order."""
    return {frozenset(pair) for pair in found.frame[["code", "neighbour"]].itertuples(index=False)}


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 7), (4, 5), (9, 9)])
@pytest.mark.parametrize("gap", [0.0, 9.0])
def test_a_lattice_has_the_pairs_that_it_has(rows, columns, gap):
    """Beside and below, and over both diagonals of each inner corner."""
    found = neighbours_of(boundaries(lattice(rows, columns, gap=gap)))
    beside, corners = rows * (columns - 1) + columns * (rows - 1), 2 * (rows - 1) * (columns - 1)
    assert len(found) == beside + corners
    assert found.component_sizes == [rows * columns]
    assert len(found.islands) == (rows * columns == 1)


def test_a_gap_wider_than_the_tolerance_parts_neighbours():
    shapes = boundaries(lattice(3, 3, gap=20.0))
    assert len(neighbours_of(shapes)) == 0
    assert len(neighbours_of(shapes, tolerance=20.0)) == 12, "over a corner it is 28 m"
    assert len(neighbours_of(shapes, tolerance=29.0)) == 20
    assert list(neighbours_of(shapes).islands) == list(shapes.codes)
    assert neighbours_of(shapes).component_sizes == [1] * 9


SQUARES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 8), st.integers(1, 8)), min_size=1, max_size=14
)


@settings(max_examples=60, deadline=None)
@given(squares=SQUARES, tolerance=st.sampled_from([0.0, 1.0, 2.5, 15.0]), seed=st.integers(0, 99))
def test_it_is_brute_force_symmetric_and_the_same_in_any_order(squares, tolerance, seed):
    shapes = [shapely.box(x, y, x + wide, y + high) for x, y, wide, high in squares]
    found = neighbours_of(boundaries(shapes), tolerance)
    codes = list(found.codes)
    brute = {
        frozenset((codes[one], codes[other]))
        for one in range(len(shapes))
        for other in range(one)
        if shapes[one].distance(shapes[other]) <= tolerance
    }
    assert pairs_of(found) == brute
    matrix = found.matrix.toarray()
    assert (matrix == matrix.T).all()
    assert not np.diag(matrix).any()
    assert (matrix.sum(axis=0) == found.numbers).all()
    assert all(
        set(found.of(code)) == {other for pair in brute if code in pair for other in pair - {code}} for code in codes
    )
    order = np.random.default_rng(seed).permutation(len(shapes))
    again = neighbours_of(boundaries([shapes[row] for row in order], [codes[row] for row in order]), tolerance)
    assert pairs_of(again) == brute
    assert again.component_sizes == found.component_sizes
    assert sorted(again.islands) == sorted(found.islands)


def test_of_merged_areas_the_neighbours_are_those_of_their_parts():
    """Two rows of one code, wherever they are, border on what either borders on, but not on themselves."""
    shapes = lattice(4, 4)
    apart = neighbours_of(boundaries(shapes))
    codes = [f"WK{index:06}" for index in range(16)]
    codes[10] = codes[5]
    merged = neighbours_of(boundaries(shapes, codes))
    said = {frozenset("WK000005" if code == "WK000010" else code for code in pair) for pair in pairs_of(apart)}
    assert pairs_of(merged) == {pair for pair in said if len(pair) == 2}


def test_parts_hang_together_and_the_largest_is_the_first():
    near, far = lattice(1, 2), [shapely.affinity.translate(each, 9e4) for each in lattice(2, 2)]
    lone = [shapely.box(-9e4, 0, -8e4, 1e4)]
    found = neighbours_of(boundaries([*lone, *near, *far]))
    assert found.component_sizes == [4, 2, 1]
    assert found.components.tolist() == [3, 2, 2, 1, 1, 1, 1]
    assert list(found.islands) == ["WK000000"]
    assert "Islands, areas without any neighbour, 1: WK000000" in repr(found)


@pytest.mark.parametrize("tolerance", [-1.0, float("nan"), float("inf")])
def test_a_tolerance_is_metres(tolerance):
    with pytest.raises(ArgumentError, match="tolerance is"):
        neighbours_of(boundaries(lattice(1, 2)), tolerance)


def test_an_area_that_is_not_there_is_said():
    with pytest.raises(UnknownNameError, match="WK000001"):
        neighbours_of(boundaries(lattice(1, 2))).of("WK000003")


def test_a_shared_border_stays_shared_when_simplified():
    """Of wavy borders nothing is left open and nothing overlaps; one by one they would not fit."""
    waves = np.linspace(0, 1000, 60)
    border = [(500 + 40 * np.sin(each / 30), each) for each in waves]
    west = shapely.Polygon([(0, 0), *border, (0, 1000)])
    east = shapely.Polygon([(1000, 1000), *border[::-1], (1000, 0)])
    before = boundaries([west, east])
    after = simplified(before, 30)
    one, other = after.shapes.geometry
    assert shapely.get_num_coordinates(one) < shapely.get_num_coordinates(west) / 2
    assert one.intersection(other).area == 0
    assert one.union(other).area == pytest.approx(1e6)
    assert neighbours_of(after, 0).component_sizes == [2]
    assert "borders that were shared still are" in after.notes[-1]


def test_the_wijken_of_2017(shared_data):
    """Two of 3,069 have no shape in the file; of the others the parts, the islands and the pairs."""
    before = read_boundaries(shared_data / "cbs_wijkgrenzen" / "wijk_2017_approx.geojson")
    found = neighbours_of(before)
    assert (len(before), before.without_shape, before.vintage) == (3067, ("WK024316", "WK099590"), 2017)
    assert abs(len(found) - 8848) <= 5
    assert found.component_sizes == [2999, 58, 6, 2, 1, 1]
    assert list(found.islands) == ["WK006000", "WK009600"]
    touching, after = pairs_of(neighbours_of(before, 0)), pairs_of(neighbours_of(simplified(before, 100), 0))
    assert len(touching - after) <= 5
    assert len(after - touching) == 0
