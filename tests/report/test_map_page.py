"""The map page as a file: whole, self-contained, with the numbers of the table; no name in it can run."""

import gzip
import json
import re
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import area_table, map_page
from bayesmodel.errors import DataError, UnknownNameError
from bayesmodel.messages import LANGUAGES
from bayesmodel.report.map_content import _sentences
from bayesmodel.report.map_texts import NOT_FOR, TEXTS


@pytest.fixture(scope="module")
def page(fit, shapes):
    return map_page(fit, shapes)


def content_of(html):
    """Return what a page carries, as a browser unpacks it."""
    packed = re.search(r'id="content">([^<]*)</script>', html).group(1)
    return json.loads(gzip.decompress(b64decode(packed)))


def test_the_page_needs_nothing_else(page):
    without = page.html.replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?://|<link|<script src|@import|url\((?!#)", without)
    assert "default-src 'none'" in page.html


def test_no_name_stands_in_the_html_as_it_is(page):
    assert "onerror" not in page.html
    assert page.html.count("</script>") == 3


def test_it_carries_the_numbers_of_the_table(fit, page):
    content, table = content_of(page.html), area_table(fit)
    shown = np.array(content["estimates"]["difference"]["determinants"], dtype=float)
    columns = [f"difference_determinants_points{end}" for end in ("", "_lower", "_upper")]
    assert np.allclose(shown, table[columns].to_numpy().T, atol=6e-4, equal_nan=True)
    kinds = [each["name"] for each in content["study"]["verdicts"]]
    assert [kinds[place] for place in content["estimates"]["verdict"]["determinants"]] == table[
        "verdict_determinants"
    ].tolist()


def test_of_very_many_areas_the_sentences_are_left_out(fit, monkeypatch):
    monkeypatch.setattr("bayesmodel.report.map_content.SENTENCES", len(fit.counts) - 1)
    assert _sentences(fit) == {"nl": [], "en": []}
    monkeypatch.setattr("bayesmodel.report.map_content.SENTENCES", len(fit.counts))
    assert [len(each) for each in _sentences(fit).values()] == [len(fit.counts)] * 2


def test_a_hidden_count_is_nowhere_a_number(fit, page):
    content = content_of(page.html)
    for area in np.flatnonzero(content["areas"]["hidden"]):
        assert content["areas"]["published"][area] is None
        assert content["estimates"]["actual"][0][area] is None


def test_both_languages_say_the_same_things():
    for label in (*TEXTS.values(), *NOT_FOR):
        assert re.findall(r"\{\w+\}", label.nl) == re.findall(r"\{\w+\}", label.en)
        assert not re.search(r"\d", label.nl)


def test_every_text_the_scripts_ask_for_exists_and_no_other(page):
    asked = set(re.findall(r'\bsay\("(\w+)"', page.html)) | set(re.findall(r'button\("(\w+)"', page.html))
    layers = re.search(r"const LAYERS = \[(.*)\]", page.html).group(1)
    marks = {"special", "doubtful", "next", "previous", "loading"}
    assert set(TEXTS) == asked | set(re.findall(r"\w+", layers)) | marks


def test_a_fit_that_did_not_converge_says_so_first(fit, shapes):
    worse = replace(fit, diagnostics=replace(fit.diagnostics, rhat_max=1.4))
    study = content_of(map_page(worse, shapes).html)["study"]
    assert not study["converged"]
    for language in LANGUAGES:
        assert study["notes"][language][0].isupper() or "CONVERGE" in study["notes"][language][0]


def test_another_ending_is_refused(page, tmp_path):
    with pytest.raises(UnknownNameError, match=r"'\.pdf'.*\.html"):
        page.write(tmp_path / "map.pdf")
    assert not list(tmp_path.iterdir())


def test_polygons_of_other_areas_are_refused(fit):
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    other = {"type": "Feature", "properties": {"code": "BU1"}, "geometry": square}
    with pytest.raises(DataError, match="boundaries"):
        map_page(fit, {"type": "FeatureCollection", "features": [other]})
