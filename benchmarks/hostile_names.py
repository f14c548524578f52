"""Names that would run, break a file or lie if they were anything but text, through every output."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import docx
import numpy as np
import openpyxl
import pandas as pd

from bayesmodel import Fit, country_of, map_page, write_tables
from bayesmodel.report.group_report import group_report
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.export import is_live, restored
from bayesmodel.tables.results_folder import FORMATS
from bayesmodel.testing import invented_fit
from benchmarks.formats import READERS

MARK = "document.body.dataset.attacked=1"
NAMES = (
    "\"double\" and 'single' quotes",
    "Sint & Jân &amp; <b>vet</b>",
    f"<script>{MARK}</script>",
    f"</script><script>{MARK}</script>",
    f"</title></style></textarea><script>{MARK}</script>",
    f'<img src=x onerror="{MARK}">',
    f'" onmouseover="{MARK}" x="',
    f"' onfocus='{MARK}' autofocus x='",
    f"<svg onload={MARK}>",
    f'<a href="javascript:{MARK}">click</a>',
    "]]><!-- --> <?xml ?>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\t=1+1",
    'Duin;=HYPERLINK("http://x.example","x")',
    "=1+1\n=2+2",
    "Skûtelân, Dôngeradiel, Fryslân, Wûnseradiel",
    "\u202edlo\u202c \u200f",
    "line one\nline two\r\nline three",
    "long " * 600,
    "{{7*7}} {0} {name} %s %(x)s ${7*7}",
    "$\\frac{1$ and $x_2$",
    "'; DROP TABLE wijken; --",
    "../../etc/passwd",
    "\u2028separator",
    "_x0041_ &#65;",
)
READY = "body[data-ready=yes]"


class Attempt(NamedTuple):
    """One name in one output, and whether it came out as text."""

    output: str
    name: str
    escaped: bool


def hostile_fit() -> Fit:
    """Return a fit whose wijken and gemeenten have these names."""
    fit = invented_fit(areas=len(NAMES))
    areas = fit.counts.areas
    areas.names.iloc[:] = np.array(NAMES, dtype=object)
    for labels in areas.level_labels.values():
        labels.iloc[:] = np.array([NAMES[place % len(NAMES)] for place in range(len(labels))], dtype=object)
    return fit


def polygons(fit: Fit) -> dict[str, Any]:
    """Return a square for every wijk."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]) * 1000.0 + [100_000, 400_000]
    features = [
        {
            "type": "Feature",
            "properties": {"code": str(code), "name": NAMES[place]},
            "geometry": {
                "type": "Polygon",
                "coordinates": [np.add(corners, (1000 * (place % 6), 1000 * (place // 6))).tolist()],
            },
        }
        for place, code in enumerate(fit.counts.areas.codes)
    ]
    return {"type": "FeatureCollection", "features": features}


def in_tables(fit: Fit, folder: Path) -> Iterator[Attempt]:
    """Yield how names come out of every format of the tables."""
    write_tables(fit, folder, FORMATS, polygons=polygons(fit))
    tables = tables_of(fit)
    for form, (read, _kind) in READERS.items():
        if form.startswith("long"):
            csv = form.endswith("csv")
            long = pd.read_csv(folder / "long.csv") if csv else pd.read_parquet(folder / "long.parquet")
            names = long[long["level"] == "wijk"].drop_duplicates("code").set_index("code")["name"]
            names = names.map(restored) if csv else names
        else:
            names = read(folder, tables, "wijk")["wijk_name"]
        for code, name in zip(fit.counts.areas.codes, NAMES, strict=True):
            yield Attempt(form, name, names[code] == name)
    for path in folder.glob("*.csv"):
        excel = path.stem.endswith("-excel")
        read_text = pd.read_csv(path, sep=";" if excel else ",", dtype=str, encoding="utf-8-sig", keep_default_na=False)
        live = [cell for column in read_text for cell in read_text[column] if is_live(cell)]
        yield Attempt(path.name, "every cell", not live)
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    yield Attempt("tables.xlsx", "every cell", not any(cell.data_type == "f" for cell in cells))


class _Elements(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def squeezed(text: str) -> str:
    """Return a text with every run of white space as one space, as pages show it."""
    return " ".join(text.split())


def in_reports(fit: Fit, folder: Path, chosen: Collection[str] | None = None) -> Iterator[Attempt]:
    """Yield how names come out of reports as web pages and as Word documents; of all groups, or of some."""
    country = country_of(fit, "gemeente", polygons(fit))
    codes = [str(code) for code in country.groups.codes if chosen is None or str(code) in chosen]
    folder.mkdir(exist_ok=True)
    for code in codes:
        made = group_report(country, code)
        for ending in ("html", "docx"):
            made.write(folder / f"{code}.{ending}")
        page = _Elements()
        page.feed((folder / f"{code}.html").read_text("utf-8"))
        document = docx.Document(str(folder / f"{code}.docx"))
        words = [each.text for each in document.paragraphs]
        words += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        handlers = [name for tag, attributes in page.tags for name in attributes if name.startswith("on")]
        scripts = [tag for tag, _ in page.tags if tag in ("script", "svg", "iframe", "object")]
        for each in country.members(code):
            name = str(fit.counts.areas.names[each])
            shown = squeezed(name) in squeezed(page.text)
            yield Attempt("report.html", name, shown and not handlers and not scripts)
            yield Attempt("report.docx", name, squeezed(name) in squeezed(" ".join(words)))


def in_browser(fit: Fit, path: Path, browser: Any) -> Iterator[Attempt]:
    """Yield how names come out of the map page and of reports in a real browser: shown, and nothing of them runs."""
    wrong: list[str] = []
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(("file:", "blob:")) else None)
    map_page(fit, polygons(fit)).write(path / "map.html")
    page.goto((path / "map.html").as_uri())
    page.wait_for_selector(READY, state="attached")
    scripts = page.evaluate("document.scripts.length")
    for place, name in enumerate(NAMES):
        page.hover(f"#a{place}", force=True)
        page.evaluate(f"choose([{place}])")
        card = page.inner_text("#card")
        ran = page.evaluate("document.body.dataset.attacked") is not None
        more = page.evaluate("document.scripts.length") != scripts
        yield Attempt("map.html", name, _seen(name, card) and not ran and not more and not wrong)
    for report in sorted(path.glob("GM*.html")):
        page.goto(report.as_uri())
        page.wait_for_load_state()
        ran = page.evaluate("document.body.dataset.attacked") is not None
        yield Attempt("report in browser", report.name, not ran and not wrong)
    page.close()


def _seen(name: str, text: str) -> bool:
    """Return whether a page shows a name; marks that direct writing may stand around it."""
    return squeezed(name) in squeezed(re.sub("[\u2066-\u2069]", "", text))
