"""From a purpose and a year to a study that runs; joins within one year only; a registry one may add to."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.errors import (
    ChangedTableError,
    OutputError,
    StudyError,
    UnknownNameError,
    UnknownTableError,
    UnreachableError,
)
from bayesmodel.io import read_areas
from bayesmodel.messages import speaking
from bayesmodel.sources import fetch, fetch_table, read_registry
from bayesmodel.sources.fetch import STUDY
from bayesmodel.sources.known_tables import DeterminantSource, in_runs
from bayesmodel.sources.study_file import WIJKEN
from bayesmodel.sources.study_table import NOT_DELIVERED, _determinant
from bayesmodel.study import Label, read_study
from benchmarks.sources.invented_tables import areas, invented_country, kwb, published, youth_care
from benchmarks.sources.local_cbs import LocalCbs


@pytest.fixture
def study_folder(server, asking, tmp_path):
    fetch("jeugdhulp", 2017, tmp_path / "jeugdhulp", asking(server))
    return tmp_path / "jeugdhulp"


def table_of(folder):
    return pd.read_csv(folder / WIJKEN, dtype=str, keep_default_na=False).set_index("wijk_code")


def counts_of(folder):
    return interpret_counts(read_areas(read_study(folder / STUDY)))


def test_youth_care_with_stay_is_a_subject_of_its_own(server, country, asking, tmp_path):
    fetch("verblijf", 2017, tmp_path / "out", asking(server))
    counts = counts_of(tmp_path / "out")
    truth = (country.cared * 0.1).astype(int)[[country.wijken.index(code) for code in counts.areas.codes]]
    assert ((counts.lower <= truth) & (truth <= counts.upper)).all()
    assert counts.study.outcome.count.en == "young people under 23 with youth care with stay"
    assert (counts.study.publication.hidden_below, counts.study.publication.rounded_to) == (8, 5)


@pytest.mark.parametrize("versions", [("v3",), ("v4",)])
def test_a_study_holds_the_counts_and_people_of_its_country(tables, country, asking, tmp_path, versions):
    """In either protocol: exact bounds around every true count, hidden ones 0 to 7."""
    with LocalCbs(tables.values(), versions) as server:
        fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    counts = counts_of(tmp_path / "out")
    order = [country.wijken.index(code) for code in counts.areas.codes]
    truth = country.cared[order]
    assert len(counts.areas) == 60
    assert ((counts.lower <= truth) & (truth <= counts.upper)).all()
    assert (counts.status == "suppressed").sum() == sum(cell is None for cell in published(country.cared))
    assert (counts.areas.population.to_numpy() == country.young[order]).all()
    assert (counts.areas.levels["gemeente"].str[2:] == pd.Series(counts.areas.codes).str[2:6].to_numpy()).all()
    assert counts.areas.levels["jeugdzorgregio"].nunique() == 3
    assert len(counts.areas.totals) == 8, "rows of gemeenten are totals"


def test_the_study_is_whole_and_says_where_all_came_from(study_folder):
    text = (study_folder / STUDY).read_text("utf-8")
    study = read_study(study_folder / STUDY)
    assert (study.outcome.year, study.outcome.vintage, study.level_names) == (
        2017,
        2017,
        ("gemeente", "jeugdzorgregio"),
    )
    assert "?" not in {value for value in study.model_dump().values() if isinstance(value, str)}
    assert all(table in text for table in ("83782NED", "83765NED", "83553NED", "CC BY 4.0", "CHECK"))
    assert study.publication.hidden_symbols == ("", ".")  # of v4, which leaves secret cells out
    provenance = json.loads((study_folder / "provenance.json").read_text("utf-8"))
    assert [table["purpose"] for table in provenance["tables"]] == ["jeugdhulp", "kwb", "gebieden"]
    assert all(len(sealed) == 64 for table in provenance["tables"] for sealed in table["files"].values())


def test_dots_are_hidden_and_blanks_are_not_known_where_they_differ(tables, asking, tmp_path):
    with LocalCbs(tables.values(), ("v3",)) as server:
        fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    publication = read_study(tmp_path / "out" / STUDY).publication
    assert (publication.hidden_symbols, publication.missing_symbols) == ((".",), ("", NOT_DELIVERED))


def test_determinants_are_those_of_the_set_and_shares_are_what_they_say(study_folder, tables):
    frame = table_of(study_folder)
    study = read_study(study_folder / STUDY)
    assert {each.column for each in study.determinants} <= set(frame.columns)
    names = {each.name for each in read_registry().determinants_of("jeugdhulp", 2017)}
    assert {each.column for each in study.determinants} == names
    assert "p_niet_westers" in names
    assert "p_buiten_europa" not in names
    rows = {row["WijkenEnBuurten"]: row for row in tables["kwb"].rows}
    for code in frame.index[:10]:
        row = rows[code]
        expected = 100 * row["PersonenPerSoortUitkeringBijstand_94"] / row["AantalInwoners_5"]
        assert float(frame.loc[code, "p_bijstand"]) == pytest.approx(expected, abs=0.005)
        assert frame.loc[code, "woningwaarde"] == f"{row['GemiddeldeWOZWaardeVanWoningen_39']:.0f}"


def test_without_a_table_of_its_own_counts_are_those_of_kwb(server, asking, country, tmp_path):
    fetched = fetch("jeugdhulp", 2024, tmp_path / "out", asking(server))
    assert [table.purpose for table in fetched.tables] == ["kwb"]
    assert any("no table of jeugdhulp of its own" in note for note in fetched.notes)
    assert any("Without youth-care regions" in note for note in fetched.notes)
    assert read_study(fetched.study).level_names == ("gemeente",)
    truth = dict(zip(country.wijken, published(country.cared), strict=True))
    found = table_of(tmp_path / "out")["jeugdhulp"]
    assert {code: None if found[code] in ("", ".") else float(found[code]) for code in country.wijken} == truth


def test_wmo_is_a_study_too(server, asking, tmp_path):
    fetched = fetch("wmo", 2024, tmp_path / "out", asking(server))
    study = read_study(fetched.study)
    assert (study.columns.count, study.columns.population) == ("wmo", "inwoners")
    assert len(counts_of(tmp_path / "out").areas) == 60


def test_a_wijk_that_the_counts_lack_is_not_delivered(tables, asking, tmp_path):
    whole = tables["counts"]
    lost = "WK010001"
    without = replace(
        whole,
        rows=[row for row in whole.rows if row["Wijken"] != lost],
        dimensions={**whole.dimensions, "Wijken": [each for each in whole.dimensions["Wijken"] if each[0] != lost]},
    )
    with LocalCbs([without, tables["kwb"], tables["areas"]]) as server:
        fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    assert table_of(tmp_path / "out").loc[lost, "jeugdhulp"] == NOT_DELIVERED
    counts = counts_of(tmp_path / "out")
    assert counts.status[list(counts.areas.codes).index(lost)] == "missing"


@pytest.mark.parametrize("versions", [("v3",), ("v4",)])
def test_a_gemeente_that_delivered_nothing_is_predicted_and_not_read_as_hidden(tables, asking, tmp_path, versions):
    whole, column = tables["counts"], "TotaalJongerenMetJeugdzorgInNatur_1"
    silent, small = (code[0][2:6] for code in whole.dimensions["Wijken"] if code[0] in ("GM0104", "GM0108"))
    lost = {(index, column): None for index, row in enumerate(whole.rows) if row["Wijken"][2:6] == silent}
    with LocalCbs([whole.with_cells(lost, "2018"), tables["kwb"], tables["areas"]], versions) as server:
        fetched = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    study, counts = read_study(fetched.study), counts_of(tmp_path / "out")
    assert study.delivery.none == (f"GM{silent}",)
    inside = counts.areas.levels["gemeente"] == f"GM{silent}"
    assert inside.sum() > 1
    assert (counts.status[inside.to_numpy()] == "missing").all()
    assert not (counts.status[(counts.areas.levels["gemeente"] == f"GM{small}").to_numpy()] == "missing").any()
    assert f"GM{silent}" not in set(counts.totals["group"])
    assert any("Delivered nothing" in note and f"GM{silent}" in note for note in fetched.notes)
    assert "CHECK: their own row has no count" in fetched.study.read_text("utf-8")


def test_wijken_of_another_year_are_not_joined(tables, asking, tmp_path):
    other = kwb(invented_country(wijken=90, gemeenten=9, seed=3), 2017, "83765NED")
    with (
        LocalCbs([tables["counts"], other, tables["areas"]]) as server,
        pytest.raises(ChangedTableError, match="another area in another year"),
    ):
        fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    assert not (tmp_path / "out").exists()


def test_regions_of_other_gemeenten_are_left_out_with_the_reason(tables, asking, tmp_path):
    other = areas(invented_country(wijken=60, gemeenten=6), 2017)
    with LocalCbs([tables["counts"], tables["kwb"], other]) as server:
        fetched = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    assert any("Without youth-care regions: 83553NED has none of GM0124" in note for note in fetched.notes)
    assert read_study(fetched.study).level_names == ("gemeente",)


def test_a_column_that_kwb_has_no_more_is_left_out_and_said(tables, asking, tmp_path):
    less = tables["kwb"].without("Omgevingsadressendichtheid_128")
    with LocalCbs([tables["counts"], less, tables["areas"]]) as server:
        fetched = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    assert any("Without adressendichtheid" in note for note in fetched.notes)
    assert "adressendichtheid" not in table_of(tmp_path / "out")


def test_a_column_it_cannot_do_without_stops_it_in_one_message(tables, asking, tmp_path):
    less = tables["kwb"].without("k_0Tot15Jaar_8").without("AantalInwoners_5")
    with LocalCbs([tables["counts"], less, tables["areas"]]) as server, pytest.raises(ChangedTableError) as caught:
        fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    assert "k_0Tot15Jaar" in str(caught.value)
    assert "AantalInwoners" in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_year_without_key_figures_gives_its_table_with_names(server, asking, tmp_path):
    fetched = fetch("jeugdhulp", 2025, tmp_path / "out", asking(server))
    assert fetched.study is None
    assert any("kwb" in note for note in fetched.notes)
    frame = pd.read_csv(fetched.table, dtype=str, keep_default_na=False)
    assert list(frame.columns[:4]) == ["code", "naam", "gemeente_code", "gemeente_naam"]
    assert len(frame) == 68
    assert frame.set_index("code").loc["WK010001", "gemeente_naam"] == "Gemeente 0100"
    assert any("Provisional" in text for text in fetched.sentences())


def test_the_second_time_needs_no_service(server, asking, tmp_path):
    first = fetch("jeugdhulp", 2017, tmp_path / "one", asking(server))
    second = fetch("jeugdhulp", 2017, tmp_path / "two", asking("http://127.0.0.1:9"))
    assert (tmp_path / "one" / WIJKEN).read_bytes() == (tmp_path / "two" / WIJKEN).read_bytes()
    assert [table.snapshot for table in first.tables] == [table.snapshot for table in second.tables]
    assert sum("the snapshot of" in text for text in asking.told) == 3


def test_a_refresh_reports_each_cell_that_was_revised(tables, asking, tmp_path):
    at = next(
        number
        for number, row in enumerate(tables["counts"].rows)
        if row["Wijken"] == "WK010000" and (row["Vormen"], row["Perioden"]) == ("T001203", "2017JJ00")
    )
    key = "TotaalJongerenMetJeugdzorgInNatur_1"
    with LocalCbs(tables.values()) as server:
        fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
        server.tables["83782NED"] = tables["counts"].with_cells({(at, key): 4000.0}, "2019-01-01T00:00:00")
        again = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server, refresh=True), force=True)
    (cell,) = again.tables[0].revision.cells.to_dict(orient="records")
    assert (cell["after"], cell["codes"].split()[0]) == ("4000", "WK010000")
    assert any("1 cell changed since" in text for text in again.sentences())
    assert any("83765NED is as it was" in text for text in again.sentences())
    assert table_of(tmp_path / "out").loc["WK010000", "jeugdhulp"] == "4000"


def test_a_refresh_that_fails_keeps_the_snapshot(server, asking, tmp_path):
    fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    with pytest.raises(UnreachableError):
        fetch("jeugdhulp", 2017, tmp_path / "new", asking("http://127.0.0.1:9", refresh=True))
    assert not (tmp_path / "new").exists()
    fetch("jeugdhulp", 2017, tmp_path / "new", asking("http://127.0.0.1:9"))


def test_an_older_folder_is_replaced_only_when_asked(server, asking, study_folder):
    with pytest.raises(OutputError, match="--force"):
        fetch("jeugdhulp", 2017, study_folder, asking(server))
    fetch("jeugdhulp", 2017, study_folder, asking(server), force=True)


@pytest.mark.parametrize("year", [2018, 2022, 1999])
def test_a_year_of_which_nothing_is_known_asks_nobody(asking, tmp_path, year):
    registry = read_registry().model_copy(update={"tables": read_registry().tables[:1]})
    known = in_runs(registry.known_years("jeugdhulp"))
    with pytest.raises(UnknownTableError, match=f"{known}.*--table jeugdhulp="):
        fetch("jeugdhulp", year, tmp_path / "out", asking("http://127.0.0.1:9", registry=registry))


def test_a_purpose_that_is_unknown_gets_a_suggestion(asking, tmp_path):
    with pytest.raises(UnknownNameError, match="jeugdhulp"):
        fetch("jeugdhulpp", 2017, tmp_path / "out", asking("http://127.0.0.1:9"))


def test_a_table_that_the_user_names_makes_a_study(tables, country, asking, small_registry, tmp_path):
    """Of 2023 no identifier is known; with two given there is a study."""
    registry = small_registry.with_table("kwb", 2023, "1NED").with_table("jeugdhulp", 2023, "2NED")
    served = [kwb(country, 2023, "1NED"), youth_care(country, 2023, "2NED")]
    with LocalCbs(served) as server:
        fetched = fetch("jeugdhulp", 2023, tmp_path / "out", asking(server, registry=registry))
    assert read_study(fetched.study).outcome.vintage == 2023
    assert any("Without youth-care regions: CBS has no table 85385NED" in note for note in fetched.notes)


OWN = """
[purposes.pleegzorg]
label = { nl = "pleegzorg per wijk", en = "foster care per wijk" }
years = [2020, 2022]
regions = ["Wijken"]
prefixes = ["WK"]

