"""Polygons from a service: all pages, land only, sealed as tables are, named in the study; or the reason."""

import json
from dataclasses import replace

import pytest

from bayesmodel.boundaries import neighbours_of, read_boundaries
from bayesmodel.errors import ProtocolError, SnapshotError
from bayesmodel.sources import fetch, fetch_years, read_registry
from bayesmodel.sources.features import fetch_shapes
from bayesmodel.study import read_study
from benchmarks.sources.invented_shapes import ServedLayer, wijk_shapes
from benchmarks.sources.invented_tables import kwb
from benchmarks.sources.local_cbs import LocalCbs

WFS = "/cbs/wijkenbuurten/2024/wfs/v1_0"
ITEMS = "/cbs/wijken/ogc/v1/collections/wijken/items"


@pytest.fixture
def wijken(country):
    return wijk_shapes(country, columns=10)


def layer(features, **options):
    return ServedLayer("wijkenbuurten:wijken", features, **options)


@pytest.fixture
def ogc(small_registry):
    """The registry with polygons of 2024 at a service of OGC API Features."""
    source = small_registry.shapes[0]
    own = source.model_copy(
        update={"protocol": "ogc-features", "url": "https://example.org/cbs/wijken/ogc/v1", "layers": {2024: "wijken"}}
    )
    return small_registry.model_copy(update={"shapes": (source, own)})


@pytest.mark.parametrize("most", [1000, 7, 68])
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("protocol", ["wfs", "ogc-features"])
def test_all_pages_are_asked_for_and_water_is_left_out(
    wijken, country, asking, ogc, small_registry, most, counts, protocol
):
    registry, path = (small_registry, WFS) if protocol == "wfs" else (ogc, ITEMS)
    served = layer(wijken, most=most, counts=counts, protocol=protocol)
    with LocalCbs([], layers={path: served}) as server:
        sources = asking(server, registry=registry)
        found = fetch_shapes(registry.shapes_of(2024), 2024, sources)
        assert all("28992" in text for text in server.asked)
    assert list(found.snapshot.frame["wijk_code"]) == list(country.wijken)
    geometry = json.loads(found.snapshot.frame["geometry"].iloc[0])
    assert geometry == wijken[0]["geometry"]


def test_the_study_names_them_and_neighbours_are_known(tables, wijken, asking, tmp_path):
    """From nothing to polygons in one command."""
    with LocalCbs(tables.values(), layers={WFS: layer(wijken)}) as server:
        fetched = fetch("jeugdhulp", 2024, tmp_path / "out", asking(server))
    study = read_study(fetched.study)
    assert (study.boundaries.path, study.boundaries.code, study.boundaries.vintage) == (
        "wijken.geojson",
        "wijk_code",
        2024,
    )
    found = read_boundaries(tmp_path / "out" / study.boundaries.path, code=study.boundaries.code)
    assert (len(found), found.notes) == (60, ())
    assert neighbours_of(found).component_sizes == [60]
    assert not any("Without polygons" in note for note in fetched.notes)
    about = json.loads((tmp_path / "out" / "provenance.json").read_text("utf-8"))
    assert [table["purpose"] for table in about["tables"]] == ["kwb", "grenzen"]


def test_polygons_alone_are_fetched_too(wijken, asking, tmp_path):
    with LocalCbs([], layers={WFS: layer(wijken)}) as server:
        fetched = fetch("grenzen", 2024, tmp_path / "out", asking(server))
    assert fetched.study is None
    assert len(read_boundaries(fetched.table)) == 60


