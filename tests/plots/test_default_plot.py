"""What `.plot()` shows: the picture that fits what it is and how much there is of it."""

import numpy as np
import pandas as pd
import pytest

from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.effects import effect_curve, effects
from bayesmodel.estimates.exceedance import exceedance
from bayesmodel.estimates.funnel import funnel
from bayesmodel.estimates.peers import peers
from bayesmodel.estimates.rank import rank
from bayesmodel.estimates.result import Result
from bayesmodel.estimates.use import use
from bayesmodel.estimates.variance import variance
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.estimates.waterfall import waterfall
from bayesmodel.estimates.what_if import what_if
from bayesmodel.testing import invented_fit

PAIR = ["WK000100", "WK000102"]


@pytest.mark.parametrize(
    ("shown", "xlabel"),
    [
        (lambda fit: use(fit, scale="share", areas=PAIR), "onderliggend gebruik (% van de jongeren)"),
        (lambda fit: difference(fit), "onderliggend gebruik min verwacht op grond van kenmerken (aantal jongeren)"),
        (lambda fit: compare(fit, PAIR), "onderliggend gebruik (% van de jongeren)"),
        (lambda fit: rank(fit), "plaats (1 is de hoogste van 14)"),
        (lambda fit: waterfall(fit, "WK000100"), "gebruik (% van de jongeren)"),
        (lambda fit: funnel(fit), "jongeren per wijk (logaritmische schaal)"),
        (lambda fit: variance(fit), "aandeel in de variantie (% van de variantie)"),
        (lambda fit: effects(fit), "verschil in verwacht gebruik (procentpunt)"),
        (lambda fit: effect_curve(fit, "poverty", [-1, 0, 1]), "poverty"),
        (lambda fit: peers(fit, "WK000100", 3), "onderliggend gebruik (% van de jongeren)"),
        (lambda fit: exceedance(fit, 0.12), "onderliggend gebruik (% van de jongeren)"),
        (
            lambda fit: what_if(fit, by={"poverty": 1}),
            "wat als, verschil in verwachting, in haar wijken samen (procentpunt)",
        ),
        (lambda fit: verdicts(fit), "onderliggend gebruik gedeeld door verwacht op grond van kenmerken (verhouding)"),
    ],
)
def test_everything_estimated_shows_itself(fit, shown, xlabel):
    figure = shown(fit).plot()
    assert figure.axes[0].get_xlabel().replace("\n", " ") == xlabel
    assert "Jaar 2017" in figure.get_label()


def test_few_are_hills_some_are_lines_and_many_are_in_order(fit):
    def patches(estimate):
        return len(estimate.plot().axes[0].patches)

    estimate = use(fit, scale="share")
    assert patches(estimate.select(PAIR)) == 2
    assert patches(estimate) == 0
    many = use(invented_fit(areas=60, draws=20), scale="share").plot(language="en").axes[0]
    assert many.get_xlabel() == "wijk, from low to high"


def test_a_what_if_says_that_it_is_no_consequence(fit, look_at):
    assert "Het is geen gevolg" in look_at(what_if(fit, by={"poverty": 1}).plot()).caption


def test_what_is_not_known_has_no_picture():
    class Unknown(Result):
        title = "unknown"

        def summary(self):
            return pd.DataFrame()

    with pytest.raises(TypeError, match="no picture of Unknown"):
        Unknown().plot()


def test_a_curve_is_that_of_the_estimate(fit, look_at):
    found = effect_curve(fit, "poverty", [-1, 0, 2])
    seen = look_at(found.plot())
    line = seen.axes.lines[0]
    assert line.get_xdata().tolist() == [-1, 0, 2]
    assert np.allclose(line.get_ydata(), 100 * found.summary()["mean"])
    assert "Geen gevolg ervan" in seen.caption
