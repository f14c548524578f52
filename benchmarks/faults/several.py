"""Faults of studies that are to be fitted as one model: several years, or several outcomes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.faults.case import Case
from benchmarks.faults.world import Rows, with_text, write_world

YEARS = ("years", "study.toml", "later.toml", "--quiet")
OUTCOMES = ("outcomes", "--quiet", "youth=study.toml", "wmo=later.toml")


def _both(
    folder: Path,
    year: str = "2022",
    table: Callable[[Rows], Rows] = lambda rows: rows,
    study: Callable[[str], str] = lambda text: text,
) -> None:
    """Write the study beside another one, of the year and with the changes given."""
    write_world(folder)
    other = folder / "other"
    other.mkdir()
    write_world(other, table, lambda text: study(_of_year(text, year)))
    (other / "wijken.csv").rename(folder / "later.csv")
    (other / "study.toml").rename(folder / "later.toml")
    other.rmdir()


def _of_year(text: str, year: str) -> str:
    """Return the study of another table and year."""
    return text.replace("wijken.csv", "later.csv").replace("\nyear = 2021\n", f"\nyear = {year}\n")


def _elsewhere(rows: Rows) -> Rows:
    """Return the table of a country with other codes."""
    header, *wijken = rows
    return [header, *([f"WK9{row[0][3:]}", row[1], f"GM9{row[2][3:]}", *row[3:]] for row in wijken)]


def _without_region(text: str) -> str:
    """Return the study without its second level."""
    start, end = text.index('[[levels]]\nname = "jeugdzorgregio"'), text.index("[publication]")
    return text[:start].replace('within = "jeugdzorgregio"\n', "") + text[end:]


FAMILY = with_text("[publication]", '[model]\nfamily = "binomial"\n\n[publication]')

SEVERAL = (
    Case("a year twice", partial(_both, year="2021"), ("outcome.year", "studies of two or more years"), YEARS),
    Case(
        "one year alone",
        _both,
        ("outcome.year: found 2021", "studies of two or more years"),
        ("years", "--quiet", "study.toml"),
    ),
    Case(
        "years with another model",
        partial(_both, study=FAMILY),
        ("model.family: found poisson in 2021; binomial in 2022", "the same in all years", "Make the studies alike"),
        YEARS,
    ),
    Case(
        "years with other levels",
        partial(_both, study=_without_region),
        ("levels: found gemeente (jeugdzorgregio), jeugdzorgregio in 2021; gemeente in 2022",),
        YEARS,
    ),
    Case(
        "years without an area in common",
        partial(_both, table=_elsewhere),
        ("2021-2022: found 0 of 12 areas of 2022 that are an area of 2021 too", "look whether the codes agree"),
        YEARS,
    ),
    Case(
        "one table for two years",
        _both,
        (
            "2021, 2022: found the same counts of the same people",
            "in all 12 areas",
            "Look which table each study names",
        ),
        YEARS,
    ),
    Case("one outcome alone", _both, ("outcomes: found 1", "from 2 to 4 outcomes"), OUTCOMES[:3]),
    Case(
        "two outcomes of one name",
        _both,
        ("found youth, Youth", "names that differ in more than capitals"),
        (*OUTCOMES[:3], "Youth=later.toml"),
    ),
    Case(
        "outcomes with another model",
        partial(_both, year="2021", study=FAMILY),
        ("model.family: found poisson in youth; binomial in wmo", "the same for all outcomes"),
        OUTCOMES,
    ),
    Case(
        "outcomes of other areas",
        partial(_both, year="2021", table=_elsewhere),
        ("youth, wmo: found 0 areas in both, of 12 and 12", "Take tables of the same areas"),
        OUTCOMES,
    ),
    Case(
        "one column for two outcomes",
        partial(_both, year="2021"),
        ("youth, wmo: found the same counts for both, in all 12 areas", "which column of counts each study names"),
        OUTCOMES,
    ),
    Case(
        "outcomes to add up, of ages that overlap",
        partial(_both, year="2021"),
        ("outcomes to add up: found 0-22, which has ages that 0-17 has too", "do not add them up"),
        ("outcomes", "--quiet", "--sum", "0-17=study.toml", "0-22=later.toml"),
    ),
)
