"""The sheets of text: how to read the workbook, what each column is, how it was made, which areas were left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bayesmodel.data.publication import highest_hidden, lowest_hidden
from bayesmodel.data.publication_evidence import LARGEST_LIMIT
from bayesmodel.data.suppression import exposed
from bayesmodel.estimates.definition import INTERVAL_KINDS, level_label
from bayesmodel.estimates.labels import engine_in_words
from bayesmodel.estimates.parameters import overdispersion_in_words
from bayesmodel.estimates.publication_check import publication_check
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.format import percent
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, number, speaking
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables
from bayesmodel.tables.display import STATUSES
from bayesmodel.tables.workbook.styles import MARKS, Styles, fitting, height

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

READ_FIRST = Label(nl="Eerst lezen", en="Read this first")
SHEETS = Label(nl="Bladen", en="Sheets")
MARKINGS = Label(nl="Markeringen", en="Marks")
COLUMNS = Label(nl="Kolommen", en="Columns")
MARK_NOTE = Label(
    nl="De kleur staat nooit alleen: de kolom met de status zegt hetzelfde in woorden.",
    en="A colour never stands alone: the column of the status says the same in words.",
)
COLUMN_NOTES = (
    (
        Label(nl="van, tot", en="from, to"),
        Label(
            nl="Het interval dat bij de schatting links ervan hoort: het bevat de waarde met een kans van {interval}. "
            "Noem een schatting nooit zonder haar interval.",
            en="The interval of the estimate to the left of it: it holds the value with a probability of {interval}. "
            "Never give an estimate without its interval.",
        ),
    ),
    (
        Label(nl="minstens, hoogstens", en="at least, at most"),
        Label(
            nl="De aantallen waar het gepubliceerde aantal voor kan staan, volgens de regel waarmee is gepubliceerd.",
            en="The counts that the published count can stand for, by the rule of its publisher.",
        ),
    ),
    (
        Label(nl="oordeel", en="verdict"),
        Label(
            nl="Wat er over het verschil met verwacht te zeggen is: {verdicts}. Waar het interval te breed is: niet te "
            "zeggen.",
            en="What may be said of the difference from expected: {verdicts}. Where the interval is too wide: "
            "inconclusive.",
        ),
    ),
    (
        Label(nl="tweede regel", en="second row"),
        Label(
            nl="De naam van de kolom voor wie met code werkt; dezelfde als in de csv en de Parquet.",
            en="The name of the column for who works with code; the same as in the csv and the Parquet.",
        ),
    ),
)
WIDTHS = (26, 110)
CODEBOOK_WIDTHS = (18, 34, 60, 34, 110)


def write_guide(sheet: Worksheet, styles: Styles, tables: Tables, sheets: Mapping[str, Label]) -> None:
    """Write how to read the workbook.

    Parameters
    ----------
    sheet : Worksheet
        Of XlsxWriter.
    styles : Styles
    tables : Tables
    sheets : mapping of str to Label
        Names of the other sheets, and what is on them.
    """
    language = tables.language
    page = _Page(sheet, styles)
    page.title(tables.title[:1].upper() + tables.title[1:])
    page.section(READ_FIRST[language])
    marked = bool(tables.fit.diagnostics.problems or exposed(tables.fit.counts))
    for nth, note in enumerate(tables.notes(listing=False)):
        page.paragraph("", note, warning=nth == 0 and marked)
    page.section(SHEETS[language])
    for name, purpose in sheets.items():
        page.link(name, purpose[language])
    page.section(MARKINGS[language])
    for status, (_fill, meaning) in MARKS.items():
        page.sample(STATUSES[status][language], meaning[language], status)
    page.paragraph("", MARK_NOTE[language])
    page.section(COLUMNS[language])
    verdicts = ", ".join(each.label[language] for each in VerdictClass)
    interval = percent(tables.fit.study.report.interval, language)
    for heading, explained in COLUMN_NOTES:
        page.paragraph(heading[language], explained[language].format(verdicts=verdicts, interval=interval))


def write_codebook(sheet: Worksheet, styles: Styles, tables: Tables, names: Mapping[str, str]) -> None:
    """Write what each column is; `names` gives the sheet of each table."""
    language = tables.language
    headings = {
        "nl": ("blad", "kolom", "kop", "eenheid", "betekenis"),
        "en": ("sheet", "column", "heading", "unit", "meaning"),
    }[language]
    for index, (heading, width) in enumerate(zip(headings, CODEBOOK_WIDTHS, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, heading.capitalize(), styles.header)
    row = 0
    for table, name in names.items():
        for column in tables.columns(table):
            row += 1
            cells = (name, column.name, column.header(language), column.unit[language], column.definition[language])
            sheet.set_row(row, height(cells, CODEBOOK_WIDTHS))
            for index, text in enumerate(cells):
                sheet.write_string(row, index, fitting(text), styles.text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, row, len(headings) - 1)


def write_method(sheet: Worksheet, styles: Styles, tables: Tables) -> None:
    """Write how the results were made, and once more what readers must be told."""
    page = _Page(sheet, styles)
    page.title(Label(nl="Methode en voorbehoud", en="Method and disclaimers")[tables.language])
    for heading, lines in method(tables).items():
        page.section(heading)
        for name, text in lines:
            page.paragraph(name, text)
    page.section(READ_FIRST[tables.language])
    for note in tables.notes(listing=False):
        page.paragraph("", note)


def write_left_out(sheet: Worksheet, styles: Styles, tables: Tables) -> None:
    """Write which areas were left out, and why."""
    left_out, area = tables.fit.counts.areas.left_out, tables.fit.study.area
    headings = {"nl": (f"{area}, code", "naam", "reden"), "en": (f"{area}, code", "name", "reason")}[tables.language]
    for index, (heading, width) in enumerate(zip(headings, (14, 34, 60), strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, heading.capitalize(), styles.header)
    for row, (code, name, reason) in enumerate(left_out[["name", "reason"]].itertuples(), start=1):
        for index, text in enumerate((code, name, reason)):
            sheet.write_string(row, index, fitting(str(text)), styles.cell("text"))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(left_out), len(headings) - 1)


def purposes(tables: Tables, names: Mapping[str, str]) -> dict[str, Label]:
    """Return what is on the sheet of each table."""
    study = tables.fit.study
    found = {}
    for table, name in names.items():
        if table == study.area:
            found[name] = Label(
                nl=f"per {study.area}: gebruik, verwachting en verschil, met intervallen",
                en=f"per {study.area}: use, expectation and difference, with intervals",
            )
        else:
            label, areas = level_label(study, table), study.areas_label
            found[name] = Label(
                nl=f"per {label.nl}: de {areas.nl} opgeteld, verborgen aantallen inbegrepen",
                en=f"per {label.en}: the {areas.en} added up, hidden counts included",
            )
    return found


class _Page:
    """A sheet of two columns that is written from top to bottom: names, and running text."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self._sheet, self._styles, self._row = sheet, styles, -1
        for index, width in enumerate(WIDTHS):
            sheet.set_column(index, index, width)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)

    def title(self, text: str) -> None:
        """Write a title."""
        self._sheet.write_string(self._next(), 0, text, self._styles.title)

    def section(self, text: str) -> None:
        """Write the title of a part, after an empty row."""
        self._row += 1
        row = self._next()
        self._sheet.write_string(row, 0, text, self._styles.section)
        self._sheet.write_blank(row, 1, None, self._styles.section)

    def paragraph(self, name: str, text: str, *, warning: bool = False) -> None:
        """Write running text."""
        row = self._next()
        self._sheet.set_row(row, height((name, text), WIDTHS))
        self._sheet.write_string(row, 0, name, self._styles.name)
        self._sheet.write_string(row, 1, fitting(text), self._styles.warning if warning else self._styles.text)

    def link(self, name: str, text: str) -> None:
        """Write the name of a sheet as a link to it, and what is on it."""
        row, quoted = self._next(), name.replace("'", "''")
        self._sheet.write_url(row, 0, f"internal:'{quoted}'!A1", self._styles.link, name)
        self._sheet.write_string(row, 1, fitting(text), self._styles.text)

    def sample(self, name: str, text: str, mark: str) -> None:
        """Write a cell as it is marked, and what the mark means."""
        row = self._next()
        self._sheet.write_string(row, 0, name, self._styles.cell("text", mark))
        self._sheet.write_string(row, 1, fitting(text), self._styles.text)

    def _next(self) -> int:
        """Return the next row."""
        self._row += 1
        return self._row


