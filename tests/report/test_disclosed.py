"""One guard for all formats: what is hidden is hidden in each of them, and what is not for publication says so."""

import json
import re
import zipfile
from dataclasses import replace
from hashlib import sha256

import h5netcdf
import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from bayesmodel import area_sheet, country_of, group_report, interpret_counts, load_fit, map_page, write_results
from bayesmodel.data import CONCEALED
from bayesmodel.data.suppression import exposed
from bayesmodel.report.local_pages import LocalSite
from bayesmodel.report.map_content import map_content
from bayesmodel.study.parts import Publication
from bayesmodel.study.published_parts import Disclosure
from bayesmodel.testing import invented_fit

AREAS = 18
SMALL = {2: 7, 7: 4, 10: 3, 15: 5}
"""Small counts by row: those that the invented fit hides."""


def from_microdata(small=SMALL, **disclosure):
    """Return the invented fit as it would be from a study that reads every count as it is."""
    fit = invented_fit(areas=AREAS)
    areas = fit.counts.areas
    people = areas.population.to_numpy()
    cells = np.maximum(np.round(people * 0.11), np.minimum(12, people)).astype(int)
    cells[list(small)] = list(small.values())
    rule = {"publication": Publication(hidden_below=0), "disclosure": Disclosure(**disclosure)}
    published = pd.Series(cells.astype(str), areas.codes, name="published")
    read = replace(areas, study=fit.study.model_copy(update=rule), published=published)
    return replace(fit, counts=interpret_counts(read), provenance={"made_up": True})


def text_of(path):
    """Return everything in a file as text: parts of zipped files, values of columns and metadata."""
    if path.suffix in {".xlsx", ".docx"}:
        with zipfile.ZipFile(path) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in sorted(parts.namelist()))
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        return table.to_pandas().to_csv() + json.dumps(
            {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        )
    return path.read_text("utf-8")


def everything(fit, shapes, folder):
    """Write all formats; return their text by name, without the time at which a workbook was made."""
    folder.mkdir()
    write_results(fit, folder / "results")
    map_page(fit, shapes).write(folder / "map.html")
    country = country_of(fit, "gemeente")
    for ending in (".html", ".docx"):
        group_report(country, "GM0001").write(folder / f"report{ending}")
        area_sheet(country, "WK000102").write(folder / f"sheet{ending}")
    for name in ("areas", "compare"):
        page = LocalSite(country).page(name, "nl", {"code": ["GM0001"], "area": ["WK000102", "WK000200"]})
        (folder / f"{name}.html").write_bytes(page.body)
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".nc"]
    times = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")
    texts = {path.name: text_of(path) for path in paths}
    # sizes and digests of a workbook and of a saved fit follow their time, as does what lists them; all others stay
    timed = [path for path in folder.rglob("*") if path.suffix in {".nc", ".xlsx"} or path.name == "datapackage.json"]
    timed += [path for path in paths if times.search(texts[path.name])]
    following = [rf'"(bytes|contentSize)": "?{path.stat().st_size}\b' for path in timed]
    following += [sha256(path.read_bytes()).hexdigest() for path in timed]
    left_out = re.compile("|".join([times.pattern, *following]))
    return {name: left_out.sub("", text) for name, text in texts.items()}


