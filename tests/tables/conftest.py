"""A handful of counts to write about."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data import AreaTable, Counts
from bayesmodel.study import study_from
from bayesmodel.testing import invented_fit


@pytest.fixture
def counts():
    """Five wijken: two exact, two hidden, one not delivered; two more were left out."""
    study = study_from(
        {
            "name": "small",
            "outcome": {
                "count": {"nl": "jongeren met hulp", "en": "young people in care"},
                "population": {"nl": "jongeren", "en": "young people"},
                "year": 2019,
                "vintage": 2018,
            },
            "columns": {"area": "wijk", "count": "care", "population": "young"},
            "tables": [{"path": "counts.csv", "key": "wijk"}],
            "report": {"interval": 0.95},
        }
    )
    codes = pd.Index([f"WK00030{i}" for i in range(5)], name="wijk")
    areas = AreaTable(
        study,
        names=codes.to_series(),
        levels=pd.DataFrame(index=codes),
        level_labels={},
        published=pd.Series("", index=codes),
        population=pd.Series(100, index=codes),
        determinants=pd.DataFrame(index=codes),
        left_out=pd.DataFrame({"name": ["Duin", "Zee"], "reason": "inhabitants 80"}, index=["WK000308", "WK000309"]),
    )
    status = np.array(["exact", "exact", "suppressed", "suppressed", "missing"])
    return Counts(areas, np.array([10, 20, 0, 0, 0]), np.array([10, 20, 9, 9, 100]), status)


@pytest.fixture(scope="session")
def fit():
    """Sixteen wijken of every status."""
    return invented_fit(areas=16)


@pytest.fixture(scope="session")
def shapes(fit):
    """Squares in rows of four; the last wijk has none, and one is of no wijk."""
    return squares([*fit.counts.areas.codes[:-1], "WK999900"])


def squares(codes):
    """Return squares of a kilometre, as GeoJSON."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * 1000.0 + [100_000, 400_000]
    rings = [np.add(corners, (1000 * (place % 4), 1000 * (place // 4))).tolist() for place in range(len(codes))]
    features = [
        {
            "type": "Feature",
            "properties": {"code": str(code)},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, ring in zip(codes, rings, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
