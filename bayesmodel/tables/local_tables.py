"""Tables of a local explanation: its determinants, its areas, and what was left out; as csv and as workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from bayesmodel.estimates.local_explanation import EXPLAINED, OWN, REST, SHARE, TOGETHER, LocalExplanation
from bayesmodel.messages import Language
from bayesmodel.study import Label, Study
from bayesmodel.tables.collect import file_name
from bayesmodel.tables.columns import BOUNDS, NUMBER, TEXT, Column, Form, Interval
from bayesmodel.tables.export import write_csv_files
from bayesmodel.tables.workbook.sheets import write_table
from bayesmodel.tables.workbook.styles import Styles, fitting

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SHEETS = {
    "determinants": Label(nl="Kenmerken", en="Determinants"),
    "left-out": Label(nl="Weggelaten", en="Left out"),
    "notes": Label(nl="Toelichting", en="Notes"),
}
ALL = Label(nl="alle lokale kenmerken samen", en="all local determinants together")
POINTS, NATS = Label(nl="procentpunt", en="percentage points"), Label(nl="nats", en="nats")
GAIN = Label(
    nl="Hoeveel waarschijnlijker een aantal wordt voorspeld dat is weggelaten, met dit kenmerk naast de andere: de som "
    "van verschillen in log-kans. Onder 4, of onder twee keer de standaardfout, is niets te zeggen.",
    en="How much more probable counts are predicted that are left out, with this determinant beside the others: the "
    "sum of differences in log-probability. Below 4, or below twice the standard error, it is inconclusive.",
)


def local_tables(result: LocalExplanation, language: Language) -> Mapping[str, tuple[pd.DataFrame, Sequence[Column]]]:
    """Return the tables of a local explanation with their columns, by the name of their file.

    Parameters
    ----------
    result : LocalExplanation
    language : {"nl", "en"}
        Of the words in the tables.

    Returns
    -------
    mapping of str to (DataFrame, sequence of Column)
        ``determinants``, of each and of all together; the areas, called as they are; and ``left-out``.
    """
    area = result.study.area
    left_out = result.determinants.left_out
    reason = Label(nl="reden", en="reason")
    return {
        "determinants": (_determinants(result, language), _determinant_columns(result.study)),
        file_name(area): (_areas(result), _area_columns(result.study)),
        "left-out": (left_out, (_text(area, Label(nl=area, en=area)), _text("reason", reason))),
    }


def write_local_tables(result: LocalExplanation, folder: Path, language: Language) -> tuple[str, ...]:
    """Write the tables of a local explanation into an empty folder; the workbook where its library is installed.

    Returns
    -------
    tuple of str
        Names of the files.
    """
    tables, notes = local_tables(result, language), (*result.sentences(language), *result.determinants.remarks)
    for name, (table, columns) in tables.items():
        write_csv_files(table, folder, name, columns, notes, name, language)
    if find_spec("xlsxwriter") is not None:
        _write_workbook(tables, notes, folder / "tables.xlsx", language)
    return tuple(sorted(path.name for path in folder.iterdir()))


def _determinants(result: LocalExplanation, language: Language) -> pd.DataFrame:
    """Return the determinants and, last, all together."""
    table = result.summary().rename(columns={"mean": "effect", "lower": "effect_lower", "upper": "effect_upper"})
    share = result.share.summary().iloc[0]
    shares = {"share": share["mean"], "share_lower": share["lower"], "share_upper": share["upper"]}
    whole = pd.DataFrame([{"name": ALL[language], **result.gains.loc[TOGETHER], **shares}], index=[TOGETHER])
    return pd.concat([table, whole]).rename_axis("determinant").rename(columns={"verdict": "verdict_gain"})


def _areas(result: LocalExplanation) -> pd.DataFrame:
    """Return the areas, with the gain of each that has a count."""
    table = result.areas().join(result.points["gain"])
    return table.rename(columns={"name": f"{result.study.area}_name", "people": "population"})


def _determinant_columns(study: Study) -> tuple[Column, ...]:
    """Return the columns of the determinants."""
    effect = Label(nl="verschil in gebruik per standaardafwijking", en="difference in use per standard deviation")
    about = Label(
        nl="Verschil in gebruik bij een standaardafwijking meer van het kenmerk, gemiddeld over de mensen in deze "
        "gebieden. Een samenhang, geen gevolg.",
        en="Difference in use at a standard deviation more of the determinant, averaged over the people in these "
        "areas. An association, not a causal effect.",
    )
    sd = Label(nl="standaardafwijking", en="standard deviation")
    units = Label(nl="eenheid van de tabel", en="units of the table")
    return (
        _text("determinant", Label(nl="kenmerk", en="determinant")),
        _text("name", Label(nl="naam", en="name")),
        *_estimate(study, "effect", effect, about, "points", POINTS),
        Column("sd", sd, units, Label(nl="Over de gebruikte gebieden.", en="Over the areas used."), "ratio"),
        Column("gain", Label(nl="winst in voorspelling", en="gain in prediction"), NATS, GAIN, "ratio"),
        Column("error", Label(nl="standaardfout van de winst", en="standard error of the gain"), NATS, GAIN, "ratio"),
        Column("verdict_gain", Label(nl="wat de winst zegt", en="what the gain says"), TEXT, GAIN),
        *_estimate(study, "share", SHARE.label, SHARE.answers, "share", SHARE.unit),
    )


def _area_columns(study: Study) -> tuple[Column, ...]:
    """Return the columns of the areas."""
    area, people = study.area, study.outcome.population
    part = Label(nl=f"{EXPLAINED.label.nl}, {people.nl}", en=f"{EXPLAINED.label.en}, {people.en}")
    gain = Label(nl="Aandeel in de winst van alle kenmerken samen.", en="Its part of the gain of all determinants.")
    return (
        _text(area, Label(nl=area, en=area)),
        _text(f"{area}_name", Label(nl="naam", en="name")),
        Column("population", people, NUMBER, people, "count"),
        _text("status", Label(nl="status van het aantal", en="status of the count")),
        *_estimate(study, "own", OWN.label, OWN.answers, "points", POINTS),
        *_estimate(study, "explained", EXPLAINED.label, EXPLAINED.answers, "points", POINTS),
        *_estimate(study, "rest", REST.label, REST.answers, "points", POINTS),
        *_estimate(study, "explained_count", part, EXPLAINED.answers, "count", NUMBER),
        Column("gain", Label(nl="winst in voorspelling", en="gain in prediction"), NATS, gain, "ratio"),
    )


def _text(name: str, label: Label) -> Column:
    """Return a column of text."""
    return Column(name, label, TEXT, label)


def _estimate(study: Study, name: str, label: Label, about: Label, form: Form, unit: Label) -> tuple[Column, ...]:
    """Return the columns of an estimate: its mean and the bounds of its interval."""
    interval = Interval(study.report.interval, study.report.interval_kind)
    lower, upper = (
        Label(nl=f"{label.nl}, {BOUNDS[end].nl}", en=f"{label.en}, {BOUNDS[end].en}") for end in ("_lower", "_upper")
    )
    return (
        Column(name, label, unit, about, form, "mean", interval),
        Column(f"{name}_lower", lower, unit, about, form, "lower", interval),
        Column(f"{name}_upper", upper, unit, about, form, "upper", interval),
    )


def _write_workbook(
    tables: Mapping[str, tuple[pd.DataFrame, Sequence[Column]]], notes: Sequence[str], path: Path, language: Language
) -> None:
    """Write the tables as sheets, and what readers must be told."""
    import xlsxwriter

    from bayesmodel.tables.workbook.table_sheet import TableSheet

    with xlsxwriter.Workbook(path) as book:
        styles = Styles(book)
        for name, (table, columns) in tables.items():
            title = SHEETS[name][language] if name in SHEETS else name.capitalize()
            write_table(book.add_worksheet(title, TableSheet), styles, table, columns, language)
        _write_notes(book.add_worksheet(SHEETS["notes"][language]), styles, notes)


def _write_notes(sheet: Worksheet, styles: Styles, notes: Sequence[str]) -> None:
    """Write sentences under each other."""
    sheet.set_column(0, 0, 110)
    for row, sentence in enumerate(notes):
        sheet.write_string(row, 0, fitting(sentence), styles.cell("name"))
