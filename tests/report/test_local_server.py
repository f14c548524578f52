"""The local page holds against what another page, program or user of the computer may send to it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from bayesmodel.report.country_estimates import country_of
from bayesmodel.report.local_pages import LocalSite, Reply
from bayesmodel.theme import Theme, themed
from benchmarks.local_page_attacks import CANARY, OUTSIDE, attacks_on, status_of, tried

pytest.importorskip("bottle")
from bayesmodel.errors import OutputError
from bayesmodel.report.local_server import HERE, LocalServer, headers_of


@pytest.fixture(scope="module")
def country(fit, shapes):
    return country_of(fit, "gemeente", shapes)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """A results folder with what may be read, and with ways out of it."""
    parent = tmp_path_factory.mktemp("home")
    folder = parent / "results"
    folder.mkdir()
    (parent / OUTSIDE).write_text(CANARY, "utf-8")
    (folder / "wijken.csv").write_text("code\nWK000100\n", "utf-8")
    (folder / 'odd "name"; x.csv').write_text("odd", "utf-8")
    for name in ("fit.nc", "provenance.json"):
        (folder / name).write_text(CANARY, "utf-8")
    (folder / "link.csv").symlink_to(parent / OUTSIDE)
    (folder / "linked").symlink_to(parent, target_is_directory=True)
    (folder / "folder.csv").mkdir()
    os.mkfifo(folder / "pipe.csv")
    return folder


@pytest.fixture(scope="module")
def server(country, results):
    with LocalServer(LocalSite(country, results)) as running:
        yield running


def read(server, path, **query):
    """Return what a page holds."""
    question = f"?{urlencode(query, doseq=True)}" if query else ""
    with urlopen(Request(f"{server.address}{path}{question}")) as reply:
        return reply.read().decode("utf-8", "replace"), reply.headers


def test_every_attack_is_stopped(server):
    tries = list(attacks_on(server))
    assert len({each.name for each in tries}) > 100
    through = [each.name for each in tries if not each.stopped(tried(server, each))]
    assert through == []
    assert not server._stop.is_set()
    assert "WK000100" in read(server, "nl/tables/wijken.csv")[0]


def test_the_address_for_the_browser_works_once(country):
    with LocalServer(LocalSite(country)) as fresh:
        once = fresh.address_once
        with urlopen(once) as reply:
            assert reply.url == f"{fresh.address}nl/"
        with pytest.raises(OSError, match="404"):
            urlopen(once)


def test_no_other_computer_reaches_it(server):
    assert server._server.server_address[0] == HERE == "127.0.0.1"
    with socket.socket() as other, pytest.raises(OSError, match="refused"):
        other.connect(("127.0.0.2", server.port))


def test_pages_tell_browsers_to_keep_and_run_nothing(server):
    for path in ("nl/", "en/areas?code=GM0001", "nl/report?code=GM0001", "nl/tables/wijken.csv"):
        _text, headers = read(server, path)
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "Set-Cookie" not in headers


def test_only_files_of_the_list_are_offered(server, results):
    home, _headers = read(server, "nl/")
    offered = re.findall(r'href="tables/([^"]+)" download', home)
    assert offered == ["odd%20%22name%22%3B%20x.csv", "wijken.csv"]
    text, headers = read(server, f"nl/tables/{offered[0]}")
    assert text == "odd"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''odd%20%22name%22%3B%20x.csv"


@pytest.mark.parametrize("name", ["a\r\nX-Injected: yes.csv", 'a"; filename=b.exe', "Súdwest/../x.csv", "\x00.csv"])
def test_a_name_stays_inside_its_header(name):
    value = dict(headers_of(Reply(b"", "text/csv", name)))["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", value, re.ASCII)


def test_names_of_areas_are_text(server):
    page, _headers = read(server, "nl/areas", code="GM0001")
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_both_languages_show_the_same_figures(server):
    dutch, english = (read(server, f"{language}/areas", code="GM0002")[0] for language in ("nl", "en"))
    cells = [re.findall(r"<td>([^<]*)</td>", page) for page in (dutch, english)]
    figures = [[re.sub(r"\D", "", cell) for cell in page] for page in cells]
    assert figures[0] == figures[1]
    assert len(figures[0]) > 12


def test_reports_sheets_and_comparisons_are_made(server):
    assert "GM0001" in read(server, "nl/report", code="GM0001")[0]
    assert "Om te bespreken" in read(server, "nl/sheet", code="WK000100")[0]
    with urlopen(f"{server.address}nl/sheet?code=WK000100&as=docx") as reply:
        assert reply.read(2) == b"PK"
        assert reply.headers["Content-Disposition"].endswith("WK000100.docx")
    page, _headers = read(server, "nl/compare", area=["WK000100", "WK000200"], also="GM0003")
    assert page.count('<th scope="row">' if '<th scope="row">' in page else "<tr>") >= 6
    csv, headers = read(server, "nl/compare", area=["WK000100", "WK000200"], **{"as": "csv"})
    assert csv.startswith("area,other,mean")
    assert headers["Content-Type"].startswith("text/csv")


def test_what_cannot_be_done_is_said_on_a_page(server):
    for path in ("nl/compare?area=WK000100", "nl/compare?also=Nergens", "en/sheet?code=WK999999"):
        with pytest.raises(OSError, match=r"HTTP Error 40[04]") as raised:
            urlopen(server.address + path)
        page = raised.value.read().decode()
        assert 'class="wrong"' in page
        assert "Traceback" not in page


def test_a_port_that_is_taken_is_refused(server, country):
    with pytest.raises(OutputError, match="--port"):
        LocalServer(LocalSite(country), server.port)


def test_tables_are_made_where_there_is_no_results_folder(country):
    with LocalServer(LocalSite(country)) as fresh:
        assert "tables/wijken.csv" not in read(fresh, "nl/")[0]
        assert "tables/wijken.csv" in read(fresh, "nl/tables")[0]
        assert "WK000100" in read(fresh, "nl/tables/wijken.csv")[0]


def test_pages_are_in_the_house_style(country):
    style = Theme(accent="#00539f", logo=b"\x89PNG\r\n\x1a\n", logo_text="Gemeente X")
    with themed(style), LocalServer(LocalSite(country)) as fresh:
        home = read(fresh, "nl/")[0]
    assert "--accent:#00539f" in home
    assert 'alt="Gemeente X"' in home


@contextmanager
def opened(browser, address):
    """Yield a page in a browser; what goes wrong in it fails the test."""
    page, wrong = browser.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.goto(address)
    yield page
    page.close()
    assert [text for text in wrong if "favicon" not in text and "404" not in text] == []


def test_a_reader_goes_through_it_by_keyboard_and_closes_it(browser, country):
    axe = pytest.importorskip("pytest_playwright_axe.axe")
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"

    def violations(page):
        page.evaluate(axe.MIN_AXE_PATH.read_text("utf-8"))
        found = page.evaluate(f"axe.run(document, {rules}).then((result) => result.violations)")
        return [(each["id"], [node["html"] for node in each["nodes"]][:2]) for each in found]

    with LocalServer(LocalSite(country)) as fresh, opened(browser, fresh.address_once) as page:
        assert violations(page) == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.focus("#areas-group")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/areas?**")
        assert violations(page) == []
        for code in ("WK000100", "WK000101"):
            page.focus(f"input[value={code}]")
            page.keyboard.press("Space")
        page.focus("#also")
        page.keyboard.press("Enter")
        page.wait_for_url("**/compare?**")
        assert page.locator("table").count() == 2
        assert violations(page) == []
        page.goto(f"{fresh.address}en/report?code=GM0001")
        assert violations(page) == []
        page.goto(f"{fresh.address}nl/map")
        page.wait_for_selector("body[data-ready=yes]", state="attached")
        page.goto(f"{fresh.address}en/")
        page.click("form[action=stop] button")
        page.wait_for_selector("text=Closed.")
        fresh.wait()


def test_the_command_prints_its_address_and_ends_on_ctrl_c(tmp_path, fit, shapes):
    fit.save(tmp_path / "fit.nc")
    (tmp_path / "squares.geojson").write_text(json.dumps(shapes), "utf-8")
    given = ["open", str(tmp_path / "fit.nc"), "--no-browser", "--polygons", str(tmp_path / "squares.geojson")]
    command = [sys.executable, "-m", "bayesmodel", "--quiet", *given]
    ignored = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background has it ignored
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as running:
        signal.signal(signal.SIGINT, ignored)
        try:
            said = running.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+/[\w-]+/", said)[0]
            assert status_of(b"HTTP/1.0 %d" % urlopen(address).status) == 200
            running.send_signal(signal.SIGINT)
            _out, error = running.communicate(timeout=60)
        finally:
            running.kill()
    assert running.returncode == 0, error
    assert error == ""
