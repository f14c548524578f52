"""Names that would run, break a file or lie come out as text, in every output."""

import pytest

from benchmarks.hostile_names import NAMES, hostile_fit, in_browser, in_reports, in_tables


@pytest.fixture(scope="module")
def hostile():
    return hostile_fit()


def failed(attempts):
    """Return where a name was not text, after seeing that something was tried."""
    found = list(attempts)
    assert len(found) >= 6
    return [attempt for attempt in found if not attempt.escaped]


def test_in_every_format_of_the_tables(hostile, tmp_path):
    assert failed(in_tables(hostile, tmp_path / "tables")) == []


def test_in_reports_as_pages_and_documents(hostile, tmp_path):
    worst = {f"GM{place // 3 + 1:04d}" for place, name in enumerate(NAMES) if "onerror" in name or "frac" in name}
    assert failed(in_reports(hostile, tmp_path / "reports", worst)) == []


def test_on_the_map_page_in_a_browser(hostile, browser, tmp_path):
    assert failed(in_browser(hostile, tmp_path, browser)) == []
