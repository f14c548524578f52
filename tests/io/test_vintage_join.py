"""Tables of other vintages: refused with what shows it, brought over where asked and marked; the real Almere."""

import pandas as pd
import pytest
import shapely
from geopandas import GeoDataFrame

from bayesmodel.errors import DataError, StudyError
from bayesmodel.io.join import join_tables
from bayesmodel.io.read import read_areas
from bayesmodel.study import study_from

LABEL = {"nl": "jongeren", "en": "young people"}
BASE = "wijk,gm,naam,inwoners,n,jongeren\n" + "".join(
    f"WK00340{each},GM0034,Wijk {name},{people},12,300\n"
    for each, name, people in ((1, "Haven", 1600), (2, "Stad", 950), (3, "Buiten", 5000), (4, "Oost", 720))
)
OTHER = "wijk,naam,inwoners,p_bijstand\n" + "".join(
    f"WK00340{each},Wijk {name},{people},{each}.5\n"
    for each, name, people in ((1, "Haven", 24_000), (2, "Stad", 900), (3, "Buiten", 4900), (4, "Oost", 700))
)


def study(folder, files, second, *, year=2022, **others):
    """Return a study of a base table and another one."""
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return study_from(
        {
            "name": "two years",
            "area": "wijk",
            "folder": str(folder),
            "outcome": {"count": LABEL, "population": LABEL, "year": year, "vintage": year},
            "tables": [{"path": "base.csv", "key": "wijk", "code": "wijk"}, second],
            "columns": {"area": "wijk", "area_name": "naam", "count": "n", "population": "jongeren"},
            "publication": {"hidden_below": 10, "hidden_symbols": ["."]},
        }
        | others
    )


def test_codes_of_another_year_are_refused_with_those_that_mean_another_area(tmp_path):
    table = {"path": "other.csv", "key": "wijk", "code": "wijk", "vintage": 2021, "columns": ["p_bijstand"]}
    with pytest.raises(DataError) as caught:
        join_tables(study(tmp_path, {"base.csv": BASE, "other.csv": OTHER}, table))
    (fault,) = caught.value.faults
    assert fault.found == "codes of 2021 (1 code means another area in it)"
    assert list(fault.rows) == ["WK003401"]
    assert "bridge" in fault.advice


def test_they_are_refused_even_where_all_seem_the_same(tmp_path):
    """A code belongs to its year, whatever it looks like."""
    table = {"path": "other.csv", "key": "wijk", "code": "wijk", "vintage": 2021, "columns": ["p_bijstand"]}
    bare = "wijk,p_bijstand\n" + "".join(f"WK00340{each},{each}.5\n" for each in range(1, 5))
    with pytest.raises(DataError, match="the same codes, which does not make them the same areas"):
        join_tables(study(tmp_path, {"base.csv": BASE, "other.csv": bare}, table))
    own = join_tables(study(tmp_path, {"base.csv": BASE, "other.csv": bare}, table | {"vintage": 2022}))
    assert own.frame["p_bijstand"].tolist() == ["1.5", "2.5", "3.5", "4.5"]


def test_a_table_kept_by_another_year_is_refused_where_its_codes_show_it(tmp_path):
    """Nobody said a vintage: the year that its rows are kept by does."""
    years = "wijk,jaar,p_bijstand\n" + "".join(
        f"WK0034{each:02},{year},{each}.5\n" for year, last in ((2021, 2), (2022, 4)) for each in range(1, last + 1)
    )
    table = {"path": "years.csv", "key": "wijk", "code": "wijk", "columns": ["p_bijstand"], "where": {"jaar": "2021"}}
    with pytest.raises(DataError) as caught:
        join_tables(study(tmp_path, {"base.csv": BASE, "years.csv": years}, table))
    assert caught.value.faults[0].found == "codes of 2021 (2 codes of the study are not in it)"
    assert join_tables(study(tmp_path, {"base.csv": BASE, "years.csv": years}, table | {"where": {"jaar": "2022"}}))


