"""A fit on disk: back again identical, or nothing at all."""

import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel.data import interpret_counts
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.other_publications import TRAIL
from bayesmodel.data.totals import interpret_totals
from bayesmodel.errors import FitFileError, OutputError
from bayesmodel.example import example_areas
from bayesmodel.inference import storage
from bayesmodel.inference.sampling import fit_model
from bayesmodel.inference.storage import load_fit
from bayesmodel.model.build import build_model
from bayesmodel.study.published_parts import Bounds


@pytest.fixture(scope="module")
def bare_fit(small_study):
    """A fit of a study without determinants."""
    study = small_study(determinants=0, tune=50, draws=50)
    return fit_model(build_model(interpret_counts(example_areas(study))))


@pytest.fixture(params=["with determinants", "without"])
def fit(request):
    """Both kinds of fit."""
    return request.getfixturevalue("small_fit" if request.param == "with determinants" else "bare_fit")


def assert_same(one, other):
    """Every part of two fits is equal, to the last digit."""
    for group in ("posterior", "sample_stats"):
        xr.testing.assert_equal(one.tree[group].to_dataset(), other.tree[group].to_dataset())
    assert one.study == other.study
    assert one.diagnostics == other.diagnostics
    assert dict(one.provenance) == dict(other.provenance)
    pd.testing.assert_frame_equal(one.counts.frame, other.counts.frame, check_dtype=False)
    assert one.counts.notes == other.counts.notes
    for name, part in asdict(one.design).items():
        assert np.array_equal(np.asarray(part), np.asarray(getattr(other.design, name))), name
    areas, same = one.counts.areas, other.counts.areas
    for name in ("names", "published", "population"):
        pd.testing.assert_series_equal(getattr(areas, name), getattr(same, name), check_dtype=False)
    for name in ("levels", "determinants", "left_out"):
        pd.testing.assert_frame_equal(
            getattr(areas, name),
            getattr(same, name),
            check_dtype=False,
            check_index_type=False,
            check_column_type=False,
        )
    assert areas.notes == same.notes
    assert areas.level_labels.keys() == same.level_labels.keys()
    for name, labels in areas.level_labels.items():
        assert labels.to_dict() == same.level_labels[name].to_dict()


def test_saved_and_loaded_is_the_same(fit, tmp_path):
    path = tmp_path / "fit.nc"
    fit.save(path)
    assert_same(fit, load_fit(path))
    assert [file.name for file in tmp_path.iterdir()] == ["fit.nc"]


def test_a_fit_saved_twice_is_still_the_same(small_fit, tmp_path):
    small_fit.save(tmp_path / "one.nc")
    load_fit(tmp_path / "one.nc").save(tmp_path / "two.nc")
    assert_same(small_fit, load_fit(tmp_path / "two.nc"))


def test_text_that_is_hard_for_csv_comes_back(small_fit, tmp_path):
    areas = small_fit.counts.areas
    names = areas.names.copy()
    names.iloc[:5] = ['De "Hoek", noord', "NA", "", "Skûlenboarch; 't Zand", " two  spaces"]
    published = areas.published.copy()
    published.iloc[:3] = ["", ".", "007"]
    odd = replace(small_fit, counts=replace(small_fit.counts, areas=replace(areas, names=names, published=published)))
    odd.save(tmp_path / "fit.nc")
    same = load_fit(tmp_path / "fit.nc").counts.areas
    assert same.names.tolist() == names.tolist()
    assert same.published.tolist() == published.tolist()


def test_any_reader_of_netcdf_opens_the_draws(small_fit, tmp_path):
    """The checksum stands beyond the end that the file states."""
    import h5netcdf
    import h5py

    small_fit.save(tmp_path / "fit.nc")
    with xr.open_dataset(tmp_path / "fit.nc", group="posterior", engine="h5netcdf") as posterior:
        assert posterior["linear_predictor"].dims == ("chain", "draw", "wijk")
        draws = posterior["linear_predictor"].to_numpy()
    with h5netcdf.File(tmp_path / "fit.nc", "r") as opened:
        assert np.array_equal(opened["posterior"]["linear_predictor"][:], draws)
    with h5py.File(tmp_path / "fit.nc", "r") as opened:
        assert np.array_equal(opened["posterior/linear_predictor"][:], draws)
    netcdf4 = pytest.importorskip("netCDF4")
    with netcdf4.Dataset(tmp_path / "fit.nc") as opened:
        assert np.array_equal(opened["posterior"]["linear_predictor"][:], draws)


