"""Ways to spoil a file: bytes flipped, cut, doubled; and cells that attack."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.faults.readers import KINDS, Reader, reader_of
from benchmarks.faults.world import HEADER, WIJKEN, Rows

HOSTILE = (
    *('=HYPERLINK("http://x","y")', "@SUM(1+1)", "+1+1", "=cmd|' /C calc'!A0", "-1+2", "'; DROP TABLE wijken; --"),
    *("1e309", "-1e309", "1e-400", "inf", "-inf", "nan", "NaN", "NA", "None", "null", "true", "0x1F", "1_000"),
    *("9" * 20, "9" * 400, "-" + "9" * 30, "0." + "1" * 400, "1e9", "1e18", "1e300", "-0", "00", "١٢٣", "²", "½"),
    *("1.234,5", "1,234.5", "1.234.567,89", "1 234", "1\u00a0234", "12,5%", "€ 5", "5-10", "<10", "#N/A", "#DIV/0!"),
    *("", " ", "\u00a0", "\u200b", "\ufeff", "\0", "\x01", "\x1b[31m", "\r", "\n", "\r\n", "\t", "\x85", "\u2028"),
    *('"', '""', '"x', "'", ";", ",", "|", "a;b", "[bold]", "[/]", "{name}", "%s", "\\", "${x}", "<b>", "]]>", "&amp;"),
    *(
        "é",
        "e\u0301",
        "ﬁ",
        "İ",
        "ß",
        "\u202e",
        "👍",
        "\U0010ffff",
        "WK034001",
        "wk034001",
        "WK03400",
        "34001",
        "GM0340",
    ),
    *("2021-03-01", "1-3-2021", "24:00", "99999-99-99", "x" * 40_000, "a\n" * 300, "../../etc/passwd", "?", ".", "-"),
)
BYTES = (b"\0", b"\xff", b"\xef\xbb\xbf", b"\n", b'"', b";", b"=", b"[", b"{", b"9" * 30, b"\x80", b"\xc3", b"1e400")
WORDS = (
    *(
        b"[[",
        b"]]",
        b"x = 1\n",
        b"inf",
        b"nan",
        b"9" * 25,
        b"0x" + b"f" * 20,
        b'"\\u0000"',
        b"1979-05-27",
        b"-1",
        b"[]",
    ),
    *(
        b'"rot13"',
        b'"wijk"',
        b'"typical"',
        b'"?"',
        b'""',
        b"true",
        b"{}",
        b"[" * 50,
        b"\xef\xbb\xbf",
        b'"' + b"x" * 5000,
    ),
)


@dataclass(frozen=True)
class Spoilt:
    """A spoilt file.

    Parameters
    ----------
    kind : str
        How its name ends.
    how : str
        What was done to it.
    content : bytes
        What is in it.
    """

    kind: str
    how: str
    content: bytes


def spoilt(number: int, seed: int, kinds: tuple[str, ...] = KINDS) -> Spoilt:
    """Return the input of a number: the same for the same seed, whatever was made before it."""
    rng = random.Random(f"{seed} {number}")
    reader = reader_of(kinds[number % len(kinds)])
    if reader.write is not None and rng.random() < 0.4:
        rows, how = _attacked([list(row) for row in [HEADER, *WIJKEN]], rng)
        try:
            return Spoilt(reader.kind, how, reader.write(rows))
        except (ValueError, TypeError, OverflowError, LookupError, OSError):  # what writes such a file refuses the cell
            return Spoilt(reader.kind, how, reader.sound())
    return _damaged(reader, rng)


def _attacked(rows: Rows, rng: random.Random) -> tuple[Rows, str]:
    """Put a hostile cell, row or column in a table."""
    cell = rng.choice(HOSTILE)
    row, column = rng.randrange(len(rows)), rng.randrange(len(HEADER))
    match rng.randrange(6):
        case 0:
            rows[row] = [cell] * len(rows[row])
        case 1:
            for line in rows[rng.randrange(2) :]:
                line[column] = cell
        case 2:
            rows[row] = rows[row][:column]
        case 3:
            rows.insert(row, rows[row] + [cell])
        case _:
            rows[row][column] = cell
    return rows, f"{cell[:20]!r} at {row}, {column}"


def _damaged(reader: Reader, rng: random.Random) -> Spoilt:
    """Spoil the bytes of a sound file in one to three places."""
    content, done = reader.sound(), []
    for _time in range(rng.choice((1, 1, 2, 3))):
        way = rng.choice(WAYS)
        content = way(content, rng) if content else content
        done.append(way.__name__.strip("_"))
    return Spoilt(reader.kind, ", ".join(done), content)


def _flipped(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _time in range(rng.choice((1, 1, 4, 32))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content))]


def _cut_within(content: bytes, rng: random.Random) -> bytes:
    first = rng.randrange(len(content))
    return content[:first] + content[first + rng.choice((1, 2, 16, 500)) :]


def _doubled(content: bytes, rng: random.Random) -> bytes:
    first = rng.randrange(len(content))
    size = rng.choice((1, 8, 100, len(content)))
    return content[: first + size] + content[first:]


def _inserted(content: bytes, rng: random.Random) -> bytes:
    first = rng.randrange(len(content))
    return content[:first] + rng.choice((*BYTES, *WORDS)) + content[first:]


def _replaced(content: bytes, rng: random.Random) -> bytes:
    """Put something else where a word is."""
    first = rng.randrange(len(content))
    word = rng.choice((*BYTES, *WORDS))
    return content[:first] + word + content[first + len(word) :]


def _zeros(content: bytes, rng: random.Random) -> bytes:
    first, size = rng.randrange(len(content)), rng.choice((4, 64, 512))
    return content[:first] + bytes(size) + content[first + size :]


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flipped, _flipped, _cut, _cut_within, _doubled, _inserted, _replaced, _zeros),
)
