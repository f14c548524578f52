"""The sheet a workbook opens with: the totals in a sentence, and a table of eight columns that fits a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.data.suppression import exposed
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.expectation import expectation_named, main_names
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.format import interval_name, percent
from bayesmodel.messages import Language, number
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables
from bayesmodel.tables.display import STATUSES, WORDS
from bayesmodel.tables.workbook.sheets import write_column
from bayesmodel.tables.workbook.styles import LINE, MARKS, Styles, height

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TOTALS = Label(
    nl="Van {all} {areas}: {higher} hoger ({clearly_higher} duidelijk), {lower} lager ({clearly_lower} duidelijk), "
    "{about} ongeveer zoals verwacht, {unsure} niet te zeggen; vergeleken met het gebruik dat te verwachten is "
    "{expectation}, met een marge van {margin}.",
    en="Of {all} {areas}: {higher} higher ({clearly_higher} clearly), {lower} lower ({clearly_lower} clearly), "
    "{about} about as expected, {unsure} inconclusive; compared with the use to be expected {expectation}, with a "
    "margin of {margin}.",
)
WRONG = Label(
    nl=" Van de {called} die hoger of lager worden genoemd is dat naar verwachting bij {wrong} onterecht.",
    en=" Of the {called} called higher or lower this is expected to be wrong for {wrong}.",
)
TO_BE_EXPECTED = Label(nl="verwacht", en="expected")
READING = Label(
    nl="Verschil: hoeveel het gebruik, gecorrigeerd voor toeval, van verwacht afwijkt, met het {interval}. "
    "Een verborgen of afgerond aantal staat er als grenzen. Veel gebruik of een groot verschil is geen teken van goed "
    "of slecht beleid.",
    en="Difference: how far use, without chance, is from expected, with its {interval}. A hidden or rounded "
    "count is given by its bounds. High use or a large difference is no sign of good or bad policy.",
)
USE = Label(nl="Gebruik (aantal)", en="Use (number)")
EXPECTED = Label(nl="Verwacht (aantal)", en="Expected (number)")
DIFFERENCE = Label(nl="Verschil (% van verwacht)", en="Difference (% of expected)")
INTERVAL = Label(nl="{interval} van het verschil", en="{interval} of the difference")
VERDICT = Label(nl="Oordeel", en="Verdict")
BOUNDS = Label(nl="{low} tot {high}", en="{low} to {high}")
HEADER = 4
"""Row of the headings, counted from 0: above it stand title, totals and how to read, and an empty row."""
WIDTHS = (36, 24, 12, 19, 12, 14, 20, 25)


class _Column(NamedTuple):
    """A column of the sheet: its heading, form and cells; `marked` where the mark of the status is shown."""

    heading: str
    form: Any
    cells: Sequence[Any] | pd.Series
    marked: bool = False


def write_opening(sheet: Worksheet, styles: Styles, tables: Tables) -> None:
    """Write the totals and the table of eight columns.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter.
    styles : Styles
    tables : Tables
    """
    language, table = tables.language, tables.frames[tables.fit.study.area]
    columns = _columns(tables)
    widths = WIDTHS if tables.fit.study.level_names else WIDTHS[:1] + WIDTHS[2:]
    interval = interval_name(tables.fit.study.report.interval, language)
    lines = [tables.title[:1].upper() + tables.title[1:], totals(tables), READING[language].format(interval=interval)]
    marked = bool(tables.fit.diagnostics.problems or exposed(tables.fit.counts))
    if marked:
        lines[2] = f"{tables.notes(listing=False)[0]} {lines[2]}"
    formats = [styles.title, styles.name, styles.warning if marked else styles.text]
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for row, (line, form) in enumerate(zip(lines, formats, strict=True)):
        sheet.merge_range(row, 0, row, len(columns) - 1, "", form)
        sheet.write_string(row, 0, line, form)
        sheet.set_row(row, 21 if row == 0 else height([line], [0.9 * sum(widths)]))
    marks = [status if status in MARKS else None for status in table["status"]]
    sheet.set_row(HEADER, 32)
    for index, column in enumerate(columns):
        sheet.write_string(HEADER, index, column.heading, styles.heading(column.form))
        write_column(sheet, (HEADER + 1, index), column.cells, styles, column.form, marks if column.marked else None)
    for row, texts in enumerate(zip(*(column.cells for column in columns if column.form == "name"), strict=True)):
        if (needed := height([str(text) for text in texts], widths[: len(texts)])) > LINE:
            sheet.set_row(HEADER + 1 + row, min(needed, 409))
    last = HEADER + len(table)
    sheet.freeze_panes(HEADER + 1, 1)
    sheet.autofilter(HEADER, 0, last, len(columns) - 1)
    sheet.print_area(0, 0, last, len(columns) - 1)
    sheet.repeat_rows(HEADER)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def totals(tables: Tables) -> str:
    """Say in a sentence how many areas are higher, lower and neither, and how many of them wrongly so.

    Examples
    --------
    >>> from bayesmodel.tables.collect import tables_of
    >>> from bayesmodel.testing import invented_fit
    >>> totals(tables_of(invented_fit(), "en"))[:43]
    'Of 8 wijken: 0 higher (0 clearly), 0 lower '
    """
    study, language = tables.fit.study, tables.language
    table, given = tables.frames[study.area], main_names(study)[0]
    found = table[f"verdict_{given}"]
    sizes = {each: int((found == str(each)).sum()) for each in VerdictClass}
    higher = [VerdictClass.CLEARLY_HIGHER, VerdictClass.PROBABLY_HIGHER]
    lower = [VerdictClass.CLEARLY_LOWER, VerdictClass.PROBABLY_LOWER]
    wrong = sum(
        float((1 - table.loc[found.isin([str(each) for each in kinds]), f"p_{side}_{given}"]).sum())
        for side, kinds in (("higher", higher), ("lower", lower))
    )
    counted = {
        "all": len(table),
        "higher": sum(sizes[each] for each in higher),
        "lower": sum(sizes[each] for each in lower),
        "clearly_higher": sizes[VerdictClass.CLEARLY_HIGHER],
        "clearly_lower": sizes[VerdictClass.CLEARLY_LOWER],
        "about": sizes[VerdictClass.AS_EXPECTED],
        "unsure": sizes[VerdictClass.INCONCLUSIVE],
        "called": sum(sizes[each] for each in (*higher, *lower)),
    }
    label = expected_definition(study, expectation_named(study, given), "count").label[language]
    sentence = TOTALS[language] + (WRONG[language] if counted["called"] else "")
    return sentence.format(
        areas=study.areas_label[language],
        expectation=label.removeprefix(TO_BE_EXPECTED[language]).lstrip(" ,"),
        margin=percent(study.report.margin, language),
        wrong=number(wrong, ".1f" if 0 < wrong < 10 else ",.0f", language),
        **{name: number(size, ",", language) for name, size in counted.items()},
    )


def _columns(tables: Tables) -> list[_Column]:
    """Return the columns, without that of a level where the study has none."""
    study, language = tables.fit.study, tables.language
    table, given = tables.frames[study.area], main_names(study)[0]
    names = table[f"{study.area}_name"].astype(str)
    shown = [name if name == code else f"{name} ({code})" for name, code in zip(names, table.index, strict=True)]
    columns = [_Column(study.area[:1].upper() + study.area[1:], "name", shown, marked=True)]
    if study.level_names:
        label = level_label(study, study.level_names[0])[language]
        columns.append(_Column(label[:1].upper() + label[1:], "name", table[f"{study.level_names[0]}_name"]))
    people, ratio = study.outcome.population[language], [f"ratio_{given}{end}" for end in ("", "_lower", "_upper")]
    change = table[ratio] - 1
    interval = INTERVAL[language].format(interval=interval_name(study.report.interval, language))
    ends = [
        BOUNDS[language].format(low=_signed(low, language), high=_signed(high, language)) if low == low else None
        for low, high in zip(change[ratio[1]], change[ratio[2]], strict=True)
    ]
    verdicts = [WORDS[each][language] if each in WORDS else each for each in table[f"verdict_{given}"]]
    return [
        *columns,
        _Column(people[:1].upper() + people[1:], "count", table["population"]),
        _Column(USE[language], "bounds", _use(table, language), marked=True),
        _Column(EXPECTED[language], "count", table[f"expected_{given}_count"]),
        _Column(DIFFERENCE[language], "change", change[ratio[0]]),
        _Column(interval, "bounds", ends),
        _Column(VERDICT[language], "text", verdicts),
    ]


def _use(table: pd.DataFrame, language: Language) -> list[int | str]:
    """Return the count of each area; of one that is not known exactly its bounds, of a missing one the word for it."""
    shown: list[int | str] = []
    for status, low, high in zip(table["status"], table["count_lower"], table["count_upper"], strict=True):
        if status in (*CONCEALED, Status.ROUNDED) and low != high:
            bounds = BOUNDS[language].format(low=number(int(low), ",", language), high=number(int(high), ",", language))
            shown.append(f"{STATUSES[status][language]}, {bounds}" if status in CONCEALED else bounds)
        else:
            shown.append(STATUSES[status][language] if status == Status.MISSING else int(low))
    return shown


def _signed(value: float, language: Language) -> str:
    """Return a relative difference in whole per cents, with its sign; no sign at zero."""
    text = number(value, "+.0%", language)
    return "0%" if text in ("+0%", "-0%") else text
