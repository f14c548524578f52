"""What commands that read a fit have in common: the fit, its language, tables for the eye and for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from bayesmodel.inference import Fit


CODE = 14
"""Letters of a word that are kept on one line."""


@contextmanager
def reading(path: Path, out: Path | None, *, force: bool, accept_unconverged: bool) -> Iterator[Fit]:
    """Give a saved fit, and speak the language of its study unless another was chosen.

    Parameters
    ----------
    path : Path
        ``fit.nc``, or the results folder it is in.
    out : Path or None
        Where a table is to come.
    force : bool
        Whether an older table may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be read.

    Raises
    ------
    FitFileError
        There is no such fit.
    ConvergenceError
        The draws did not converge, and that is not accepted.
    OutputError
        The table exists, or cannot come there.
    """
    from bayesmodel.inference import load_fit
    from bayesmodel.messages import chosen_language, speaking
    from bayesmodel.outputs.results import refuse_unconverged
    from bayesmodel.outputs.whole import refuse_existing_file

    if out is not None:
        refuse_existing_file(out, force=force)
    fit = load_fit(path / "fit.nc" if path.is_dir() else path)
    refuse_unconverged(fit, accept=accept_unconverged)
    with speaking(chosen_language() or fit.study.report.language):
        yield fit


def keep(table: pd.DataFrame, out: Path | None) -> None:
    """Write a table as csv, whole or not at all; text that a spreadsheet program would run is made neutral."""
    from bayesmodel.outputs.spreadsheet_safe import neutralised
    from bayesmodel.outputs.whole import write_whole

    if out is not None:
        write_whole(out, neutralised(table).to_csv(lineterminator="\n"))


def shown(title: str, words: Mapping[str, Iterable[str]], numbers: Mapping[str, Iterable[str]]) -> Table:
    """Return a table for the terminal.

    Parameters
    ----------
    title : str
        What it is, with its unit and interval.
    words, numbers : mapping of str to texts
        Columns by heading; words stand to the left, numbers to the right.
    """
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), title_justify="left", box=SIMPLE_HEAD)
    columns = {heading: list(texts) for heading, texts in (*words.items(), *numbers.items())}
    for heading, texts in columns.items():
        widest = max(map(len, texts), default=0)
        # codes, numbers and the words of a heading are never broken; long names are
        whole = widest if heading in numbers or widest <= CODE else CODE
        justify: Literal["left", "right"] = "right" if heading in numbers else "left"
        table.add_column(heading, justify=justify, min_width=max(whole, *map(len, heading.split())))
    for row in zip(*columns.values(), strict=True):
        table.add_row(*map(escape, row))
    return table


def written(values: pd.Series, form: str) -> list[str]:
    """Return numbers as the language writes them, no zero below zero; nothing of what is not known."""
    from bayesmodel.messages import number

    texts = ["" if isnan(value) else number(value, form) for value in values]
    return [text.removeprefix("-") if not text.strip("-0,.%") else text for text in texts]


def chances(values: pd.Series) -> list[str]:
    """Return probabilities in whole per cents, never as certain; nothing of what is not known."""
    return [
        text if isnan(value) or 0.01 <= value <= 0.99 else ("> 99%" if value > 0.99 else "< 1%")
        for value, text in zip(values, written(values, ".0%"), strict=True)
    ]


def between(table: pd.DataFrame, form: str, lower: str = "lower", upper: str = "upper") -> list[str]:
    """Return intervals as texts, such as ``0.9 .. 1.2``."""
    bounds = zip(written(table[lower], form), written(table[upper], form), strict=True)
    return [f"{low} .. {high}" if low else "" for low, high in bounds]
