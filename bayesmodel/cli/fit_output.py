"""What commands that read a fit share: the fit, its language, and tables for the terminal and for a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from bayesmodel.cli.terminal_table import TerminalTable
    from bayesmodel.estimates.verdict_rule import VerdictClass
    from bayesmodel.inference.fit import Fit
    from bayesmodel.study import Label


GEMEENTE = "gemeente"
"""The level of --gemeente."""


@contextmanager
def reading(path: Path, out: Path | None, *, force: bool, accept_unconverged: bool) -> Iterator[Fit]:
    """Yield a saved fit, using the language of its study unless another was chosen.

    Parameters
    ----------
    path : Path
        ``fit.nc``, or the results folder it is in.
    out : Path or None
        Where a table will be written.
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
        The table exists, or cannot be written there.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.estimates.disclosure import not_for_publication
    from bayesmodel.files import refuse_existing_file
    from bayesmodel.inference.fit import refuse_unconverged
    from bayesmodel.messages import chosen_language, language, speaking

    if out is not None:
        refuse_existing_file(out, force=force)
    fit = opened(path)
    refuse_unconverged(fit, accept=accept_unconverged)
    with speaking(chosen_language() or fit.study.report.language):
        for mark in not_for_publication(fit.counts, language()):
            reporter().say(mark)
        yield fit


MARK = " *"
"""Behind the name of an area or group in which nothing was counted."""


def marked_names(names: pd.Series, predicted: pd.Series) -> list[str]:
    """Return names, marked where nothing was counted."""
    return [f"{name}{MARK}" if whole else str(name) for name, whole in zip(names, predicted, strict=True)]


def predicted_note(predicted: pd.Series) -> list[str]:
    """Return the note that explains the mark, with the codes; nothing where something was counted everywhere."""
    from bayesmodel.errors import listed
    from bayesmodel.messages import _

    codes = [str(code) for code in predicted.index[predicted]]
    note = _("* Nothing was counted here, so that all figures of it are predicted: {codes}.")
    return [note.format(codes=listed(codes))] if codes else []


def beside_groups(fit: Fit, areas: str | list[str]) -> list[str]:
    """Return notes on figures of groups: how many of their people are in none of their areas."""
    from bayesmodel.errors import SHOWN
    from bayesmodel.estimates.group_totals import whole_groups
    from bayesmodel.estimates.groups import groups_of
    from bayesmodel.estimates.unplaced import unplaced_of
    from bayesmodel.messages import _, number

    groups = groups_of(fit.counts, areas)
    known = unplaced_of(fit.counts, groups).totals.assign(name=groups.names)
    known = known[known["share_upper"] > 0].sort_values("share_upper", ascending=False, kind="stable")
    if known.empty:
        return []
    shares = ", ".join(
        f"{row['name']} {number(float((row['share_lower'] + row['share_upper']) / 2), '.1%')}"
        for _code, row in known.head(SHOWN).iterrows()
    )
    more = _(" and {number} more").format(number=number(len(known) - SHOWN)) if len(known) > SHOWN else ""
    message = _("Counted in no {area}, and so not in these figures: {shares}{more}; {pooled} of all totals.")
    if whole_groups(fit.counts, groups) is not None:
        message = _("Counted in no {area}, and still in these figures: {shares}{more}; {pooled} of all totals.")
    pooled = number(float(known["pooled_share"].iloc[0]), ".1%")
    return [message.format(area=fit.study.area, shares=shares, more=more, pooled=pooled)]


def opened(path: Path) -> Fit:
    """Load a fit, or the one in a results folder, as a reported stage: a large one takes a while."""
    from bayesmodel.cli.console import reporter
    from bayesmodel.messages import _

    with reporter().stage(_("read the fit")):
        from bayesmodel.inference.storage import load_fit

        return load_fit(path / "fit.nc" if path.is_dir() else path)


