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


def test_a_national_file_asks_for_the_young_only(shared_data, tmp_path):
    """2,779 wijken with a count rounded to fives and 435 hidden; in 34 nobody under 25 lives."""
    paths = [shared_data / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"]
    study_file = tmp_path / "study.toml"
    text = write_study(propose_study(paths), study_file)
    ages = 'population = ["a_00_14", "a_15_24"]'
    assert f"{ages} adds them up" in text
    study_file.write_text(text.replace('population = "?"', ages), encoding="utf-8")
    study = read_study(study_file)
    assert (study.outcome.year, study.publication.hidden_below, study.publication.rounded_to) == (2021, 8, 5)
    counts = interpret_counts(read_areas(study))
    assert counts.frame["status"].value_counts().to_dict() == {"rounded": 2779, "suppressed": 435, "zero": 34}


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