def test_the_second_time_needs_no_service_and_a_tampered_snapshot_is_refused(wijken, asking, tmp_path):
    with LocalCbs([], layers={WFS: layer(wijken)}) as server:
        first = fetch("grenzen", 2024, tmp_path / "one", asking(server))
    fetch("grenzen", 2024, tmp_path / "two", asking("http://127.0.0.1:9"))
    one, two = (tmp_path / name / "wijken.geojson" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    rows = first.tables[0].snapshot.folder / "rows.csv"
    rows.write_text(rows.read_text("utf-8").replace("120000", "120001", 1), "utf-8")
    with pytest.raises(SnapshotError, match=r"rows.csv"):
        fetch("grenzen", 2024, tmp_path / "three", asking("http://127.0.0.1:9"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"path": "/elsewhere"}, "There is nothing at"),
        ({"name": "wijken_v2"}, "was refused (status 400)"),
        ({"property": "wijk"}, "has no property wijkcode"),
        ({"features": 2}, "has 2 areas, where at least 3 are expected"),
        ({"features": 20}, "lacks 40 of the wijken, such as"),
        ({"mischief": "no rows"}, "gave no areas"),
        ({"mischief": "html"}, "the answer is no JSON"),
        ({"mischief": "500"}, "status 500"),
    ],
)
def test_without_polygons_there_is_a_study_all_the_same_with_the_reason(tables, wijken, asking, tmp_path, change, said):
    features = [each for each in wijken if each["properties"]["water"] == "NEE"][: change.get("features")]
    if "property" in change:
        features = [{**each, "properties": {change["property"]: each["properties"]["wijkcode"]}} for each in features]
    served = replace(layer(features), name=change.get("name", "wijkenbuurten:wijken"))
    with LocalCbs(tables.values(), layers={change.get("path", WFS): served}) as server:
        if "mischief" in change:
            server.misbehave("/wfs/", *[change["mischief"]] * 9)
        fetched = fetch("jeugdhulp", 2024, tmp_path / "out", asking(server))
    (note,) = [note for note in fetched.notes if note.startswith("Without polygons")]
    assert said in note
    assert read_study(fetched.study).boundaries is None
    assert not (tmp_path / "out" / "wijken.geojson").exists()


def test_a_year_without_an_address_says_so_and_asks_nobody(tables, asking, tmp_path):
    with LocalCbs(tables.values()) as server:
        fetched = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
        assert not any("wfs" in text for text in server.asked)
    assert "Without polygons: no address of those of 2017 is known (known: 2021-2025)." in fetched.notes


def test_a_few_wijken_without_a_polygon_are_named(tables, wijken, asking, tmp_path):
    with LocalCbs(tables.values(), layers={WFS: layer(wijken[2:])}) as server:
        fetched = fetch("jeugdhulp", 2024, tmp_path / "out", asking(server))
    assert "Without a polygon, 2: WK010000, WK010001." in fetched.notes
    assert read_study(fetched.study).boundaries is not None


def test_a_service_that_gives_the_same_page_again_and_again_is_stopped(wijken, asking, small_registry):
    class Stuck(ServedLayer):
        def answer(self, url, query):
            return super().answer(url, {**query, "startIndex": "0"})

    stuck = Stuck("wijkenbuurten:wijken", wijken, most=7, counts=False)
    with LocalCbs([], layers={WFS: stuck}) as server, pytest.raises(ProtocolError, match="again and again"):
        fetch_shapes(small_registry.shapes_of(2024), 2024, asking(server))


def test_years_are_followed_by_their_polygons(country, wijken, asking, small_registry, tmp_path):
    """A wijk that only got another code is followed, which name and people alone do not say."""
    code, other = country.wijken[3], "WK010099"
    renamed = replace(
        country,
        wijken=[other if each == code else each for each in country.wijken],
        names={**country.names, other: country.names[code]},
    )
    registry = small_registry.with_table("kwb", 2023, "1NED")
    layers = {WFS: layer(wijk_shapes(renamed, columns=10)), WFS.replace("2024", "2023"): layer(wijken)}
    with LocalCbs([kwb(country, 2023, "1NED"), kwb(renamed, 2024)], layers=layers) as server:
        found = fetch_years("jeugdhulp", (2023, 2024), tmp_path / "out", asking(server, registry=registry))
    assert found.followed[0].codes[code] == other
    assert len(found.followed[0].codes) == 60


def test_the_built_in_addresses_are_of_years_that_were_seen():
    registry = read_registry()
    assert registry.shape_years("grenzen") == (2021, 2022, 2023, 2024, 2025)
    assert registry.shapes_of(2020) is None
    assert set(registry.unknown_years("grenzen")) == set(range(2014, 2021))