[[tables]]
purpose = "pleegzorg"
ids = { 2021 = "12345NED" }

[[tables]]
purpose = "jeugdhulp"
ids = { 2017 = "99999NED", 2023 = "85700NED" }
protocol = "v3"
"""


def test_a_file_of_ones_own_adds_and_replaces(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    registry = read_registry(tmp_path / "own.toml")
    assert registry.need("pleegzorg", 2021) == "12345NED"
    assert registry.need("jeugdhulp", 2017) == "99999NED"
    assert registry.need("jeugdhulp", 2016) == "83563NED"
    assert (registry.protocol("jeugdhulp", 2017), registry.protocol("jeugdhulp", 2016)) == ("v3", "auto")
    assert 2023 not in registry.unknown_years("jeugdhulp")
    assert read_registry().need("jeugdhulp", 2017) == "83782NED", "the built-in one is as it was"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[purposes.x]\nlabels = 1\n", ["purposes.x.labels", "purposes.x.label", "purposes.x.years"]),
        (
            '[[tables]]\npurpose = "kwb"\nids = { often = "1NED" }\nprotocol = "v5"\n',
            ["ids.often", "tables.0.protocol"],
        ),
        ("not toml", ["no TOML"]),
    ],
)
def test_faults_of_a_file_of_ones_own_are_said_all_at_once(tmp_path, text, said):
    (tmp_path / "own.toml").write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        read_registry(tmp_path / "own.toml")
    assert all(words in str(caught.value) for words in said)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StudyError, match="no such file"):
        read_registry(tmp_path / "none.toml")


def test_the_registry_holds_together():
    """Every table has a purpose, every study its determinants and blocks, and nothing is known of the years without."""
    registry = read_registry()
    assert {tables.purpose for tables in registry.tables} <= set(registry.purposes)
    assert set(registry.studies) <= set(registry.purposes)
    for name, kind in registry.purposes.items():
        assert set(registry.known_years(name)) <= set(range(kind.years[0], kind.years[1] + 1))
        assert not set(registry.known_years(name)) & set(registry.unknown_years(name))
    for study in registry.studies.values():
        assert {each.block for each in registry.determinants[study.determinants]} <= set(registry.blocks)
    forms = {"verblijf": "jeugdhulp"}  # a form of care in the same tables
    identifiers = [
        table for name in registry.purposes for table in registry.identifiers(name).values() if name not in forms
    ]
    assert len(identifiers) == len(set(identifiers))
    assert all(registry.identifiers(form) == registry.identifiers(whole) for form, whole in forms.items())
    assert in_runs(registry.study_years("jeugdhulp")) == "2015-2019, 2024"


def test_the_table_of_a_purpose_has_all_its_columns(server, asking):
    fetched = fetch_table("kwb", 2017, asking(server))
    assert len(fetched.metadata.topics) == len(fetched.snapshot.frame.columns) - 1
    assert fetched.tidy()["gemeente_code"].str.fullmatch(r"GM\d{4}").all()


def test_the_study_speaks_the_language_of_the_user(server, asking, tmp_path):
    with speaking("nl"):
        fetched = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server))
    assert "NAKIJKEN" in fetched.study.read_text("utf-8")


@pytest.mark.slow
def test_a_whole_country_from_nothing_to_results(asking, tmp_path):
    """3,300 wijken and 342 gemeenten: one command to fetch, one to fit, no question, and it converges."""
    from bayesmodel import fit

    country = invented_country()
    served = [youth_care(country), kwb(country, 2017, "83765NED"), areas(country)]
    with LocalCbs(served, ("v3",)) as server:
        fetched = fetch("jeugdhulp", 2017, tmp_path / "out", asking(server, registry=read_registry()))
    study = read_study(fetched.study)
    found = fit(study.model_copy(update={"inference": study.inference.model_copy(update={"engine": "laplace"})}))
    assert found.diagnostics.converged
    assert len(found.counts.areas) == 3300
    assert len(found.verdicts().summary()) == 3300


def test_a_share_of_rounded_counts_is_at_most_100():
    """A part that was rounded up may be above a whole that was rounded down."""

    class Rounded:
        def column(self, names, group=""):
            return pd.Series({"part": ["10", "5"], "whole": ["5", "10"]}[names[0]])

    source = DeterminantSource(name="p_part", label=Label(nl="deel", en="part"), column="part", share_of="whole")
    assert _determinant(Rounded(), source).tolist() == ["100.00", "50.00"]
