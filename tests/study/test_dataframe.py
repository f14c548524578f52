"""A DataFrame is a table as good as a file: the same study, the same counts, the same faults."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel import Study, interpret_counts, read_areas, read_study, study_from
from bayesmodel.errors import DataError, StudyError
from bayesmodel.inference import fit as fit_module
from bayesmodel.inference.sampling import fit

FRAME = pd.DataFrame({
    "wijk": [f"WK{[3, 5, 7][k // 4]:04d}{k % 4:02d}" for k in range(12)],
    "gemeente": ["GM0003"] * 4 + ["GM0005"] * 4 + ["GM0007"] * 4,
    "regio": ["JZ01"] * 8 + ["JZ02"] * 4,
    "jongeren": [400, 60, 300, 900, 210, 350, 80, 560, 480, 120, 700, 260],
    "jeugdhulp": [41, np.nan, 28, 95, 22, 30, np.nan, 61, 44, 13, 66, 25],
    "bijstand": [5.5, 3.0, 8.25, 4.0, np.nan, 6.5, 2.0, 9.0, 5.0, 4.5, 7.0, 3.5],
})  # fmt: skip
COLUMNS = {"count": "jeugdhulp", "population": "jongeren", "area": "wijk"}
HIDDEN = {"publication": {"hidden_symbols": [""]}}


def study(frame=FRAME, **more):
    said = {"levels": ["gemeente", "regio"], "determinants": ["bijstand"], "hidden_below": 10, "settings": HIDDEN}
    return Study.from_dataframe(frame, **COLUMNS, year=2021, **{**said, **more})


def test_it_is_the_study_that_a_file_would_give(tmp_path):
    FRAME.to_csv(tmp_path / "wijken.csv", index=False)
    (tmp_path / "study.toml").write_text("""
name = "dataframe"
tables = [{ path = "wijken.csv", key = "wijk", code = "wijk" }]
columns = { area = "wijk", count = "jeugdhulp", population = "jongeren" }
levels = [{ name = "gemeente", column = "gemeente", within = "regio" }, { name = "regio", column = "regio" }]
determinants = [{ column = "bijstand" }]
publication = { hidden_below = 10, hidden_symbols = [""] }
[outcome]
count = { nl = "jeugdhulp", en = "jeugdhulp" }
population = { nl = "jongeren", en = "jongeren" }
year = 2021
vintage = 2021
""")
    ours, theirs = (interpret_counts(read_areas(each)) for each in (study(), read_study(tmp_path / "study.toml")))
    assert ours.frame.equals(theirs.frame)
    assert ours.areas.levels.equals(theirs.areas.levels)
    assert ours.areas.determinants.equals(theirs.areas.determinants)
    same = {"tables", "folder"}
    assert ours.study.model_dump(exclude=same) == theirs.study.model_dump(exclude=same)


def test_the_index_may_hold_the_codes_and_the_table_is_not_changed():
    indexed = FRAME.set_index("wijk")
    before = indexed.copy()
    assert interpret_counts(read_areas(study(indexed))).frame.equals(interpret_counts(read_areas(study())).frame)
    pd.testing.assert_frame_equal(indexed, before)


def test_levels_that_do_not_nest_are_not_said_to():
    crossed = FRAME.assign(regio=["JZ01", "JZ02"] * 6)
    assert [level.within for level in study(crossed).levels] == [None, None]
    assert [level.within for level in study().levels] == ["regio", None]


def test_what_is_not_there_is_named_all_at_once():
    with pytest.raises(StudyError) as error:
        study(levels=["gemeent"], determinants=["bijstant"])
    assert "gemeente" in str(error.value)
    assert "bijstand" in str(error.value)


def test_the_year_is_asked_for_or_found():
    with pytest.raises(StudyError, match="year=2021"):
        Study.from_dataframe(FRAME, **COLUMNS)
    assert Study.from_dataframe(FRAME.assign(jaar=2019.0), **COLUMNS).outcome.year == 2019


def test_a_study_without_its_table_says_so():
    with pytest.raises(DataError, match="in memory only"):
        read_areas(study_from(study().model_dump()))


def test_one_verb_goes_from_a_study_or_counts_to_a_fit():
    from_study = fit(study(), engine="laplace", draws=100, seed=3)
    counts = interpret_counts(read_areas(study()))
    from_counts = fit(counts, engine="laplace", draws=100, seed=3)
    assert from_study.study.inference.seed == 3
    assert np.array_equal(from_study.posterior["beta"], from_counts.posterior["beta"])
    assert fit_module.Fit is type(from_study)


def test_levels_from_coarse_to_fine_are_refused():
    with pytest.raises(StudyError, match='levels = \\["gemeente", "regio"\\]'):
        study(levels=["regio", "gemeente"])


def test_a_single_name_is_a_list_of_one():
    found = study(levels="gemeente", determinants="bijstand")
    assert (found.level_names, found.determinant_names) == (("gemeente",), ("bijstand",))


def test_what_is_said_twice_is_refused():
    """The settings would replace the argument without a word."""
    twice = HIDDEN | {"determinants": [{"column": "bijstand", "transform": "logit"}]}
    with pytest.raises(StudyError, match=r"settings\.determinants"):
        study(settings=twice)
    assert study(settings=twice, determinants=[]).determinants[0].transform == "logit"


def test_the_table_is_kept_as_it_was():
    frame = FRAME.copy()
    found = study(frame)
    before = read_areas(found).population.sum()
    frame["jongeren"] = 1
    assert read_areas(found).population.sum() == before


@pytest.mark.parametrize(("given", "said"), [({"engine": "laplac"}, "engine"), ({"draws": 1}, "draws")])
def test_what_fit_cannot_do_is_said_as_in_a_study(given, said):
    with pytest.raises(StudyError, match=f"inference.{said}"):
        fit(study(), **given)


def test_fit_takes_a_path_and_says_what_else(tmp_path):
    with pytest.raises(StudyError, match=r"study\.toml"):
        fit(tmp_path / "study.toml")
    with pytest.raises(TypeError, match="found list"):
        fit([1, 2])
