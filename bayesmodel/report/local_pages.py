"""The pages of a fit for who types no commands: plain html for a browser on this computer, made when asked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

import pandas as pd

from bayesmodel.checks.page import image, table_of
from bayesmodel.errors import BayesModelError, ComparisonError, UnknownNameError
from bayesmodel.estimates.compare import compare
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.lookup import find_areas
from bayesmodel.files import MARK
from bayesmodel.format import probability
from bayesmodel.messages import LANGUAGES, Language, _, number
from bayesmodel.plots.interval_plots import forest
from bayesmodel.report import local_texts as say
from bayesmodel.report.country_estimates import Country
from bayesmodel.report.group_cut import Cut, area_row
from bayesmodel.report.map_page import MapPage
from bayesmodel.report.own_words import OwnWords
from bayesmodel.report.report_folder import document_on
from bayesmodel.report.report_texts import HEADS, NOT_CONVERGED, READING
from bayesmodel.study import Label
from bayesmodel.tables.export import neutralised
from bayesmodel.tables.notes import reading_notes
from bayesmodel.tables.results_folder import write_tables
from bayesmodel.theme import theme

HTML = "text/html; charset=utf-8"
KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}
"""Kinds of file that may be downloaded, by ending."""
MOST = 30
"""Areas that are compared at once."""
STYLE = (
    "body{font:16px/1.5 var(--font);color:#262626;max-width:70rem;margin:0 auto;padding:0 1rem 3rem}"
    "h1,h2,a{color:var(--accent)}h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}img{max-width:100%}"
    "header{display:flex;gap:1rem;align-items:center;border-bottom:2px solid var(--accent);padding:.6rem 0}"
    "header p{flex:1;margin:0}.logo{max-height:3rem;max-width:12rem}"
    ".skip{position:absolute;left:-999px}.skip:focus{left:1rem;background:#fff;padding:.5rem}"
    "select,input,button,.button{font:inherit;min-height:2.2rem;padding:.2rem .6rem;max-width:100%}"
    "input[type=checkbox],input[type=radio]{min-height:1.5rem;width:1.5rem;height:1.5rem;vertical-align:middle}"
    "button,.button{background:var(--accent);color:#fff;border:1px solid var(--accent);border-radius:4px;"
    "cursor:pointer;text-decoration:none;display:inline-block}"
    "fieldset{border:1px solid #767676;border-radius:4px;margin:.6rem 0}"
    "fieldset label{display:inline-block;margin-right:1.5rem;min-height:1.75rem}label{display:block}"
    "a{display:inline-block;min-height:1.5rem}:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;border:0}"
    "th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border:0;border-bottom:1px solid #c9c9c9}"
    "thead th{border-bottom:2px solid var(--accent)}td{font-variant-numeric:tabular-nums}.wrong{border-left:4px solid "
    "#a30000;padding-left:.8rem;white-space:pre-line}small{color:#595959}"
)


@dataclass(frozen=True)
class Reply:
    """What is sent to a browser.

    Parameters
    ----------
    body : bytes
    kind : str
        Its media type.
    file : str
        The name under which it is downloaded; shown in the browser when empty.
    """

    body: bytes
    kind: str = HTML
    file: str = ""


Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class LocalSite:
    """The pages of a fit.

    Parameters
    ----------
    country : Country
        Estimated once, for all reports.
    results : Path, optional
        The results folder the fit lies in, whose tables can be downloaded; made when asked for without one.
    own : mapping of str to OwnWords
        What groups say themselves, by code.
    """

    country: Country
    results: Path | None = None
    own: Mapping[str, OwnWords] = field(default_factory=dict)

    def page(self, name: str, language: Language, query: Query) -> Reply:
        """Return what a path leads to.

        Parameters
        ----------
        name : str
            The path below that of the language: empty, ``map``, ``report``, ``sheet``, ``areas``, ``compare``,
            ``tables``, or ``tables/`` and the name of a file.
        language : {"nl", "en"}
        query : mapping of str to sequence of str
            What was filled in.

        Raises
        ------
        UnknownNameError
            There is no such page, group, area, format or file.
        BayesModelError
            What was asked cannot be done.
        """
        if name.startswith("tables/"):
            return self._file(name.removeprefix("tables/"))
        pages = {
            "": self._home,
            "map": self._map,
            "report": self._document,
            "sheet": self._document,
            "areas": self._areas,
            "compare": self._compare,
            "tables": self._tables,
        }
        if name not in pages:
            raise UnknownNameError(_("page"), name, [])
        return pages[name](language, query)

    def wrong(self, error: BayesModelError, language: Language) -> Reply:
        """Return a page that says what cannot be done."""
        return self._page(say.WRONG[language], f'<p class="wrong">{escape(str(error))}</p>', language)

    def stopped(self, language: Language) -> Reply:
        """Return the last page."""
        return self._page(say.STOPPED[language], "", language, back=False)

    def close(self) -> None:
        """Take away the tables that were made to be downloaded."""
        if "_scratch" in self.__dict__:
            self._scratch.cleanup()

    def _home(self, language: Language, query: Query) -> Reply:
        """Return the overview: what can be opened, made and downloaded."""
        study = self.country.fit.study
        choose = self._choice(language)
        forms = [form for form in say.FORMS if form != "pdf" or find_spec("weasyprint")]
        radios = "".join(
            f'<label><input type="radio" name="as" value="{form}"{" checked" if form == "html" else ""}> '
            f"{escape(say.FORMS[form][language])}</label>"
            for form in forms
        )
        to_map = f'<p><a class="button" href="map">{say.OPEN_MAP[language]}</a></p>'
        parts = [
            self._part(say.MAP, say.MAP_WHY if self._mapped else say.NO_MAP, to_map if self._mapped else "", language),
            self._part(
                say.REPORT,
                say.REPORT_WHY,
                f'<form action="report" method="get">{choose("report-group")}<fieldset><legend>{say.FORM[language]}'
                f"</legend>{radios}</fieldset><button>{say.MAKE[language]}</button></form>",
                language,
            ),
            self._part(
                say.AREAS,
                say.AREAS_WHY,
                f'<form action="areas" method="get">{choose("areas-group")}'
                f"<p><button>{self._text(say.SHOW_AREAS, language)}</button></p></form>",
                language,
            ),
            self._part(say.TABLES, say.TABLES_WHY, self._listed(language, "tables/"), language),
        ]
        if self.country.fit.diagnostics.problems:
            parts.insert(0, f'<p class="wrong">{escape(NOT_CONVERGED[language])}</p>')
        parts.append(self._notes(language))
        parts.append(
            f'<form action="stop" method="post"><p>{say.STOP_WHY[language]}</p><p><button>{say.STOP[language]}</button>'
            f"</p></form><p><small>{say.ONLY_HERE[language]}</small></p>"
        )
        title = f"{study.outcome.count[language]}, {study.outcome.year}"
        return self._page(title[:1].upper() + title[1:], "".join(parts), language, back=False)

    def _map(self, language: Language, query: Query) -> Reply:
        """Return the map page, made once."""
        if self._map_page is None:
            raise ComparisonError(say.NO_MAP[language])
        return Reply(MapPage(self._map_page.content, language).html.encode())

    def _document(self, language: Language, query: Query) -> Reply:
        """Return the report of a group, or the sheet of an area: to look at, or as a file."""
        code, form = _one(query, "code"), _one(query, "as") or "html"
        made = document_on(self.country, code, self.own.get(code), language)
        content = made.content(form)
        if form != "html":
            return Reply(content, KINDS[f".{form}"], f"{code}.{form}")
        back = f'<main><nav aria-label="{say.BACK[language]}"><a href="./">{say.BACK[language]}</a></nav>'
        return Reply(content.decode().replace("<main>", back, 1).encode())

    def _areas(self, language: Language, query: Query) -> Reply:
        """Return the figures of the areas of a group, each with its sheet and a box to compare it."""
        code = _one(query, "code")
        cut = Cut(self.country, code, self.country.members(code), language)
        study, rows = self.country.fit.study, list[str]()
        forms = [form for form in say.FORMS if form != "pdf" or find_spec("weasyprint")]
        heads: Iterable[str] = ()
        for area, row in cut.areas.iterrows():
            name, cells = str(row[f"{study.area}_name"]), area_row(cut, row)
            heads = cells
            links = " ".join(
                f'<a href="sheet?{urlencode({"code": str(area), "as": form})}" '
                f'aria-label="{escape(say.SHEET_OF[language].format(name=name))}: {form}">'
                f"{form}</a>"
                for form in forms
            )
            box = (
                f'<input type="checkbox" name="area" value="{escape(str(area))}" '
                f'aria-label="{escape(say.SELECT_ONE[language].format(name=name))}">'
            )
            shown = "".join(f"<td>{escape(text)}</td>" for text in cells.values())
            head = f'<th scope="row">{escape(name)} ({escape(str(area))})</th>'
            rows.append(f"<tr><td>{box}</td>{head}{shown}<td>{links}</td></tr>")
        names = [say.SELECT[language], study.area, *heads, say.SHEET[language]]
        header = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
        body = (
            f'<form action="compare" method="get"><div class="wide" tabindex="0" role="region" '
            f'aria-label="{escape(self._text(say.IN_GROUP, language, name=cut.name))}"><table><thead><tr>{header}</tr>'
            f'</thead><tbody>{"".join(rows)}</tbody></table></div><p><label for="also">{say.ALSO[language]}</label>'
            f'<input id="also" name="also" size="50" maxlength="400"></p>'
            f"<p><button>{say.COMPARE[language]}</button></p></form>{self._notes(language)}"
        )
        return self._page(self._text(say.IN_GROUP, language, name=cut.name), body, language)

    def _compare(self, language: Language, query: Query) -> Reply:
        """Return areas and groups compared: each of them, and every pair; or the pairs as csv."""
        study, counts = self.country.fit.study, self.country.fit.counts
        typed = [text.strip() for text in _one(query, "also").split(";") if text.strip()]
        found = find_areas(counts, typed, [study.area, *study.level_names]) if typed else []
        codes = list(dict.fromkeys([*query.get("area", ()), *(key.code for key in found)]))
        if len(codes) > MOST:
            raise ComparisonError(say.TOO_MANY[language].format(most=MOST, number=len(codes)))
        result = compare(self.country.fit, codes)
        pairs, each = result.summary(), result.estimate.summary()
        numbers = ["mean", "lower", "upper"]
        if _one(query, "as") == "csv":
            return Reply(neutralised(pairs).to_csv(lineterminator="\n").encode(), KINDS[".csv"], "compare.csv")
        cut = Cut(self.country, "", (), language)
        names = {str(code): f"{name} ({code})" for code, name in result.names.items()}
        use = cut.text(HEADS["use"])
        table = pd.DataFrame(
            {use: [cut.written(row, ".1f", 100, "%") for row in each[numbers].to_numpy().tolist()]},
            index=pd.Index([names[str(code)] for code in each.index], name=""),
        )
        gaps = pd.DataFrame(
            {
                say.SECOND[language]: [names[str(other)] for _first, other in pairs.index],
                say.GAP[language]: [cut.written(row, "+.1f") for row in pairs[numbers].to_numpy().tolist()],
                say.CHANCE[language]: [probability(chance, language) for chance in pairs["p_higher"]],
            },
            index=pd.Index([names[str(first)] for first, _other in pairs.index], name=say.FIRST[language]),
        )
        csv = urlencode({"area": codes, "as": "csv"}, doseq=True)
        body = (
            f"<p>{say.COMPARED_WHY[language]}</p>{table_of(table)}{image(forest(result.estimate, language=language))}"
            f"<h2>{say.PAIRS[language]}</h2>{table_of(gaps)}"
            f'<p><a href="compare?{escape(csv)}">{say.DOWNLOAD[language]}</a></p>{self._notes(language)}'
        )
        return self._page(say.COMPARED[language], body, language)

    def _tables(self, language: Language, query: Query) -> Reply:
        """Return the list of tables, made first where the fit has no results folder."""
        return self._page(say.TABLES[language], self._listed(language, "tables/", make=True), language)

    def _listed(self, language: Language, path: str, *, make: bool = False) -> str:
        """Return the files that can be downloaded as links, or a link to where they are made."""
        if self.results is None and not make and "_folder" not in self.__dict__:
            return f'<p><a class="button" href="tables">{say.MAKE_TABLES[language]}</a></p>'
        items = []
        for name, size in self._files().items():
            shown = say.KILOBYTES[language].format(name=name, size=number(max(1, size // 1000), ",", language))
            items.append(f'<li><a href="{escape(path)}{quote(name)}" download>{escape(shown)}</a></li>')
        return f"<ul>{''.join(items)}</ul>"

    def _files(self) -> dict[str, int]:
        """Return the sizes of the files that may be downloaded: plain files of known kinds, no links to elsewhere."""
        found = {}
        for entry in os.scandir(self._folder):
            if entry.is_file(follow_symlinks=False) and Path(entry.name).suffix in KINDS and entry.name != MARK:
                found[entry.name] = entry.stat(follow_symlinks=False).st_size
        return dict(sorted(found.items(), key=lambda each: (not each[0].endswith(".xlsx"), each[0])))

    def _file(self, name: str) -> Reply:
        """Return a file of the list, opened so that a link put in its place is not followed."""
        if name not in self._files():
            raise UnknownNameError(_("table"), name, [])
        try:
            opened = os.open(self._folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            raise UnknownNameError(_("table"), name, []) from None
        with os.fdopen(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnknownNameError(_("table"), name, [])
            return Reply(file.read(), KINDS[Path(name).suffix], name)

    @cached_property
    def _folder(self) -> Path:
        """The results folder, or one with the tables that is gone when the program ends."""
        if self.results is not None:
            return self.results
        folder = Path(self._scratch.name) / "tables"
        write_tables(self.country.fit, folder, accept_unconverged=True)
        return folder

    @cached_property
    def _scratch(self) -> TemporaryDirectory[str]:
        return TemporaryDirectory(prefix="bayesmodel-", ignore_cleanup_errors=True)

    @property
    def _mapped(self) -> bool:
        """Whether there are polygons for a map."""
        return self.country.shapes is not None

    @cached_property
    def _map_page(self) -> MapPage | None:
        """The map page, which takes some time to make."""
        from bayesmodel.report.map_page import map_page

        if self.country.shapes is None:
            return None
        shapes = self.country.shapes.rename_axis("code").reset_index()
        return map_page(self.country.fit, shapes, code="code")

    def _choice(self, language: Language) -> Callable[[str], str]:
        """Return how a list of groups to choose from is written."""
        table = self.country.tables.frames[self.country.level]
        groups = sorted((str(name), str(code)) for code, name in table[f"{self.country.level}_name"].items())
        options = "".join(
            f'<option value="{escape(code)}">{escape(name)} ({escape(code)})</option>' for name, code in groups
        )
        label = escape(self._text(say.CHOOSE, language))
        return lambda name: f'<label for="{name}">{label}</label><select id="{name}" name="code">{options}</select>'

    def _notes(self, language: Language) -> str:
        """Return what readers are always told."""
        told = reading_notes(self.country.fit.counts, language, listing=False)
        if self.country.fit.diagnostics.problems:
            told = (NOT_CONVERGED[language], *told)
        return f"<h2>{READING[language]}</h2><ul>{''.join(f'<li>{escape(note)}</li>' for note in told)}</ul>"

    def _part(self, heading: Label, why: Label, body: str, language: Language) -> str:
        """Return a part of the overview."""
        title, text = (escape(self._text(label, language)) for label in (heading, why))
        return f"<section><h2>{title}</h2><p>{text}</p>{body}</section>"

    def _text(self, label: Label, language: Language, **values: object) -> str:
        """Return a text with the words for areas and groups filled in."""
        study = self.country.fit.study
        known = {
            "level": level_label(study, self.country.level)[language],
            "areas": study.areas_label[language],
            "area": study.area,
        }
        return label[language].format(**(known | values))

    def _page(self, title: str, body: str, language: Language, *, back: bool = True) -> Reply:
        """Return a page with the header that all have."""
        other = next(each for each in LANGUAGES if each != language)
        home = f'<a href="./">{say.BACK[language]}</a>' if back else escape(self.country.fit.study.name)
        return Reply(
            (
                f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
                '<meta name="viewport" content="width=device-width, initial-scale=1">'
                f"<title>{escape(title)}</title><style>{theme().css}{STYLE}</style></head><body>"
                f'<a class="skip" href="#content">{say.SKIP[language]}</a><header>{theme().image}<p>{home}</p>'
                f'<nav aria-label="{say.LANGUAGES[language]}"><a href="../{other}/" lang="{other}" hreflang="{other}">'
                f'{say.OTHER_LANGUAGE[language]}</a></nav></header><main id="content" tabindex="-1">'
                f"<h1>{escape(title)}</h1>{body}</main></body></html>\n"
            ).encode()
        )


def _one(query: Query, name: str) -> str:
    """Return what was filled in under a name; empty when nothing was."""
    return next(iter(query.get(name, ())), "")
