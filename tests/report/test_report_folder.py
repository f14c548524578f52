"""Many reports: taken up again, made anew where texts changed, never mixed with those of another fit."""

import json

import pytest

from bayesmodel.errors import OutputError, UnknownNameError
from bayesmodel.report import report_folder
from bayesmodel.report.country_estimates import country_of
from bayesmodel.report.own_words import OwnWords
from bayesmodel.report.report_folder import MARK, write_reports
from bayesmodel.testing import invented_fit

CODES = ["GM0001", "GM0002", "GM0003"]


@pytest.fixture(scope="module")
def country():
    return country_of(invented_fit())


def test_reports_that_are_there_are_kept(country, tmp_path):
    seen = []
    first = write_reports(country, CODES[:2], tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert first.made == ("GM0001.html", "GM0002.html")
    assert seen == [(1, 2), (2, 2)]
    before = (tmp_path / "out" / "GM0001.html").stat().st_mtime_ns
    again = write_reports(country, CODES, tmp_path / "out")
    assert again.kept == first.made
    assert again.made == ("GM0003.html",)
    assert (tmp_path / "out" / "GM0001.html").stat().st_mtime_ns == before


def test_a_report_whose_explanation_changed_is_made_anew(country, tmp_path):
    write_reports(country, CODES[:2], tmp_path / "out")
    again = write_reports(country, CODES[:2], tmp_path / "out", explanations={"GM0002": OwnWords("New.")})
    assert (again.made, again.kept) == (("GM0002.html",), ("GM0001.html",))
    assert "New." in (tmp_path / "out" / "GM0002.html").read_text("utf-8")


def test_a_report_that_was_taken_away_is_made_again(country, tmp_path):
    write_reports(country, CODES[:1], tmp_path / "out")
    (tmp_path / "out" / "GM0001.html").unlink()
    assert write_reports(country, CODES[:1], tmp_path / "out").made == ("GM0001.html",)


def test_reports_of_another_fit_are_not_mixed(country, tmp_path):
    write_reports(country, CODES[:1], tmp_path / "out")
    other = country_of(invented_fit("poisson"))
    with pytest.raises(OutputError, match="--force"):
        write_reports(other, CODES[:1], tmp_path / "out")
    assert write_reports(other, CODES[:1], tmp_path / "out", force=True).made == ("GM0001.html",)


def test_a_folder_with_other_files_is_refused(country, tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"")
    with pytest.raises(OutputError):
        write_reports(country, CODES[:1], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_an_unknown_group_writes_nothing(country, tmp_path):
    with pytest.raises(UnknownNameError):
        write_reports(country, ["GM0001", "GM0099"], tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_other_processes_make_the_same_reports(country, tmp_path, monkeypatch):
    one = write_reports(country, CODES, tmp_path / "one", ("html",))
    monkeypatch.setattr(report_folder, "FEW", 1)
    monkeypatch.setattr(report_folder, "cores", lambda: 2)
    two = write_reports(country, CODES, tmp_path / "two", ("html",))
    assert sorted(one.made) == sorted(two.made)
    for name in one.made:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert set(json.loads((tmp_path / "two" / MARK).read_text("utf-8"))["reports"]) == set(two.made)