def test_a_fit_of_before_a_name_of_the_design_changed_is_read(small_fit):
    """Its `scale` was called spread."""
    content = storage._content(small_fit).rename(scale="spread")
    groups = {name: small_fit.tree[name].to_dataset() for name in ("posterior", "sample_stats")}
    read = storage._fit(xr.DataTree.from_dict({"bayesmodel": content, **groups}))
    assert np.array_equal(read.design.scale, small_fit.design.scale)


@pytest.fixture
def saved(small_fit, tmp_path):
    """The bytes of a saved fit."""
    small_fit.save(tmp_path / "saved.nc")
    return (tmp_path / "saved.nc").read_bytes()


CHANGES = {
    "a bit in the first byte that matters": lambda raw: raw[:8] + bytes([raw[8] ^ 1]) + raw[9:],
    "a bit in the middle": lambda raw: (
        raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 1]) + raw[len(raw) // 2 + 1 :]
    ),
    "a bit in the last byte of the content": lambda raw: raw[: -storage.SIZE - 1] + b"\xfe" + raw[-storage.SIZE :],
    "a bit in the checksum": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
    "a bit before the checksum": lambda raw: raw[: -storage.SIZE] + b"\r" + raw[-storage.SIZE + 1 :],
    "its end cut off": lambda raw: raw[: -storage.SIZE],
    "one byte cut off": lambda raw: raw[:-1],
    "half of it cut off": lambda raw: raw[: len(raw) // 2],
    "cut out of the middle": lambda raw: raw[:5000] + raw[6000:],
    "twice": lambda raw: raw + raw,
    "something behind it": lambda raw: raw + b" ",
    "only its first bytes": lambda raw: raw[:10],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_fit_is_refused(change, saved, tmp_path):
    path = tmp_path / "fit.nc"
    changed = change(saved)
    assert changed != saved
    path.write_bytes(changed)
    with pytest.raises(FitFileError, match=r"was changed since it was saved|has no checksum at its end"):
        load_fit(path)


def test_a_changed_fit_says_so_without_the_library_that_reads_it(saved, tmp_path, monkeypatch):
    """HDF5 may take the program down on changed bytes, so it never sees them."""
    monkeypatch.setattr(storage.xr, "open_datatree", lambda *_, **__: pytest.fail("opened"))
    for place in range(8, len(saved), len(saved) // 200):
        (tmp_path / "fit.nc").write_bytes(saved[:place] + bytes([saved[place] ^ 0x10]) + saved[place + 1 :])
        with pytest.raises(FitFileError, match=r"checksum"):
            load_fit(tmp_path / "fit.nc")


def test_a_fit_without_checksum_says_what_to_do(saved, tmp_path):
    (tmp_path / "fit.nc").write_bytes(saved[: -storage.SIZE])
    with pytest.raises(FitFileError, match=r"before the checksum.*fit again"):
        load_fit(tmp_path / "fit.nc")


def test_no_file_gets_help(tmp_path):
    with pytest.raises(FitFileError, match="There is no file"):
        load_fit(tmp_path / "fit.nc")


def test_a_file_that_is_no_netcdf_is_refused(tmp_path):
    path = tmp_path / "fit.nc"
    path.write_text("not a fit", encoding="utf-8")
    with pytest.raises(FitFileError, match="is no NetCDF file"):
        load_fit(path)


def test_half_a_file_is_refused(small_fit, tmp_path):
    path = tmp_path / "fit.nc"
    small_fit.save(path)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(FitFileError):
        load_fit(path)


def test_a_foreign_netcdf_is_refused(tmp_path):
    path = tmp_path / "other.nc"
    xr.Dataset({"height": ("x", [1.0, 2.0])}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(FitFileError, match="made by another program"):
        load_fit(path)
    storage.seal(path)
    with pytest.raises(FitFileError, match="expected 'bayesmodel fit 1', found None"):
        load_fit(path)


def test_a_folder_that_is_not_there_is_an_error(small_fit, tmp_path):
    with pytest.raises(OutputError, match="could not be written"):
        small_fit.save(tmp_path / "nowhere" / "fit.nc")


def test_a_really_full_disk_leaves_what_was_there_and_ends_well(tmp_path):
    """The operating system itself refuses to write more than ten kilobytes."""
    (tmp_path / "fit.nc").write_text("older", encoding="utf-8")
    code = f"""
import resource
from bayesmodel.errors import OutputError
from bayesmodel.testing import invented_fit
fit = invented_fit()
fit.tree["sample_stats"] = fit.tree["posterior"].to_dataset()
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    fit.save({str(tmp_path / "fit.nc")!r})
except OutputError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "could not be written" in done.stdout
    assert done.stderr == ""
    assert [file.name for file in tmp_path.iterdir()] == ["fit.nc"]
    assert (tmp_path / "fit.nc").read_text(encoding="utf-8") == "older"


def test_a_large_fit_goes_straight_to_disk(small_fit, tmp_path, monkeypatch):
    small_fit.save(tmp_path / "small.nc")
    monkeypatch.setattr(storage, "LARGE", 0)
    small_fit.save(tmp_path / "large.nc")
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["large.nc", "small.nc"]
    one, other = (load_fit(tmp_path / name) for name in ("small.nc", "large.nc"))
    xr.testing.assert_identical(one.posterior, other.posterior)
    assert one.diagnostics == other.diagnostics


def test_a_large_fit_is_not_begun_where_there_is_no_room(small_fit, tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "LARGE", 0)
    monkeypatch.setattr(storage, "SPARE", 1e12)
    with pytest.raises(OutputError, match="No space left"):
        small_fit.save(tmp_path / "fit.nc")
    assert list(tmp_path.iterdir()) == []


def test_totals_of_groups_come_back_as_they_were(small_fit, tmp_path):
    """Texts that look like numbers or are empty, and numbers that are not known, included."""
    group = str(small_fit.counts.areas.levels["gemeente"].iloc[0])
    rows = [
        ["gemeente", group, "GM0001", "0120", 900.0, 0.0, 9.0, 60.0],
        ["country", "country", "NL", "", np.nan, 0.0, 0.0, 0.0],
    ]
    areas = replace(small_fit.counts.areas, totals=pd.DataFrame(rows, columns=COLUMNS))
    totals = interpret_totals(areas, small_fit.counts.lower, small_fit.counts.upper)
    fit = replace(small_fit, counts=replace(small_fit.counts, areas=areas, totals=totals))
    fit.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc").counts
    pd.testing.assert_frame_equal(loaded.areas.totals, areas.totals, check_dtype=False)
    pd.testing.assert_frame_equal(loaded.totals, totals, check_dtype=False)
    small_fit.save(tmp_path / "without.nc")
    assert load_fit(tmp_path / "without.nc").counts.totals.empty


def test_what_missing_determinants_are_at_most_comes_back(small_fit, tmp_path):
    highest = small_fit.counts.areas.determinants * 0 + 3.0
    areas = replace(small_fit.counts.areas, highest=highest)
    replace(small_fit, counts=replace(small_fit.counts, areas=areas)).save(tmp_path / "fit.nc")
    small_fit.save(tmp_path / "other.nc")
    found = load_fit(tmp_path / "fit.nc").counts.areas.highest
    pd.testing.assert_frame_equal(found, highest, check_index_type=False, check_column_type=False)
    assert load_fit(tmp_path / "other.nc").counts.areas.highest is None


def test_what_else_was_published_and_every_step_come_back(small_fit, tmp_path):
    codes = small_fit.counts.areas.codes
    figures = pd.DataFrame({"young": ".", "old": "10"}, index=codes)
    bounds = Bounds.model_validate({"subtotals": [{"columns": ["young", "old"]}]})
    study = small_fit.study.model_copy(update={"bounds": bounds})
    trail = pd.DataFrame([[codes[0], "count", "young + old", 0, 9, 3, 9]], columns=list(TRAIL))
    areas = replace(small_fit.counts.areas, figures=figures, study=study)
    fit = replace(small_fit, counts=replace(small_fit.counts, areas=areas, trail=trail))
    fit.save(tmp_path / "fit.nc")
    loaded = load_fit(tmp_path / "fit.nc")
    pd.testing.assert_frame_equal(loaded.counts.trail, trail, check_dtype=False)
    pd.testing.assert_frame_equal(loaded.counts.areas.figures, figures, check_names=False, check_dtype=False)
    assert loaded.study.bounds == bounds