def group_asked(fit: Fit, gemeente: str | None, within: str | None) -> str | None:
    """Return the group named by --gemeente or --within, unambiguous among all levels; None without either.

    Raises
    ------
    UnknownNameError
        There is no such group, or the study has no level gemeente.
    AmbiguousNameError
        Several groups have that name.
    ComparisonError
        Both were given.
    """
    from bayesmodel.errors import ComparisonError, UnknownNameError
    from bayesmodel.estimates.lookup import find_areas
    from bayesmodel.messages import _

    if gemeente is None and within is None:
        return None
    if gemeente is not None and within is not None:
        raise ComparisonError(_("Both --gemeente and --within are given. Give one of them."))
    levels = fit.study.level_names
    if gemeente is not None and GEMEENTE not in levels:
        raise UnknownNameError(_("level"), GEMEENTE, levels, _("Give a group of one of those with --within."))
    [key] = find_areas(fit.counts, [str(gemeente or within)], levels if gemeente is None else [GEMEENTE])
    shared = sum(key.code in fit.counts.areas.level_labels[level].index for level in levels) > 1
    return f"{key.code} ({key.kind})" if shared else key.code


def keep(table: pd.DataFrame, out: Path | None) -> None:
    """Write a table as csv atomically; text that a spreadsheet program would execute is neutralised."""
    from bayesmodel.files import write_atomic
    from bayesmodel.tables.export import neutralised

    if out is not None:
        write_atomic(out, neutralised(table).to_csv(lineterminator="\n"))


def shown(title: str, words: Mapping[str, Iterable[str]], numbers: Mapping[str, Iterable[str]]) -> TerminalTable:
    """Return a table for the terminal.

    Parameters
    ----------
    title : str
        What it is, with its unit and interval.
    words, numbers : mapping of str to texts
        Columns by heading; words stand to the left, numbers to the right.
    """
    from bayesmodel.cli.terminal_table import TerminalTable

    columns = [list(texts) for texts in (*words.values(), *numbers.values())]
    return TerminalTable(title, [*words, *numbers], list(zip(*columns, strict=True)), len(words))


def written(values: pd.Series, form: str) -> list[str]:
    """Return numbers formatted for the language, without negative zeros; empty for NaN."""
    from bayesmodel.messages import number

    texts = ["" if isnan(value) else number(value, form) for value in values]
    return [text.removeprefix("-") if not text.strip("-0,.%") else text for text in texts]


def chances(values: pd.Series) -> list[str]:
    """Return probabilities in whole per cents, never as certain; empty for NaN."""
    from bayesmodel.format import probability

    return ["" if isnan(value) else probability(value, short=True) for value in values]


def between(table: pd.DataFrame, form: str, lower: str = "lower", upper: str = "upper") -> list[str]:
    """Return intervals as texts, such as ``0.9 .. 1.2``."""
    bounds = zip(written(table[lower], form), written(table[upper], form), strict=True)
    return [f"{low} .. {high}" if low else "" for low, high in bounds]


def level_asked(fit: Fit, level: str | None) -> str | None:
    """Return what --level names: a level of the study, or what its areas are called.

    Raises
    ------
    UnknownNameError
        The study has no such level.
    """
    from bayesmodel.errors import UnknownNameError
    from bayesmodel.messages import _

    known = [fit.study.area, *fit.study.level_names]
    if level is not None and level not in known:
        raise UnknownNameError(_("level"), level, known)
    return level


def both_ends(table: pd.DataFrame, highest: int) -> pd.DataFrame:
    """Return the first and the last rows of a table, so many of each; all where there are not more."""
    return table if len(table) <= 2 * highest else table.iloc[[*range(highest), *range(-highest, 0)]]


def ends_of(
    table: pd.DataFrame, classes: pd.Series, words: Mapping[VerdictClass, Label], highest: int
) -> tuple[str, pd.DataFrame, list[str]]:
    """Return what a table of verdicts shows in a terminal.

    Parameters
    ----------
    table : DataFrame
        From the highest to the lowest.
    classes : Series of VerdictClass
        The verdicts, by code.
    words : mapping of VerdictClass to Label
    highest : int
        How many rows to show of each end.

    Returns
    -------
    tuple of str, DataFrame and list of str
        How many have each verdict; the rows of both ends; and how many are left out between them, if any.
    """
    from bayesmodel.messages import _, language, number

    sizes = classes.value_counts()
    said = "; ".join(f"{word[language()]} {number(int(sizes[each]))}" for each, word in words.items() if each in sizes)
    ends = both_ends(table, highest)
    left = len(table) - len(ends)
    return said, ends, [_("{count} in between are not shown.").format(count=number(left))] if left else []