def test_figures_of_another_year_on_the_same_boundaries_are_joined_and_said(tmp_path):
    years = "wijk,jaar,p_bijstand\n" + "".join(f"WK0034{each:02},2021,{each}.5\n" for each in range(1, 5))
    table = {"path": "years.csv", "key": "wijk", "code": "wijk", "columns": ["p_bijstand"], "where": {"jaar": "2021"}}
    found = join_tables(study(tmp_path, {"base.csv": BASE, "years.csv": years}, table))
    assert found.frame["p_bijstand"].tolist() == ["1.5", "2.5", "3.5", "4.5"]
    assert any("kept by the year 2021" in note for note in found.notes)
    stated = join_tables(study(tmp_path, {"base.csv": BASE, "years.csv": years}, table | {"vintage": 2022}))
    assert not any("kept by the year" in note for note in stated.notes)


CHANGES = "Bestaan tot;Oude;Nieuwe\n1-1-2022;GM0010;GM0034\n1-1-2022;GM0011;GM0034\n"
GEMEENTEN = "code,inwoners,bijstand,p_oud\nGM0010,1000,50,10\nGM0011,3000,70,20\nGM0099,9000,70,30\n"


def test_gemeenten_that_merged_are_added_up(tmp_path):
    """Exact: sums are sums, a share is weighted by the people it is of, and nothing is called approximate."""
    bridge = {"through": "mergers", "changes": "changes.csv", "sums": ["bijstand"], "means": {"p_oud": "inwoners"}}
    table = {"path": "gm.csv", "key": "code", "on": "gm", "code": "gemeente", "vintage": 2021, "bridge": bridge}
    files = {"base.csv": BASE, "gm.csv": GEMEENTEN, "changes.csv": CHANGES}
    found = join_tables(study(tmp_path, files, table))
    assert set(found.frame["bijstand"]) == {"120"}
    assert set(found.frame["p_oud"]) == {"17.5"}
    assert any("Through mergers of gemeenten: GM0010, GM0011" in note for note in found.notes)
    assert not any("approximate" in note for note in found.notes)


@pytest.fixture
def maps(tmp_path):
    """Two old areas of a kilometre; the second was cut in three, and the codes were given anew."""
    old = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 2000, 1000)]
    new = [
        old[0],
        *(shapely.box(1000 + left, 0, 1000 + right, 1000) for left, right in ((0, 500), (500, 750), (750, 1000))),
    ]
    for name, shapes in (("old", old), ("new", new)):
        codes = [f"WK00340{each}" for each in range(1, len(shapes) + 1)]
        GeoDataFrame({"wijkcode": codes}, geometry=shapes, crs="EPSG:28992").to_file(tmp_path / f"{name}.gpkg")
    return tmp_path


OLD = "wijk,inwoners,bijstand,p_oud\nWK003401,1000,50,10\nWK003402,2000,80,20\n"


def areas_of(folder, **bridge):
    how = {"through": "areas", "old": "old.gpkg", "sums": ["bijstand"], "means": {"p_oud": "inwoners"}} | bridge
    table = {"path": "other.csv", "key": "wijk", "code": "wijk", "vintage": 2021, "bridge": how}
    determinants = [{"column": "bijstand", "label": {"nl": "bijstand", "en": "assistance"}}, {"column": "p_oud"}]
    asked = study(
        folder, {"base.csv": BASE, "other.csv": OLD}, table, determinants=determinants, boundaries={"path": "new.gpkg"}
    )
    return read_areas(asked)


def test_areas_that_were_cut_are_divided_by_their_surface_and_called_approximate(maps):
    areas = areas_of(maps)
    assert areas.determinants["bijstand"].tolist() == [50, 40, 20, 20]
    assert areas.determinants["p_oud"].tolist() == [10, 20, 20, 20]
    assert any("approximate on these boundaries, as areas were cut: bijstand, p_oud" in note for note in areas.notes)
    labels = {part.column: part.label.en for part in areas.study.determinants}
    assert labels == {
        "bijstand": "assistance (approximate, boundaries of 2021)",
        "p_oud": "p_oud (approximate, boundaries of 2021)",
    }


def test_bounds_stand_beside_sums(maps):
    table = {
        "path": "other.csv",
        "key": "wijk",
        "code": "wijk",
        "vintage": 2021,
        "bridge": {"through": "areas", "old": "old.gpkg", "new": "new.gpkg", "sums": ["bijstand"]},
    }
    found = join_tables(study(maps, {"base.csv": BASE, "other.csv": OLD}, table)).frame
    assert found["bijstand_lower"].tolist() == ["50", "0", "0", "0"]
    assert found["bijstand_upper"].tolist() == ["50", "80", "80", "80"]