Lines = list[tuple[str, str]]

FAMILIES: Mapping[str, Label] = {
    "binomial": Label(nl="binomiaal, met een eigen effect per {area}", en="binomial, with an effect of each {area}"),
    "poisson": Label(nl="Poisson, met een eigen effect per {area}", en="Poisson, with an effect of each {area}"),
    "beta-binomial": Label(nl="bèta-binomiaal", en="beta-binomial"),
    "negative-binomial": Label(nl="negatief-binomiaal", en="negative binomial"),
    "normal-share": Label(nl="normaal verdeeld aandeel", en="normally distributed share"),
}

OVERDISPERSION = Label(nl=", overdispersie {factor}", en=", overdispersion {factor}")
CURVED = Label(nl=" en het kwadraat daarvan", en=" and its square")
ESTIMATED = Label(nl=", overdispersie geschat op {factor}", en=", overdispersion estimated at {factor}")
IDLE = Label(nl=", niet in het model", en=", not in the model")
REMARKS = Label(nl="Aandachtspunten", en="Worth a look")
"""Heading of what may not be meant in the data."""


def method(tables: Tables) -> dict[str, Lines]:
    """Return how the results were made, by heading."""
    language = tables.language
    with speaking(language):
        remarked = [(remark.where, str(remark)) for remark in tables.remarks]
        return {
            Label(nl="Gegevens", en="Data")[language]: _data(tables.fit, language),
            Label(nl="Model", en="Model")[language]: _model(tables),
            Label(nl="Betrouwbaarheid van de trekkingen", en="Reliability of the draws")[language]: _draws(tables),
            **({REMARKS[language]: remarked} if remarked else {}),
            Label(nl="Herkomst", en="Provenance")[language]: _provenance(tables),
        }


