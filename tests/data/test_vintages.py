"""Which areas can be followed: by name, people, size and shape; and the real codes of Almere that mean another area."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.vintages import FOLLOWED, Follow, follow_areas, same_name

BEFORE = pd.DataFrame(
    {
        "name": ["Haven", "Wijk 02 Stad", "Buiten", "Oost", "West", "Veld"],
        "people": [24_000.0, 900.0, 5_000.0, 700.0, 800.0, 20.0],
        "hectares": [2_100.0, 40.0, 90.0, 55.0, 60.0, 500.0],
    },
    index=[f"WK00340{each}" for each in range(1, 7)],
)
AFTER = pd.DataFrame(
    {
        "name": ["Haven", "Stad", "De Buiten", "Oost", "Noord", "Veld"],
        "people": [1_600.0, 950.0, 5_050.0, 720.0, 810.0, 45.0],
        "hectares": [50.0, 40.5, 90.0, 80.0, 60.0, 500.0],
    },
    index=[f"WK00340{each}" for each in (1, 2, 3, 4, 9, 6)],
)


def kinds(found):
    return dict(zip(found.table["before"] + ">" + found.table["after"], found.table["follow"], strict=True))


def test_name_people_and_size_tell_who_is_who():
    found = follow_areas(BEFORE, AFTER, 2021, 2022)
    assert kinds(found) == {
        "WK003401>WK003401": Follow.REUSED,
        "WK003402>WK003402": Follow.SAME,
        "WK003403>WK003403": Follow.OTHER_NAME,
        "WK003404>WK003404": Follow.REUSED,
        "WK003405>": Follow.GONE,
        ">WK003409": Follow.NEW,
        "WK003406>WK003406": Follow.SAME,
    }
    assert found.reused == ["WK003401", "WK003404"]
    assert list(found.codes.index) == ["WK003402", "WK003403", "WK003406"]
    reasons = found.table.set_index("after")["reason"]
    assert reasons["WK003401"] == "the code means another area; 24,000 people, then 1,600, 2,100 ha, then 50"
    assert "1 with" not in repr(found)
    assert "with a code that meant another area in 2021: 2" in repr(found)


def test_of_little_that_is_known_it_cannot_be_said():
    found = follow_areas(BEFORE[["name"]], AFTER[["name"]], 2021, 2022)
    assert set(found.table.loc[found.table["before"] == found.table["after"], "follow"]) == {Follow.UNSURE}
    assert not found.table["followed"].any()
    only_people = follow_areas(BEFORE[["name", "people"]], AFTER[["name", "people"]], 2021, 2022)
    assert kinds(only_people)["WK003403>WK003403"] == Follow.UNSURE, "another name, and the size is not known"


def test_shapes_decide_where_they_are_known():
    """An area with another code is found; one whose shape is another is not followed, whatever its name is."""
    parts = pd.DataFrame(
        {
            "old": ["WK003401", "WK003402", "WK003403", "WK003404", "WK003405", "WK003406"],
            "new": ["WK003401", "WK003402", "WK003403", "WK003404", "WK003409", "WK003406"],
            "of_old": [0.02, 0.99, 0.98, 0.60, 0.97, 0.90],
            "of_new": [1.00, 0.98, 0.99, 0.99, 0.99, 0.92],
        }
    )
    found = kinds(follow_areas(BEFORE, AFTER, 2021, 2022, parts))
    assert found["WK003405>WK003409"] == Follow.OTHER_CODE
    assert found["WK003401>WK003401"] == Follow.REUSED
    assert found["WK003402>WK003402"] == Follow.SAME
    assert found["WK003403>WK003403"] == Follow.OTHER_NAME
    assert found["WK003404>WK003404"] == Follow.REUSED
    assert found["WK003406>WK003406"] == Follow.SAME, "90 % in common, and all else agrees"
    assert len(found) == 6


def test_codes_that_change_places_are_followed_to_each_other():
    parts = pd.DataFrame({"old": ["A", "B"], "new": ["B", "A"], "of_old": [1.0, 1.0], "of_new": [1.0, 1.0]})
    frame = pd.DataFrame({"name": ["one", "two"]}, index=["A", "B"])
    found = follow_areas(frame, frame.iloc[::-1].set_axis(["A", "B"]), 2021, 2022, parts)
    assert found.codes.to_dict() == {"A": "B", "B": "A"}
    assert len(found) == 2


@pytest.mark.parametrize("seed", range(5))
def test_each_area_stands_once_on_each_side_in_any_order(seed):
    random = np.random.default_rng(seed)
    one = follow_areas(BEFORE, AFTER, 2021, 2022)
    other = follow_areas(BEFORE.sample(frac=1, random_state=seed), AFTER.sample(frac=1, random_state=seed), 2021, 2022)
    pd.testing.assert_frame_equal(one.table, other.table)
    for year, frame in (("before", BEFORE), ("after", AFTER)):
        codes = one.table[year][one.table[year] != ""]
        assert sorted(codes) == sorted(frame.index)
    assert set(one.table.loc[one.table["followed"], "follow"]) <= set(FOLLOWED)
    assert random is not None


def test_a_year_held_against_itself_can_be_followed_whole():
    assert follow_areas(BEFORE, BEFORE, 2021, 2021).table["follow"].eq(Follow.SAME).all()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Wijk 10 Binnenstad", "Binnenstad", True),
        ("Wijk 00", "Wijk 00", True),
        ("Wijk 00", "Wijk 01", False),
        ("", "", False),
    ],
)
def test_names_are_one_whatever_stands_before_them(one, other, same):
    assert same_name(one, other) is same


def test_the_codes_of_almere_mean_other_areas(shared_data):
    """One of 6 districts until 2021, one of 71 wijken after: none of the six can be followed."""
    raw = pd.read_csv(shared_data / "cbs_kwb_almere" / "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv", dtype=str)
    wijken = raw[raw["soort"] == "Wijk"]
    years = {
        year: wijken[wijken["jaar"] == str(year)]
        .set_index("regio_code")
        .rename(columns={"inwoners": "people", "opp_land_ha": "hectares"})[["people", "hectares"]]
        for year in (2021, 2022, 2023)
    }
    found = follow_areas(years[2021], years[2022], 2021, 2022)
    assert found.reused == [f"WK00340{each}" for each in range(1, 7)]
    assert not found.table["followed"].any()
    assert len(follow_areas(years[2022], years[2023], 2022, 2023).reused) == 0


@pytest.mark.parametrize(
    ("people", "hectares", "years", "follow"),
    [
        (3.0, 1.009, 1, Follow.SAME),  # built over: its boundaries are what they were
        (1.1, 1.04, 1, Follow.SAME),
        (1.3, 1.04, 1, Follow.UNSURE),
        (1.0, 1.06, 1, Follow.REUSED),
        (1.1, None, 1, Follow.SAME),
        (1.3, None, 1, Follow.REUSED),
        (1.3, None, 3, Follow.SAME),
        (1.6, None, 9, Follow.REUSED),
    ],
)
def test_the_limits_are_those_that_were_measured(people, hectares, years, follow):
    """15 % of the people a year, 50 % at most; 1 % of the size by itself, 5 % with the people."""
    before = pd.DataFrame({"name": ["Oost"], "people": [1000.0], "hectares": [100.0]}, index=["WK003401"])
    after = before.assign(people=before["people"] * people, hectares=before["hectares"] * (hectares or 1))
    kept = ["name", "people"] + ["hectares"] * (hectares is not None)
    assert list(follow_areas(before[kept], after[kept], 2010, 2010 + years).table["follow"]) == [follow]
