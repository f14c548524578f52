"""Neighbours of a study: found in polygons or read from a file, of the areas that are kept, each pair once."""

import json

import numpy as np
import pytest

from bayesmodel import example_polygons, example_study, read_areas
from bayesmodel.data.remark import RemarkKind
from bayesmodel.errors import DataError, StudyError
from bayesmodel.io.neighbour_pairs import neighbour_pairs
from bayesmodel.study.parts import BoundaryFile
from bayesmodel.study.toml_file import study_from


def spatial(folder=".", **space):
    """A small example country whose neighbours are alike."""
    values = example_study(areas=60, gemeenten=8, regions=2).model_dump(mode="json", exclude_none=True)
    values["model"]["space"] = space
    return study_from(values).model_copy(update={"folder": str(folder)})


def test_neighbours_of_polygons_are_pairs_of_rows_each_once():
    areas = read_areas(spatial())
    pairs = areas.neighbours
    assert (pairs[:, 0] < pairs[:, 1]).all()
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    assert pairs.max() < len(areas)
    assert areas.notes[-1].startswith("Space: ")


def test_the_note_says_what_areas_without_neighbours_have(tmp_path):
    codes = read_areas(spatial()).codes
    (tmp_path / "pairs.csv").write_text(f"code,neighbour\n{codes[0]},{codes[1]}\n", encoding="utf-8")
    *_others, said = read_areas(spatial(tmp_path, neighbours="pairs.csv")).notes
    assert "58 areas have no neighbour; the effect of space there depends on no other area." in said
    *_others, said = read_areas(spatial(tmp_path, neighbours="pairs.csv", islands="none")).notes
    assert "58 areas have no neighbour, and no effect of space." in said


def test_a_file_of_pairs_is_what_check_boundaries_writes(tmp_path):
    found = read_areas(spatial())
    codes = found.codes.to_numpy()
    lines = [f"{codes[b]},{codes[a]},0.0" for a, b in found.neighbours]
    lines += [lines[0], f"{codes[0]},{codes[0]},0", f"WK999999,{codes[1]},0"]  # twice, itself, not in the study
    (tmp_path / "pairs.csv").write_text("\n".join(["code,neighbour,metres", *lines]), encoding="utf-8")
    assert np.array_equal(read_areas(spatial(tmp_path, neighbours="pairs.csv")).neighbours, found.neighbours)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,buur\nWK500100,WK500101\n", "no column neighbour"),
        ("code,neighbour\nWK999998,WK999999\n", "no pair of areas of this study"),
        ("code,neighbour\nWK500100,WK500100\n", "no two areas that border"),
    ],
)
def test_a_file_that_names_no_neighbours_is_refused(tmp_path, text, told):
    (tmp_path / "pairs.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=told):
        read_areas(spatial(tmp_path, neighbours="pairs.csv"))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        read_areas(spatial(tmp_path, neighbours="nowhere.csv"))


def test_space_without_boundaries_says_what_to_give():
    values = example_study(areas=60, gemeenten=8, regions=2).model_dump(mode="json", exclude_none=True)
    values["model"]["space"] = {}
    del values["example"]
    values["tables"] = [{"path": "wijken.csv", "key": "wijk", "code": "wijk"}]
    with pytest.raises(StudyError, match="boundaries"):
        study_from(values)


def test_neighbours_are_of_the_areas_that_are_left():
    study = spatial()
    people = read_areas(study).population
    values = study.model_dump(mode="json", exclude_none=True)
    values["exclusions"] = [{"column": values["columns"]["population"], "at_most": int(people.median())}]
    few = read_areas(study_from(values))
    every, kept = read_areas(study), few.codes
    codes = every.codes.to_numpy()
    expected = {(codes[a], codes[b]) for a, b in every.neighbours if codes[a] in kept and codes[b] in kept}
    assert {(kept[a], kept[b]) for a, b in few.neighbours} == expected


def on_a_map(folder, change):
    """A small example country with a file of its polygons, in which something was changed."""
    study = spatial(folder)
    polygons = example_polygons(study)
    change(polygons["features"])
    (folder / "wijken.geojson").write_text(json.dumps(polygons), encoding="utf-8")
    return study.model_copy(update={"boundaries": BoundaryFile(path="wijken.geojson")})


def test_areas_without_a_polygon_are_not_said_to_have_no_neighbour(tmp_path):
    study = on_a_map(tmp_path, lambda features: features.__delitem__(slice(0, 2)))
    *_others, said = neighbour_pairs(study, read_areas(spatial()).codes).notes
    assert "2 areas have no polygon (WK500100, WK500101)" in said
    assert "have no neighbour" not in said


def test_what_is_odd_about_polygons_is_a_remark(tmp_path):
    def one_for_all(features):
        for feature in features:
            feature["geometry"] = features[0]["geometry"]

    codes = read_areas(spatial()).codes
    assert neighbour_pairs(on_a_map(tmp_path, lambda features: None), codes).remarks == ()
    [remark] = neighbour_pairs(on_a_map(tmp_path, one_for_all), codes).remarks
    assert remark.kind is RemarkKind.POLYGONS
    assert len(remark.areas) == 60


def test_pairs_in_a_file_of_other_areas_are_a_remark(tmp_path):
    found = read_areas(spatial())
    codes = np.random.default_rng(2).permutation(found.codes.to_numpy())
    lines = [f"{codes[a]},{codes[b]}" for a, b in found.neighbours]
    (tmp_path / "pairs.csv").write_text("\n".join(["code,neighbour", *lines]), encoding="utf-8")
    remarks = read_areas(spatial(tmp_path, neighbours="pairs.csv")).remarks
    assert RemarkKind.POLYGONS in {each.kind for each in remarks}