def _data(fit: Fit, language: Language) -> Lines:
    """Return what was counted, how it was published, and whether the numbers agree with that."""
    rule, outcome = fit.study.publication, fit.study.outcome
    highest = highest_hidden(rule)
    nl = (
        "Aantallen van {lowest} tot en met {highest} zijn verborgen"
        if highest >= 0
        else "Er zijn geen aantallen verborgen"
    )
    en = "Counts from {lowest} up to and including {highest} are hidden" if highest >= 0 else "No counts are hidden"
    if rule.rounded_to > 1:
        nl, en = f"{nl}; de andere zijn afgerond op {rule.rounded_to}", f"{en}; others are rounded to {rule.rounded_to}"
    if rule.rounding == "random":
        nl, en = f"{nl}, naar boven of naar beneden door loting", f"{en}, up or down at random"
    if rule.raised_from:
        window = f"{rule.raised_from}..{rule.hidden_below}"
        nl, en = (f"{said}; {rule.hidden_below} = {window}" for said in (nl, en))
    return [
        (Label(nl="geteld", en="counted")[language], outcome.count[language]),
        (Label(nl="van alle", en="of all")[language], outcome.population[language]),
        (Label(nl="jaar", en="year")[language], str(outcome.year)),
        (Label(nl="jaar van de grenzen", en="year of the boundaries")[language], str(outcome.vintage)),
        (
            Label(nl="publicatieregel", en="publication rule")[language],
            Label(nl=f"{nl}.", en=f"{en}.")[language].format(lowest=lowest_hidden(rule), highest=highest),
        ),
        *(
            [(Label(nl="publicatiecontrole", en="publication check")[language], publication_check(fit).conclusion())]
            if rule.hidden_below <= LARGEST_LIMIT
            else []
        ),
    ]


