"""Reports of many groups in one folder: made on all cores, taken up again where they were broken off."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bayesmodel import __version__
from bayesmodel.errors import OutputError
from bayesmodel.files import safe_stem, write_atomic
from bayesmodel.messages import Language, _, speaking
from bayesmodel.parallel import cores
from bayesmodel.report.area_sheet import area_sheet
from bayesmodel.report.country_estimates import Country
from bayesmodel.report.document import Document
from bayesmodel.report.group_report import group_report
from bayesmodel.report.own_words import OwnWords
from bayesmodel.theme import Theme, theme, themed

MARK = "reports.json"
"""File that says of which fit the reports are: only those of the same are taken up again."""
FEW = 6
"""Reports that are made in this process; for more, others are started."""
Progress = Callable[[int, int], None]
_here: dict[str, tuple[Country, Theme]] = {}
"""The country and the style of a process that was started for reports."""


@dataclass(frozen=True)
class ReportFolder:
    """What was written.

    Parameters
    ----------
    folder : Path
    made, kept : tuple of str
        Names of the files that were made, and of those that were there already.
    """

    folder: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]


def write_reports(
    country: Country,
    codes: Sequence[str],
    folder: str | Path,
    formats: Sequence[str] = ("html",),
    *,
    explanations: Mapping[str, OwnWords] | None = None,
    language: Language | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> ReportFolder:
    """Write the reports of groups, and the sheets of areas, into a folder, each whole or not at all.

    Parameters
    ----------
    country : Country
    codes : sequence of str
        Of groups, for their report, and of areas, for their sheet.
    folder : str or Path
        Made where it is not there. Reports of the same fit, texts, style and language that are in it already are kept.
    formats : sequence of {"html", "docx", "pdf"}
    explanations : mapping of str to OwnWords, optional
        By code.
    language : {"nl", "en"}, optional
        That of the study when left out.
    force : bool
        Whether reports of another fit may be replaced.
    progress : callable, optional
        Called with how many files are done, and how many there will be.

    Returns
    -------
    ReportFolder

    Raises
    ------
    UnknownNameError
        There is no such group, area or format.
    MissingFeatureError
        A library for a format is not installed.
    OutputError
        The folder holds reports of something else, or cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from bayesmodel.report.country_estimates import country_of
    >>> from bayesmodel.testing import invented_fit
    >>> with TemporaryDirectory() as folder:
    ...     write_reports(country_of(invented_fit()), ["GM0003"], Path(folder, "reports")).made
    ('GM0003.html',)
    """
    folder, own = Path(folder), explanations or {}
    reader = language or country.fit.study.report.language
    for code in codes:
        if code not in country.fit.counts.areas.codes:
            country.members(code)
    mark = _mark(country, reader)
    _prepare(folder, mark, force=force)
    words = {code: _stamp(own.get(code)) for code in codes}
    known = _known(folder)
    wanted = [(code, ending) for code in codes for ending in formats]
    kept = [each for each in wanted if known.get(_file(*each)) == words[each[0]] and (folder / _file(*each)).is_file()]
    left = [each for each in wanted if each not in set(kept)]
    made = list[str]()
    for code, ending in _carried_out(country, left, folder, own, reader):
        made.append(_file(code, ending))
        known[_file(code, ending)] = words[code]
        _write_mark(folder, mark, known)
        if progress is not None:
            progress(len(kept) + len(made), len(wanted))
    return ReportFolder(folder, tuple(made), tuple(_file(*each) for each in kept))


def _file(code: str, ending: str) -> str:
    """Return the name of a report."""
    return f"{safe_stem(code)}.{ending}"


def _stamp(own: OwnWords | None) -> str:
    """Return what tells one explanation from another, and one style from another."""
    return hashlib.sha256(repr((own, theme())).encode()).hexdigest()[:16]


def _mark(country: Country, language: Language) -> dict[str, Any]:
    """Return what tells reports of one fit from those of another."""
    drawn = hashlib.sha256(country.fit.study.model_dump_json().encode())
    drawn.update(country.fit.tree["posterior"]["intercept"].to_numpy().tobytes())
    for bounds in (country.fit.counts.lower, country.fit.counts.upper):
        drawn.update(bounds.tobytes())
    shapes = 0 if country.shapes is None else len(country.shapes)
    return {
        "study": country.fit.study.name,
        "level": country.level,
        "language": language,
        "fit": drawn.hexdigest()[:32],
        "shapes": shapes,
        "version": __version__,
    }


def _prepare(folder: Path, mark: Mapping[str, Any], *, force: bool) -> None:
    """Make the folder, or see that it holds reports of the same fit; with `force` others are replaced."""
    if folder.exists() and not folder.is_dir():
        raise OutputError(_("{folder} is a file; reports need a folder.").format(folder=folder))
    there = folder / MARK
    if there.is_file():
        if _read(there).get("of") == mark:
            return
        if not force:
            said = _("{folder} holds reports of another fit. Choose another folder, or replace them with --force.")
            raise OutputError(said.format(folder=folder))
    elif folder.is_dir() and any(folder.iterdir()) and not force:
        said = _("{folder} holds other files. Choose another folder, or add to it with --force.")
        raise OutputError(said.format(folder=folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = _("{folder} could not be made: {why}.")
        raise OutputError(said.format(folder=folder, why=error.strerror or error)) from error
    _write_mark(folder, mark, {})


def _known(folder: Path) -> dict[str, str]:
    """Return the reports that were made, with the stamp of the explanation in each."""
    return dict(_read(folder / MARK).get("reports", {}))


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a mark; nothing where it is not as it was written."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_mark(folder: Path, mark: Mapping[str, Any], reports: Mapping[str, str]) -> None:
    """Write of which fit the reports are, and which were made."""
    write_atomic(folder / MARK, json.dumps({"of": mark, "reports": reports}, indent=1) + "\n")


def _carried_out(
    country: Country,
    left: Sequence[tuple[str, str]],
    folder: Path,
    own: Mapping[str, OwnWords],
    language: Language,
) -> Iterator[tuple[str, str]]:
    """Write reports and yield each that was written, in this process or on all cores."""
    if len(left) <= FEW or cores() == 1:
        for code, ending in left:
            _write_one(country, folder, language, code, ending, own.get(code))
            yield code, ending
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores(), mp_context=context, initializer=_begin, initargs=(country, theme())) as pool:
        work = partial(_write_there, folder, language)
        running = {pool.submit(work, code, ending, own.get(code)): (code, ending) for code, ending in left}
        try:
            for done in as_completed(running):
                done.result()
                yield running[done]
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(country: Country, style: Theme) -> None:
    """Keep the country and the style in a process that was started for reports."""
    _here["country"] = country, style


def _write_there(folder: Path, language: Language, code: str, ending: str, own: OwnWords | None) -> None:
    """Write a report in a process that was started for it."""
    country, style = _here["country"]
    with themed(style):
        _write_one(country, folder, language, code, ending, own)


def _write_one(
    country: Country, folder: Path, language: Language, code: str, ending: str, own: OwnWords | None
) -> None:
    """Write one report."""
    with speaking(language):
        document_on(country, code, own, language).write(folder / _file(code, ending))


def document_on(country: Country, code: str, own: OwnWords | None = None, language: Language | None = None) -> Document:
    """Return the report of a group, or the sheet of an area."""
    if code in country.fit.counts.areas.codes:
        return area_sheet(country, code, language)
    return group_report(country, code, own, language)