@pytest.fixture(scope="module")
def squares():
    """A square for each area."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * 1000.0
    codes = invented_fit(areas=AREAS).counts.areas.codes
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [np.add(corners, (1000 * nth, 0)).tolist()]},
        }
        for nth, code in enumerate(codes)
    ]
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture(scope="module")
def written(squares, tmp_path_factory):
    """Texts of all formats of microdata, and the folder they are in."""
    folder = tmp_path_factory.mktemp("guard") / "one"
    return everything(from_microdata(), squares, folder), folder


def test_two_tables_that_are_published_alike_give_the_same_files(written, squares, tmp_path):
    """Small counts differ and nothing else does: no byte of any format may."""
    other = from_microdata({2: 0, 7: 1, 10: 9, 15: 6})
    assert exposed(other.counts) == 0
    found = everything(other, squares, tmp_path / "two")
    assert set(found) == set(written[0])
    for name, text in found.items():
        assert text == written[0][name], name


def test_the_saved_fit_holds_no_small_count_and_keeps_what_was_hidden(written):
    fit, back = from_microdata(), load_fit(written[1] / "results" / "fit.nc")
    assert back.counts.areas.suppression == fit.counts.areas.suppression
    rows = list(SMALL)
    assert set(back.counts.areas.published.iloc[rows]) == {"<10"}
    assert (back.counts.lower[rows] == 0).all()
    with h5netcdf.File(written[1] / "results" / "fit.nc") as file:
        assert "disclosure" not in file.groups["bayesmodel"].attrs


def test_all_formats_have_the_same_cells(written, squares):
    fit, results = from_microdata(), written[1] / "results"
    hidden = np.isin(fit.counts.status, CONCEALED)
    assert hidden.sum() > len(SMALL)
    plain = pd.read_csv(results / "wijken.csv", index_col=0)
    columns = ["status", "published_count", "actual_count", "count_lower", "count_upper"]
    columns += ["actual_count_lower", "actual_count_upper"]
    assert plain.loc[hidden, ["published_count", "actual_count"]].isna().all().all()
    dutch = pd.read_csv(results / "wijken-excel.csv", sep=";", decimal=",", index_col=0)
    parquet = pd.read_parquet(results / "wijken.parquet")
    parquet = parquet.set_index("wijk") if "wijk" in parquet else parquet
    for column in columns[1:]:
        expected = plain[column].to_numpy(dtype=float)
        np.testing.assert_allclose(parquet[column].to_numpy(dtype=float, na_value=np.nan), expected)
    assert len(dutch) == len(plain)
    content = map_content(fit, squares)
    assert [number is None for number in content["areas"]["published"]] == plain["published_count"].isna().tolist()
    assert content["areas"]["lower"] == plain["count_lower"].tolist()
    assert content["areas"]["upper"] == plain["count_upper"].tolist()
    assert content["draws"]["unsure"] == np.flatnonzero(plain["count_lower"] != plain["count_upper"]).tolist()
    book = openpyxl.load_workbook(results / "tables.xlsx", read_only=False)
    numbers = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "<10" not in numbers
    assert all(sheet.sheet_state == "visible" for sheet in book)


def test_results_of_counts_that_are_not_protected_say_so_in_every_file(squares, tmp_path):
    bare = from_microdata(protect=False)
    found = everything(bare, squares, tmp_path / "bare")
    packed = {"map.html"}  # looked at below
    alone = {"codebook.csv"}  # says what columns are, and holds no figure
    plain = {name for name in found if re.fullmatch(r"[a-z]+(-excel)?[.]csv", name)}  # their notes stand beside them
    for name in set(found) - packed - alone - plain:
        assert "NIET VOOR PUBLICATIE" in found[name], name
    content = map_content(bare, squares)["study"]
    assert content["marked"]
    assert "NOT FOR PUBLICATION" in content["notes"]["en"][0]
    about = json.loads((tmp_path / "bare" / "results" / "provenance.json").read_text("utf-8"))
    assert about["disclosure"]["protect"] is False
    assert about["disclosure"]["small_counts_shown"] == len(SMALL)
    with h5netcdf.File(tmp_path / "bare" / "results" / "fit.nc") as file:
        assert f" {len(SMALL)} " in file.groups["bayesmodel"].attrs["disclosure"]


def test_results_of_protected_counts_say_what_was_hidden(written):
    about = json.loads(written[0]["provenance.json"])
    assert about["disclosure"]["hidden_here"]["limit"] == 10
    assert len(about["disclosure"]["hidden_here"]["small"]) == len(SMALL)
    assert "voordat er gerekend is" in written[0]["lees-mij.txt"]
    assert "NIET VOOR PUBLICATIE" not in "".join(written[0].values())