def _model(tables: Tables) -> Lines:
    """Return what the model says."""
    fit, language = tables.fit, tables.language
    study = fit.study
    levels = [
        f"{level_label(study, name)[language]} ({number(fit.counts.areas.levels[name].nunique())})"
        + ("" if name in study.effect_names else IDLE[language])
        for name in study.level_names
    ]
    determinants = [
        (item.label[language] if item.label else item.column) + (CURVED[language] if item.curved else "")
        for item in study.determinants
    ]
    hidden = Label(
        nl="Een verborgen of afgerond aantal is in het model een interval: de kans op elk aantal waar het voor kan "
        "staan telt mee. Er is niets ingevuld.",
        en="A hidden or rounded count is an interval in the model: the probability of every count that it can stand "
        "for takes part. Nothing was filled in.",
    )
    missing = Label(
        nl="Ontbrekende kenmerken zijn met hun onzekerheid in het model opgenomen.",
        en="Missing determinants are taken into the model with their uncertainty.",
    )
    kind, overdispersion = study.report.interval_kind, ""
    if (model := study.model).estimates_overdispersion or model.excess_dispersion:
        named = ESTIMATED if model.estimates_overdispersion else OVERDISPERSION
        overdispersion = named[language].format(factor=overdispersion_in_words(fit, language))
    return [
        (
            Label(nl="verdeling", en="distribution")[language],
            FAMILIES[study.model.family][language].format(area=study.area) + overdispersion,
        ),
        (Label(nl="niveaus", en="levels")[language], ", ".join(levels) or "-"),
        (Label(nl="kenmerken", en="determinants")[language], "; ".join(determinants) or "-"),
        (Label(nl="verborgen aantallen", en="hidden counts")[language], hidden[language]),
        (Label(nl="ontbrekende kenmerken", en="missing determinants")[language], missing[language]),
        (
            Label(nl="interval", en="interval")[language],
            f"{percent(study.report.interval, language)}, {INTERVAL_KINDS[kind][language]}",
        ),
        (Label(nl="marge", en="margin")[language], percent(study.report.margin, language)),
    ]


def _draws(tables: Tables) -> Lines:
    """Return how well the draws converged."""
    verdict, language = tables.fit.diagnostics, tables.language
    state = (
        Label(nl="geconvergeerd", en="converged")
        if verdict.converged
        else Label(nl="NIET GECONVERGEERD", en="NOT CONVERGED")
    )
    if verdict.certificate is None:
        how = (Label(nl="grootste R-hat", en="largest R-hat")[language], number(verdict.rhat_max or 0.0, ".3f"))
        last = (Label(nl="divergenties", en="divergences")[language], number(verdict.divergences))
    else:  # independent draws have no chains, and nothing that diverges
        shape = number(verdict.certificate.pareto_k, ".2f")
        how = (Label(nl="Pareto k van de gewichten", en="Pareto k of the weights")[language], shape)
        size = tables.fit.posterior.sizes["chain"] * tables.fit.posterior.sizes["draw"]
        last = (Label(nl="onafhankelijke trekkingen", en="independent draws")[language], number(size))
    return [
        (Label(nl="oordeel", en="verdict")[language], "; ".join([state[language], *verdict.problems])),
        how,
        (
            Label(nl="effectieve trekkingen", en="effective draws")[language],
            Label(nl="minstens ", en="at least ")[language] + number(verdict.ess_min, ",.0f"),
        ),
        last,
    ]


def _provenance(tables: Tables) -> Lines:
    """Return when and with what the fit was made."""
    made = tables.fit.provenance
    versions = ", ".join(f"{name} {version}" for name, version in made.get("versions", {}).items())
    found = {
        Label(nl="gemaakt", en="made"): made.get("made"),
        Label(nl="manier", en="engine"): engine_in_words(made, tables.language),
        Label(nl="startgetal", en="seed"): made.get("seed"),
        Label(nl="vingerafdruk van de gegevens", en="fingerprint of the data"): made.get("data_sha256"),
        Label(nl="programma's", en="software"): versions,
    }
    return [(name[tables.language], str(value)) for name, value in found.items() if value not in (None, "")]
