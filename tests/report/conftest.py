"""A fit with shapes, and a real browser where one is installed."""

import shutil

import numpy as np
import pytest

from bayesmodel.testing import invented_fit

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def fit():
    """Sixteen wijken of every status, two of them with names that would run as code."""
    fit = invented_fit(areas=16)
    names = fit.counts.areas.names.astype(object).to_numpy().copy()
    names[0], names[1] = '<img src=x onerror="document.body.dataset.attacked=1">', "Sint Jânsgea & 't Hûs </script>"
    fit.counts.areas.names.iloc[:] = names
    return fit


@pytest.fixture(scope="session")
def shapes(fit):
    """Squares in rows of four; the last wijk has none."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * 1000.0
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [np.add(corners, (1000 * (place % 4), 1000 * (place // 4))).tolist()],
            },
        }
        for place, code in enumerate(fit.counts.areas.codes[:-1])
    ]
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture(scope="session")
def browser():
    """Chromium, driven from outside."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed to open the page in")
    with playwright.sync_playwright() as started:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = started.chromium.launch(executable_path=found, args=options)
        yield opened
        opened.close()
