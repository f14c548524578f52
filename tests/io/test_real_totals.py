"""Totals in real files: gemeenten and the country between wijken, padded codes, several years, buurten."""

import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.remark import RemarkKind
from bayesmodel.io import read_areas
from bayesmodel.study import study_from

LABEL = {"nl": "jongeren", "en": "young people"}


def counts_of(folder, table, columns, area="wijk", levels=()):
    """Read a file of rounded counts without exclusions."""
    year = int(next(iter(table.get("where", {}).values()), "2021")[-4:])
    study = study_from(
        {
            "name": "real",
            "area": area,
            "folder": str(folder),
            "outcome": {"count": LABEL, "population": LABEL, "year": year, "vintage": year},
            "tables": [{"code": area, "keep": "codes"} | table],
            "columns": dict(zip(("area", "count", "population"), columns, strict=True)),
            "levels": list(levels),
            "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": ["", "."]},
        }
    )
    return interpret_counts(read_areas(study))


@pytest.fixture(scope="module")
def national(shared_data):
    """The country, its gemeenten and its wijken of 2021; the level holds names, not codes."""
    return counts_of(
        shared_data / "cbs_kwb_2021",
        {"path": "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz", "key": "gwb_code_10"},
        ("gwb_code_10", "TotaalJongerenMetJeugdzorgInNatura_1", "a_inw"),
        levels=[{"name": "gemeente", "column": "gm_naam"}],
    )


def test_every_gemeente_has_its_own_row(national):
    totals = national.totals[national.totals["level"] == "gemeente"]
    assert len(totals) == totals["group"].nunique() == 352
    assert totals["covered"].between(0.99, 1.01).all()
    assert (totals["upper"] >= totals["placed_lower"]).all()
    row = totals.set_index("group").loc["Almere"]
    assert row[["code", "lower", "upper"]].tolist() == ["GM0034", 6553, 6557]
    assert 0.28 < row["unplaced_lower"] / row["upper"] < row["unplaced_upper"] / row["upper"] < 0.3


def test_the_row_of_the_country_which_is_blank_tells_nothing(national):
    country = national.totals[national.totals["level"] == "country"]
    assert country["status"].tolist() == ["missing"]


def test_one_remark_says_what_is_in_no_wijk_and_none_cries_wolf(national):
    found = [each for each in national.remarks if each.where == "gm_naam"]
    assert [each.kind for each in found] == [RemarkKind.UNPLACED]
    assert "463,570" in found[0].text.en
    assert "Almere" in found[0].areas


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (
            {"path": "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv", "key": "regio_code", "where": {"jaar": "2023"}},
            ("regio_code", "jongeren_jeugdzorg", "inwoners"),
        ),
        (
            # its codes are padded with spaces: "GM0034    "
            {"path": "almere_kwb_2018_2025_raw.csv", "key": "WijkenEnBuurten", "where": {"Peildatum": "1-1-2023"}},
            ("WijkenEnBuurten", "JongerenMetJeugdzorgInNatura_96", "AantalInwoners_5"),
        ),
    ],
)
def test_one_gemeente_alone_is_the_whole_study(shared_data, table, columns):
    counts = counts_of(shared_data / "cbs_kwb_almere", table, columns)
    (row,) = counts.totals.to_dict("records")
    assert (row["level"], row["code"], row["lower"], row["upper"]) == ("country", "GM0034", 7158, 7162)
    assert row["unplaced_lower"] > 800
    assert RemarkKind.UNPLACED in [each.kind for each in counts.remarks]


def test_buurten_have_the_totals_of_their_wijken(shared_data):
    counts = counts_of(
        shared_data / "cbs_kwb_almere",
        {"path": "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv", "key": "regio_code", "where": {"jaar": "2021"}},
        ("regio_code", "jongeren_jeugdzorg", "inwoners"),
        area="buurt",
        levels=[{"name": "wijk", "column": "wijk_code"}],
    )
    levels = pd.Series(counts.totals["level"]).value_counts().to_dict()
    assert levels == {"wijk": 6, "country": 1}
    assert sorted(counts.totals["code"].str[:2]) == ["GM", *["WK"] * 6]
