"""A real file with counts rounded to fives and the smallest hidden: key figures of wijken and buurten, 2021."""

import pandas as pd
import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.io import read_areas

COUNT = "TotaalJongerenMetJeugdzorgInNatura_1"
KEPT = ["gwb_code_10", "regio", "gm_naam", "a_inw", "a_00_14", COUNT]


@pytest.fixture(scope="module")
def wijken(shared_data):
    """The rows of wijken as a csv text; the file holds the country and the gemeenten too."""
    path = shared_data / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    return rows.loc[rows["recs"] == "Wijk", KEPT].to_csv(index=False)


def study(study_of, wijken, **changes):
    return study_of(
        {"kwb.csv": wijken},
        tables=[{"path": "kwb.csv", "key": "gwb_code_10", "code": "wijk"}],
        columns={"area": "gwb_code_10", "area_name": "regio", "count": COUNT, "population": "a_inw"},
        levels=[{"name": "gemeente", "column": "gm_naam"}],
        determinants=[{"column": "a_00_14"}],
        publication={"hidden_below": 8, "rounded_to": 5, "hidden_symbols": [""]},
        **changes,
    )


def test_rounded_hidden_and_empty_wijken_are_told_apart(study_of, wijken):
    counts = interpret_counts(read_areas(study(study_of, wijken)))
    assert pd.Series(counts.status).value_counts().to_dict() == {"rounded": 2779, "suppressed": 449, "zero": 20}
    rounded = counts.status == "rounded"
    assert set((counts.upper - counts.lower)[rounded]) == {4}
    assert counts.lower[rounded].min() == 8
    assert counts.upper[counts.status == "suppressed"].max() == 7


def test_small_wijken_are_left_out_with_their_reason(study_of, wijken):
    areas = read_areas(study(study_of, wijken, exclusions=[{"column": "a_inw", "at_most": 100}]))
    assert len(areas) + len(areas.left_out) == 3248
    assert areas.population.min() > 100
    assert areas.left_out["reason"].str.fullmatch(r"a_inw is \d+, at most 100").all()
