"""How objects show themselves in a notebook and in a terminal."""

from html.parser import HTMLParser

import pytest

from bayesmodel import html
from bayesmodel.data import interpret_counts
from bayesmodel.estimates.expected import expected
from bayesmodel.example import example_study
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.io import read_areas
from bayesmodel.messages import speaking
from bayesmodel.model.build import build_model
from bayesmodel.testing import invented_fit

VOID = {"br", "hr", "img"}


class Nesting(HTMLParser):
    """Checks that every tag is closed by its own, and gathers the text."""

    def __init__(self, content):
        super().__init__()
        self.open, self.text = [], ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def fit():
    return invented_fit()


def small_model():
    return build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2))))


SHOWN = {
    "study": (lambda fit: fit.study, ["jongeren met jeugdhulp", "gemeente, regio", "binomial"]),
    "areas": (lambda fit: fit.counts.areas, ["WK000100", "Wijk 000100", "GM0001"]),
    "counts": (lambda fit: fit.counts, ["suppressed", "exact", "8 areas"]),
    "verdict": (lambda fit: fit.diagnostics, ["Converged", "R-hat", "at most 1.01"]),
    "fit": (lambda fit: fit, ["4 chains of 250 draws", "binomial"]),
    "model": (lambda fit: small_model(), ["Y_i ~ Binomial(n_i, p_i)", "Priors"]),
    "estimate": (lambda fit: expected(fit), ["expected.determinants", "WK000100"]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_objects_show_themselves(fit, name):
    make, words = SHOWN[name]
    thing = make(fit)
    page = Nesting(thing._repr_html_())
    assert page.open == []
    for word in words:
        assert word in page.text
        assert word in repr(thing)


def test_draws_that_did_not_converge_say_so_in_words(fit):
    verdict = Diagnostics(rhat_max=1.2, ess_min=30.0, divergences=7, bfmi_min=0.1, worst="sd_<wijk>")
    shown = Nesting(verdict._repr_html_()).text
    assert "may not be relied on" in shown
    assert "7 divergent transitions" in shown
    assert "sd_<wijk>" in shown


def test_they_speak_the_language_of_the_user(fit):
    with speaking("nl"):
        assert "Aantallen van invented: 8 gebieden (wijk)" in repr(fit.counts)
        assert "Geconvergeerd" in fit._repr_html_()


def test_nothing_of_the_user_becomes_html():
    assert Nesting(html.facts({"<b>": "<script>"}) + html.bullets(["<i>"])).text == "<b><script><i>"
