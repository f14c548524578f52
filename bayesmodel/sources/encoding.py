"""Bytes to text: UTF-8 where it is, else Windows or Latin-1 where that gives words, else the user says it."""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from pathlib import Path

from bayesmodel.messages import _
from bayesmodel.sources.limits import BYTES, too_many_bytes
from bayesmodel.sources.text import table_fault

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""Byte-order marks, and what they stand for."""

USUAL = frozenset("áàâäãåéèêëíìîïóòôöõúùûüýÿçñøæßÁÀÂÄÅÉÈÊËÍÌÎÏÓÒÔÖÚÙÛÜÇÑØÆ€‘’“”–—…•·°²³½¼¾§©®«»µ´¨ªº± \u00a0")
"""Letters and signs of Dutch tables, of names from abroad, and of spreadsheet programs."""

LOST = "\ufffd"
TWICE = re.compile("[ÃÂ][\u0080-\u00bf]|Ã[‚ƒ„†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]")
"""Letters with a sign as UTF-8 looks when it was read as Latin-1 or Windows-1252: é is Ã©."""


def read_text(path: Path, encoding: str | None) -> tuple[str, str]:
    """Read a text file, also gzipped.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str or None
        As the study says it; found out when None.

    Returns
    -------
    tuple of str and str
        The text, and a word about its encoding for the notes (empty for plain UTF-8).

    Raises
    ------
    DataError
        The bytes are not of the stated encoding, or may be of several, or letters were lost before.
    """
    raw = _bytes_of(path)
    mark = next((mark for mark in MARKS if raw.startswith(mark)), None)
    if encoding is not None:
        return _decoded(raw, encoding, path), encoding
    if mark is not None:
        name = _("UTF-8 with a byte-order mark") if mark == codecs.BOM_UTF8 else "UTF-16"
        return _whole(_decoded(raw, MARKS[mark], path), path), name
    try:
        return _whole(raw.decode("utf-8"), path), ""
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    unusual = sorted({letter for letter in text if ord(letter) > 127} - USUAL)
    if not text or unusual:
        seen = _(" (as Windows-1252 it would hold {names})").format(names=" ".join(unusual[:5])) if unusual else ""
        found = _("bytes that are not UTF-8, first in line {line}{seen}").format(line=line, seen=seen)
        advice = _(
            'Say in [[tables]] what it is, such as encoding = "latin-1", "cp1252", "cp850" or "mac-roman", '
            "or save it again as UTF-8 (in a spreadsheet program: CSV UTF-8)."
        )
        raise table_fault(path.name, found, _("a text file in UTF-8, or one in Latin-1 that gives words"), advice)
    windows = any(0x80 <= byte < 0xA0 for byte in raw)
    return text, "Windows-1252" if windows else "Latin-1"


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, unpacked where it is gzipped, and no more of them than a table may have."""
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
            raw = file.read(BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise table_fault(
            path.name, _("no whole gzip file"), _("a file packed with gzip"), _("Fetch it again.")
        ) from None
    except OSError as error:
        found = _("a file that cannot be read ({error})").format(error=error.strerror or error)
        raise table_fault(path.name, found, _("a table")) from None
    if len(raw) > BYTES:
        raise too_many_bytes(path.name)
    return raw


def _decoded(raw: bytes, encoding: str, path: Path) -> str:
    """Decode bytes in an encoding that is stated or marked."""
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        line = raw[: getattr(error, "start", 0)].count(b"\n") + 1
        found = _("bytes that are not {encoding}, first in line {line}").format(encoding=encoding, line=line)
        advice = _("Leave tables.encoding out to have it found, or state another.")
        raise table_fault(path.name, found, _("text in {encoding}").format(encoding=encoding), advice) from None


def _whole(text: str, path: Path) -> str:
    """Refuse text whose letters were damaged before it came here."""
    if LOST not in text and not TWICE.search(text):
        return text
    damaged = [
        (number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if LOST in line or TWICE.search(line)
    ]
    rows = [_("line {number} ({text!r})").format(number=number, text=_around(line)) for number, line in damaged]
    lost = any(LOST in line for _, line in damaged)
    found = (
        _("letters that were lost: Latin-1 was read as UTF-8") if lost else _("UTF-8 that was read as Latin-1 before")
    )
    advice = _("Take the file from its source again; if these letters do not matter, state tables.encoding.")
    raise table_fault(path.name, found, _("letters such as é and ë as they were"), advice, rows)


def _around(line: str) -> str:
    """Show the damaged place of a line."""
    place = line.find(LOST) if LOST in line else next(TWICE.finditer(line)).start()
    return line[max(0, place - 12) : place + 12]
