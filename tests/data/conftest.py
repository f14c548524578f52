"""Small area tables, without files."""

import pandas as pd
import pytest

from bayesmodel.data import AreaTable
from bayesmodel.study import study_from

VALUES = {
    "name": "small",
    "outcome": {"count": {"nl": "a", "en": "a"}, "population": {"nl": "b", "en": "b"}, "year": 2017, "vintage": 2017},
    "tables": [{"path": "none.csv", "key": "code"}],
    "columns": {"area": "code", "count": "n_care", "population": "n"},
}


@pytest.fixture
def table_of():
    """Make an area table of published cells and populations, under a publication rule."""

    def make(published, population, publication):
        codes = pd.Index([f"WK{number:06d}" for number in range(len(published))], name="wijk", dtype=str)
        return AreaTable(
            study=study_from(VALUES | {"publication": publication}),
            names=codes.to_series(),
            levels=pd.DataFrame(index=codes),
            level_labels={},
            published=pd.Series(published, index=codes, dtype=str),
            population=pd.Series(population, index=codes, dtype="int64"),
            determinants=pd.DataFrame(index=codes),
        )

    return make
