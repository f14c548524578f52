"""Counts of several years joined: areas followed by code or by what they are, and studies that do not go together."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.data.joined_years import join_years
from bayesmodel.errors import DataError, StudyError
from bayesmodel.io import read_areas
from bayesmodel.study import study_from


def renamed(counts, old, new, people=1.0):
    """The counts with another code for one area, and other people in it."""
    areas = counts.areas
    codes = areas.codes.where(areas.codes != old, new)
    parts = {
        name: getattr(areas, name).set_axis(codes, axis=0)
        for name in ("names", "levels", "published", "population", "determinants")
    }
    population = parts["population"].copy()
    population[new] = int(population[new] * people)
    return replace(counts, areas=replace(areas, **parts | {"population": population}))


def test_every_row_is_an_area_in_a_year_with_its_own_bounds(world_of_years):
    counts, _truth = world_of_years()
    joined = join_years(counts[::-1])  # in any order
    assert joined.years == (2021, 2022, 2023)
    assert len(joined.counts) == 300
    for index, each in enumerate(counts):
        rows = joined.rows(index)
        assert np.array_equal(joined.counts.lower[rows], each.lower)
        assert np.array_equal(joined.counts.upper[rows], each.upper)
        assert np.array_equal(joined.counts.population[rows], each.population)
        assert (joined.of_row[rows] == index).all()
        assert joined.identities(index).tolist() == list(each.areas.codes)


def test_the_areas_become_a_level_inside_the_finest_one(world_of_years):
    study = join_years(world_of_years()[0]).counts.study
    assert study.effects_within == {"wijk": "gemeente", "gemeente": "jeugdzorgregio", "jeugdzorgregio": None}


def test_an_area_that_moves_to_another_gemeente_crosses_it(world_of_years):
    counts, _truth = world_of_years((2021, 2022))
    levels = counts[1].areas.levels.copy()
    levels.iloc[0, 0] = levels["gemeente"].iloc[-1]
    moved = replace(counts[1], areas=replace(counts[1].areas, levels=levels))
    assert join_years([counts[0], moved]).counts.study.effects_within["wijk"] is None


def test_a_new_code_of_the_same_vintage_is_another_area(world_of_years):
    counts, _truth = world_of_years((2021, 2022))
    code = str(counts[0].areas.codes[0])
    joined = join_years([counts[0], renamed(counts[1], code, "WK999999")])
    assert joined.identities(0)[code] == code
    assert "WK999999" in joined.identities(1).to_list()
    assert joined.counts.areas.levels["wijk"].nunique() == 101


def test_a_code_that_means_another_area_is_not_followed_between_vintages(world_of_years):
    earlier, later = world_of_years((2021,), vintage=2021)[0] + world_of_years((2021, 2022), vintage=2022)[0][1:]
    code = str(later.areas.codes[3])
    joined = join_years([earlier, renamed(later, code, code, people=9)])
    assert joined.identities(0)[code] == f"{code} 2021"
    assert joined.identities(1)[code] == code
    assert any("1" in note for note in joined.notes)


def test_years_of_which_hardly_an_area_can_be_followed_are_refused(world_of_years):
    earlier, later = world_of_years((2021,), vintage=2021)[0] + world_of_years((2021, 2022), vintage=2022)[0][1:]
    names = pd.Series([f"another {i}" for i in range(100)], later.areas.codes)
    with pytest.raises(DataError, match=r"same outcome\.vintage"):
        join_years([earlier, replace(later, areas=replace(later.areas, names=names))])


def test_areas_that_grew_too_much_for_one_vintage_are_spoken_of(world_of_years):
    counts, _truth = world_of_years((2021, 2022))
    code = str(counts[0].areas.codes[0])
    [*_followed, grown] = join_years([counts[0], renamed(counts[1], code, code, people=4)]).notes
    assert code in grown


@pytest.mark.parametrize("change", [{"area": "buurt"}, {"levels": ()}, {"determinants": ()}])
def test_studies_that_are_not_alike_are_refused_with_what_differs(world_of_years, change):
    counts, _truth = world_of_years((2021, 2022))
    other = counts[0].with_study(counts[0].study.model_copy(update=change))
    with pytest.raises(StudyError, match=next(iter(change))):
        join_years([other, counts[1]])


def test_one_year_twice_and_a_year_alone_are_refused(world_of_years):
    counts, _truth = world_of_years((2021, 2022))
    with pytest.raises(StudyError, match="two or more years"):
        join_years([counts[0], counts[0]])
    with pytest.raises(StudyError, match="one study for each year"):
        join_years([counts[0], counts[0], counts[1]])


def almere(shared_data, year, vintage):
    """The wijken of Almere in a year."""
    label = {"nl": "jongeren", "en": "young people"}
    path = shared_data / "cbs_kwb_almere" / "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv"
    study = study_from({
        "name": "almere",
        "outcome": {"count": label, "population": label, "year": year, "vintage": vintage},
        "tables": [
            {"path": str(path), "key": "regio_code", "code": "wijk", "keep": "codes", "where": {"jaar": str(year)}}
        ],
        "columns": {"area": "regio_code", "count": "jongeren_jeugdzorg", "population": ["inw_0_14", "inw_15_24"]},
        "publication": {"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
    })  # fmt: skip
    return interpret_counts(read_areas(study))


def test_almere_is_not_followed_over_the_year_in_which_its_codes_changed_their_meaning(shared_data):
    with pytest.raises(DataError, match="0 of 71 areas of 2022 that are an area of 2021 too"):
        join_years([almere(shared_data, 2021, 2021), almere(shared_data, 2022, 2022)])


def test_almere_tells_that_fewer_were_without_a_wijk(shared_data):
    joined = join_years([almere(shared_data, year, 2022) for year in (2022, 2023, 2024)])
    assert joined.unplaced == pytest.approx((0.199, 0.198, 0.146), abs=0.001)


def with_published(counts, published, population=None):
    """The counts of the same study with other cells, and other people."""
    areas = counts.areas
    people = areas.population if population is None else pd.Series(population, areas.codes)
    return interpret_counts(replace(areas, published=pd.Series(published, areas.codes), population=people))


def test_one_table_given_for_two_years_is_refused_by_name(world_of_years):
    counts, _truth = world_of_years()
    copy = with_published(counts[2], counts[0].areas.published.to_numpy())  # the first as the third: not next to it
    with pytest.raises(DataError, match=r"2021, 2023: found the same counts of the same people.* in all 100 areas"):
        join_years([*counts[:2], copy])


def test_one_table_is_seen_though_an_area_has_another_code(world_of_years):
    counts, _truth = world_of_years((2021, 2022))
    copy = with_published(counts[1], counts[0].areas.published.to_numpy())
    with pytest.raises(DataError, match="in all 99 areas"):
        join_years([counts[0], renamed(copy, str(copy.areas.codes[0]), "WK999999")])


def test_the_same_counts_of_other_people_are_spoken_of(world_of_years):
    counts, _truth = world_of_years((2021, 2022))
    people = counts[1].areas.population.to_numpy() + 3
    copy = with_published(counts[1], counts[0].areas.published.to_numpy(), people)
    [*_followed, said] = join_years([counts[0], copy]).notes
    assert said.startswith("2021 and 2022: every count that both years show is the same")


@pytest.mark.parametrize("published", ["one differs", "hidden", "few", "rounded"])
def test_years_that_are_alike_by_chance_are_not_one_table(world_of_years, published):
    """One count differs; all but nine are hidden; all are 10 or 20."""
    counts, _truth = world_of_years((2021, 2022))
    cells = counts[0].areas.published.to_numpy(dtype=object).copy()
    shown = np.flatnonzero(cells != ".")
    other = cells.copy()
    if published == "one differs":
        other[shown[-1]] = str(int(cells[shown[-1]]) + 1)
    elif published == "rounded":
        cells = np.where(cells == ".", ".", np.where(np.arange(len(cells)) % 3 == 0, "20", "10")).astype(object)
        other = cells
    else:
        cells[shown[9 if published == "few" else 0 :]] = "."
        other = cells
    one, two = (with_published(each, of) for each, of in zip(counts, (cells, other), strict=True))
    assert not any("every count" in note for note in join_years([one, two]).notes)


def in_another_unit(counts, factor, areas=1.0):
    """The counts with the first determinant multiplied, in a part of the areas."""
    determinants = counts.areas.determinants.copy()
    rows = np.arange(len(determinants)) < areas * len(determinants)
    determinants.iloc[rows, 0] *= factor
    return replace(counts, areas=replace(counts.areas, determinants=determinants))


@pytest.mark.parametrize(("factor", "said"), [(0.01, "100 times as low"), (1040.0, "1,000 times as high")])
def test_a_determinant_in_another_unit_in_one_year_is_spoken_of(world_of_years, factor, said):
    counts, _truth = world_of_years()
    name = counts[0].areas.determinants.columns[0]
    notes = [note for note in join_years([*counts[:2], in_another_unit(counts[2], factor)]).notes if "unit" in note]
    assert len(notes) == 1
    assert f"2022-2023: {name} is around {said} in 2023 as in 2022 in 100 areas" in notes[0]


@pytest.mark.parametrize(("factor", "areas"), [(1.0, 1.0), (3.0, 1.0), (30.0, 1.0), (0.01, 0.5)])
def test_a_determinant_that_changed_itself_is_not(world_of_years, factor, areas):
    counts, _truth = world_of_years((2021, 2022))
    assert not any("unit" in note for note in join_years([counts[0], in_another_unit(counts[1], factor, areas)]).notes)


def test_real_years_are_neither_one_table_nor_in_two_units(shared_data):
    joined = join_years([almere(shared_data, year, 2022) for year in (2022, 2023, 2024)])
    assert not any("every count" in note or "unit" in note for note in joined.notes)


@pytest.mark.parametrize(("times", "said"), [(0.5, "lower in nearly all"), (2, "higher in nearly all"), (0.8, "")])
def test_a_leap_of_use_everywhere_is_spoken_of(world_of_years, times, said):
    counts, _truth = world_of_years((2021, 2022))
    drawn = np.minimum((counts[1].lower * times).astype(int), counts[1].population)
    later = replace(counts[1], lower=drawn, upper=np.maximum(drawn, np.where(counts[1].shown, 0, counts[1].upper)))
    notes = [note for note in join_years([counts[0], later]).notes if "times that of 2021" in note]
    assert [said in note for note in notes] == ([True] if said else [])