def test_people_are_where_smaller_areas_say(maps):
    """All of the second area live in its last quarter."""
    small = [shapely.box(0, 0, 1750, 1000), shapely.box(1750, 0, 2000, 1000)]
    frame = GeoDataFrame(
        {"buurtcode": ["BU00340101", "BU00340201"], "mensen": [0, 90]}, geometry=small, crs="EPSG:28992"
    )
    frame.to_file(maps / "small.gpkg")
    areas = areas_of(maps, finer="small.gpkg", finer_people="mensen")
    assert areas.determinants["bijstand"].tolist()[3] == 80
    with pytest.raises(DataError, match="no column people"):
        areas_of(maps, finer="small.gpkg", finer_people="people")


def test_what_is_counted_is_not_brought_over(maps):
    """Bounds of a count are no number in a cell: that is said."""
    table = {
        "path": "other.csv",
        "key": "wijk",
        "code": "wijk",
        "vintage": 2021,
        "bridge": {"through": "areas", "old": "old.gpkg", "new": "new.gpkg", "sums": ["n", "nosuch"]},
    }
    with pytest.raises(DataError) as caught:
        join_tables(study(maps, {"base.csv": BASE, "other.csv": OLD.replace("bijstand", "n")}, table))
    assert {fault.found for fault in caught.value.faults} == {"n", "no column nosuch"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"bridge": {"through": "mergers", "sums": ["x"]}}, "needs changes"),
        ({"bridge": {"through": "areas", "sums": ["x"]}}, "needs old"),
        ({"bridge": {"through": "areas", "old": "a.gpkg"}}, "sums, means or both"),
        ({"bridge": {"through": "areas", "old": "a", "finer": "b", "sums": ["x"]}}, "go together"),
        ({"bridge": {"through": "areas", "old": "a", "sums": ["x"]}, "vintage": None}, "bridge needs vintage"),
    ],
)
def test_a_bridge_says_all_that_it_needs(tmp_path, change, said):
    table = {"path": "other.csv", "key": "wijk", "vintage": 2021} | change
    with pytest.raises(StudyError, match=said):
        study(tmp_path, {}, {key: value for key, value in table.items() if value is not None})


def test_polygons_and_the_first_table_are_of_the_year_of_the_study(tmp_path):
    table = {"path": "other.csv", "key": "wijk", "code": "wijk"}
    with pytest.raises(StudyError, match=r"boundaries.vintage is 2021, and outcome.vintage 2022"):
        study(tmp_path, {}, table, boundaries={"path": "a.gpkg", "vintage": 2021})
    base = {"path": "base.csv", "key": "wijk", "code": "wijk", "vintage": 2021}
    with pytest.raises(StudyError, match=r"tables\[0\].vintage is 2021"):
        study(tmp_path, {}, table, tables=[base])


def test_almere_of_2021_is_not_joined_to_2022(shared_data, tmp_path):
    """WK003401 is one of 6 districts until 2021, and one of 71 wijken after."""
    file = shared_data / "cbs_kwb_almere" / "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv"
    base = {"path": str(file), "key": "regio_code", "code": "wijk", "keep": "codes", "where": {"jaar": "2022"}}
    values = {
        "name": "almere",
        "area": "wijk",
        "outcome": {"count": LABEL, "population": LABEL, "year": 2022, "vintage": 2022},
        "columns": {"area": "regio_code", "count": "jongeren_jeugdzorg", "population": "inw_0_14"},
        "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
    }
    pd.read_csv(file, dtype=str).rename(columns={"bijstand": "bijstand_eerder"}).to_csv(tmp_path / "a.csv", index=False)
    earlier = base | {"path": str(tmp_path / "a.csv"), "columns": ["bijstand_eerder"], "where": {"jaar": "2021"}}
    with pytest.raises(DataError) as caught:
        join_tables(study_from(values | {"tables": [base, earlier]}))
    (fault,) = caught.value.faults
    assert fault.found == "codes of 2021 (6 codes mean another area in it; 65 codes of the study are not in it)"
    assert list(fault.rows)[:6] == [f"WK00340{each}" for each in range(1, 7)]
    assert join_tables(study_from(values | {"tables": [base, earlier | {"where": {"jaar": "2023"}}]}))
