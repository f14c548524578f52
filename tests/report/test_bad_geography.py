"""Maps and reports of polygons that do not fit: some lacking, of others, of one wijk, of nothing that is known."""

import gzip
import json
import re
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from bayesmodel import country_of, group_report, map_page
from bayesmodel.data import Status
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def plain():
    """Sixteen wijken; the last gemeente has one."""
    return invented_fit(areas=16)


def content_of(page):
    """Return what a page carries, as a browser unpacks it."""
    packed = re.search(r'id="content">([^<]*)</script>', page.html).group(1)
    return json.loads(gzip.decompress(b64decode(packed)))


def with_status(fit, status):
    """Return a fit all of whose counts have one status."""
    upper = np.minimum(9 if status == Status.SUPPRESSED else fit.counts.population, fit.counts.population)
    lower = np.zeros(len(fit.counts), dtype=np.int64)
    statuses = np.full(len(fit.counts), status)
    return replace(fit, counts=replace(fit.counts, status=statuses, lower=lower, upper=upper))


def only(shapes, codes):
    """Return the polygons of some wijken."""
    kept = [each for each in shapes["features"] if each["properties"]["code"] in codes]
    return shapes | {"features": kept}


def test_wijken_without_a_polygon_are_on_the_page_without_a_shape(plain, shapes):
    content = content_of(map_page(plain, only(shapes, {"WK000100", "WK000201"})))
    drawn = [code for code, path in zip(content["areas"]["codes"], content["shapes"]["paths"], strict=True) if path]
    assert drawn == ["WK000100", "WK000201"]
    assert len(content["areas"]["codes"]) == 16


def test_a_report_of_a_gemeente_without_polygons_has_no_map_and_is_whole(plain, shapes):
    country = country_of(plain, "gemeente", only(shapes, {"WK000100"}))
    with_map, without = (group_report(country, code, language="en") for code in ("GM0001", "GM0002"))
    assert "On the map" in [section.heading for section in with_map.sections]
    headings = [section.heading for section in without.sections]
    assert "On the map" not in headings
    expected = [each.heading for each in with_map.sections if each.heading != "On the map"]
    assert headings == [heading.replace("Gemeente 0001", "Gemeente 0002") for heading in expected]


def test_a_gemeente_of_one_wijk_has_nothing_to_compare_with_inside(plain, shapes):
    made = group_report(country_of(plain, "gemeente", shapes), "GM0006", language="en")
    assert any("nothing inside the gemeente to compare with" in text for text in made.sections[0].texts)
    assert len(made.html) > 1000


@pytest.mark.parametrize("status", [Status.SUPPRESSED, Status.MISSING])
def test_all_hidden_or_nothing_delivered_gives_a_map_and_reports_without_a_count(plain, shapes, status):
    fit = with_status(plain, status)
    areas = content_of(map_page(fit, shapes))["areas"]
    assert areas["published"] == [None] * 16
    assert sum(areas["hidden"]) == (16 if status == Status.SUPPRESSED else 0)
    assert sum(areas["missing"]) == (16 if status == Status.MISSING else 0)
    made = group_report(country_of(fit, "gemeente", shapes), "GM0001", language="en")
    table = next(section.tables[0] for section in made.sections if section.tables)
    said = "hidden (0 to " if status == Status.SUPPRESSED else "not delivered (predicted)"
    assert table["published count"].str.startswith(said).all()
