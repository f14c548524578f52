"""Pictures as images, against those in `baseline/`.

After a change that is meant, make them anew and look at each:
``pytest tests/outputs/plots/test_images.py --mpl-generate-path tests/outputs/plots/baseline``.
"""

import pytest

from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.use import use
from bayesmodel.outputs import plots

image = pytest.mark.mpl_image_compare(savefig_kwargs={"dpi": 60})


@image
def test_forest(fit):
    return plots.forest(use(fit, scale="share"))


@image
def test_caterpillar(fit):
    return plots.caterpillar(difference(fit, scale="points"), highlight=["WK000102", "WK000500"], language="en")


@image
def test_posteriors(fit):
    return plots.posteriors(use(fit, scale="share", areas=["WK000100", "WK000102", "WK000202"]))


@image
def test_shrinkage(fit):
    return plots.shrinkage(fit)


@image
def test_observed_expected(fit):
    return plots.observed_expected(fit, "gemeente", language="en")


@image
def test_map_of_a_difference(fit, shapes):
    return plots.area_map(difference(fit, to="typical", scale="ratio"), shapes)


@image
def test_map_of_actual_use(fit, shapes):
    return plots.area_map(use(fit, "actual", "share"), shapes, language="en")
