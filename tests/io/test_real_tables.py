"""Real tables of CBS are read as they come, and a study is proposed from them."""

import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.io import read_areas, read_table
from bayesmodel.scaffold import propose_study, write_study
from bayesmodel.study import read_study


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [
        ("cbs_regioindeling/gemeente_wijzigingen_tot_2018.csv", 1072, "separated by semicolons, Latin-1"),
        ("cbs_kwb_almere/almere_kwb_2018_2025_raw.csv", 1536, "semicolons, UTF-8 with a byte-order mark"),
        ("cbs_kwb_2017/kwb_2017_wijken.csv", 3159, "separated by commas, decimal point"),
    ],
)
def test_their_form_is_found(shared_data, name, rows, said):
    table = read_table(shared_data / name)
    assert len(table.frame) == rows
    assert said in table.notes[0]
    assert table.doubts == {}


def test_latin_1_keeps_its_letters(shared_data):
    names = read_table(shared_data / "cbs_regioindeling" / "gemeente_wijzigingen_tot_2018.csv").frame["Huidige naam"]
    assert "Súdwest-Fryslân" in set(names)


def proposed(folder, paths, **options):
    """The study that is proposed of real tables, written and read, and its text."""
    study_file = folder / "study.toml"
    text = write_study(propose_study(paths, **options), study_file)
    study_file.write_text(text, encoding="utf-8")
    return read_study(study_file), text


def test_a_national_file_asks_nothing(shared_data, tmp_path):
    """2,779 wijken with a count rounded to fives and 435 hidden; in 34 nobody under 25 lives. No age, no household that
    is published beside the counts contradicts them, and both narrow them.
    """
    path = shared_data / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"
    study, text = proposed(tmp_path, [path])
    assert study.columns.population == ("a_00_14", "a_15_24")
    assert (study.outcome.year, study.publication.hidden_below, study.publication.rounded_to) == (2021, 8, 5)
    shares = {part.column: part.share_of for part in study.determinants}
    assert len(shares) == 9
    assert shares["a_hh_m_k"] == "a_hh"
    assert "p_hh_li: CBS publishes it with a decimal, and none of its 2,951 numbers has one" in text
    counts = interpret_counts(read_areas(study))
    assert counts.frame["status"].value_counts().to_dict() == {"rounded": 2779, "suppressed": 435, "zero": 34}
    assert counts.trail.query("column == @study.columns.count")["area"].nunique() == 501
    assert int((counts.upper - counts.lower).sum()) == 13_538


def test_wmo_of_the_same_file_knows_who_did_not_deliver(shared_data, tmp_path):
    path = shared_data / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"
    study, _ = proposed(tmp_path, [path], subject="wmo")
    assert (study.columns.count, study.columns.population) == ("a_wmo_t", "a_inw")
    assert len(study.delivery.none) == 18
    assert "GM0114" in study.delivery.none
    statuses = interpret_counts(read_areas(study)).frame["status"].value_counts().to_dict()
    assert statuses == {"rounded": 2822, "suppressed": 269, "missing": 137, "zero": 20}


def test_water_is_no_wijk(shared_data):
    proposal = propose_study([shared_data / "cbs_kwb_2017" / "kwb_2017_wijken.csv"], 2017)
    assert proposal.tables[0][0]["where"] == {"WATER": "NEE"}
    assert [each.column for each in proposal.determinants] == ["P_HH_M_K", "P_GESCHEID", "P_N_W_AL", "OAD"]


def test_the_workbook_of_2017_is_known_by_its_sheets(shared_data):
    path = shared_data / "scp_jeugdhulp_wijk_2017" / "Wijkdata_Jeugdhulp_in_de_wijk.ods"
    proposal = propose_study([path], 2017)
    assert proposal.tables[0][0]["format"] == "jeugdhulp-2017-workbook"
    assert "data/jeugdhulp-2017/study.toml" in proposal.notes[0]


@pytest.mark.parametrize(("year", "wijken"), [(2022, 71), (2023, 71), (2024, 71)])
def test_a_raw_download_of_a_gemeente_refuses_what_lost_its_decimals(shared_data, tmp_path, year, wijken):
    path = shared_data / "cbs_kwb_almere" / "almere_kwb_2018_2025_raw.csv"
    study, text = proposed(tmp_path, [path], year=year)
    assert len(interpret_counts(read_areas(study))) == wijken
    names = {part.column.rpartition("_")[0] for part in study.determinants}
    assert "AfstandTotHuisartsenpraktijk" not in names
    assert "HuishoudensMetKinderen" in names
    assert "AfstandTotHuisartsenpraktijk" in text.split("# Not taken:")[1]


def test_one_year_of_a_stacked_download(shared_data, tmp_path):
    """The file holds eight years, the country, wijken and buurten, and a column of counts per table of CBS."""
    path = shared_data / "cbs_kwb_almere" / "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv"
    study_file = tmp_path / "study.toml"
    text = write_study(propose_study([path], 2022), study_file)
    ages = 'population = ["inw_0_14", "inw_15_24"]'
    assert f"{ages} adds them up" in text
    study_file.write_text(text.replace('population = "?"', ages), encoding="utf-8")
    counts = interpret_counts(read_areas(read_study(study_file)))
    assert len(counts) == 71
    assert (counts.status == "rounded").sum() == 47
