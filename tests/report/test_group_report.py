"""The report of a gemeente: the numbers of the tables, in both languages; nothing hidden, nothing that runs."""

import re
from dataclasses import replace
from html import unescape
from io import BytesIO

import docx
import numpy as np
import pytest
from docx.oxml.ns import qn

from bayesmodel.data import Status
from bayesmodel.errors import UnknownNameError
from bayesmodel.report import report_texts
from bayesmodel.report.country_estimates import country_of
from bayesmodel.report.group_report import group_report
from bayesmodel.report.own_words import OwnWords
from bayesmodel.report.word import document_of
from bayesmodel.study import Label
from bayesmodel.testing import invented_fit
from tests.estimates.test_joint_counts import fit_with


@pytest.fixture(scope="module")
def country(fit, shapes):
    return country_of(fit, "gemeente", shapes)


@pytest.fixture(scope="module")
def reports(country):
    return {language: group_report(country, "GM0001", language=language) for language in ("nl", "en")}


def words(report):
    """Return every text of a report."""
    for section in report.sections:
        yield section.heading
        yield from section.texts
        yield from (f"{name} {text}" for name, text in section.facts.items())
        for table in section.tables:
            yield from map(str, table.index)
            yield from map(str, table.to_numpy().ravel())


def digits(text):
    """Return the figures of a text, written as in English; thousands without separator."""
    return [
        "".join(sign for sign in each if sign.isdigit())
        for each in re.findall(r"\d[\d.,]*", re.sub(r"WK\d+|GM\d+", "", text))
    ]


def test_both_languages_hold_the_same_figures(reports):
    dutch, english = (list(words(report)) for report in (reports["nl"], reports["en"]))
    assert len(dutch) == len(english)
    differ = [(one, two) for one, two in zip(dutch, english, strict=True) if digits(one) != digits(two)]
    assert differ == []


def test_the_report_of_a_gemeente_with_a_total_says_that_its_waterfall_is_of_its_areas_together(country, reports):
    def said(report):
        return next(section for section in report.sections if section.heading == "What is use made of?").texts

    assert said(reports["en"]) == []
    total = int(1.1 * country.fit.counts.lower.sum())
    whole = group_report(country_of(fit_with({"GM0001": total}), "gemeente"), "GM0001", language="en")
    assert said(whole)[0].startswith("It is use in the wijken together that is split up.")


def test_the_table_holds_the_numbers_of_the_results(country, reports):
    table = reports["en"].sections[2].tables[0]
    row = country.tables.frames["wijk"].loc["WK000100"]
    shown = table.loc[table.index.str.contains("WK000100")].iloc[0]
    numbers = [100 * row[f"underlying_share{end}"] for end in ("", "_lower", "_upper")]
    assert shown["underlying use"] == "{:.1f}% ({:.1f}% to {:.1f}%)".format(*numbers)


def test_a_hidden_count_is_bounds_only(reports):
    table = reports["en"].sections[2].tables[0]
    hidden = table.loc[table.index.str.contains("WK000102"), "published count"].item()
    assert hidden == "hidden (0 to 9)"


def test_counts_of_verdicts_add_up_to_the_areas(reports):
    counted = next(text for text in reports["en"].sections[0].texts if "clearly or probably higher" in text)
    numbers = list(map(int, re.findall(r"\d+", counted)))
    assert numbers[0] + sum(numbers[2:]) == numbers[1] == 3


def test_no_figure_is_typed_in_a_text():
    labels = [each for each in vars(report_texts).values() if isinstance(each, Label)]
    labels += [label for pair in report_texts.DIRECTIONS for label in pair] + list(report_texts.HEADS.values())
    for label in labels:
        assert not re.search(r"\d", label.nl + label.en)
        assert sorted(re.findall(r"\{\w+\}", label.nl)) == sorted(re.findall(r"\{\w+\}", label.en))


def test_names_are_text(reports):
    html = reports["nl"].html
    assert "<img src=x" not in html
    assert '<img src=x onerror="document.body.dataset.attacked=1">' in unescape(html)


def test_own_words_have_their_place(country):
    own = OwnWords("Wij kennen dit.\n\nTweede alinea.", "onderzoek@gemeente.nl")
    [section] = [
        each for each in group_report(country, "GM0001", own).sections if each.heading.startswith("Toelichting")
    ]
    assert section.texts == ["Wij kennen dit.", "Tweede alinea.", "Contact: onderzoek@gemeente.nl"]
    assert "[GM0001]" in group_report(country, "GM0001").sections[-2].texts[0]


def test_one_hidden_count_is_spoken_of_in_the_singular(reports):
    texts = {language: " ".join(report.sections[0].texts) for language, report in reports.items()}
    assert "het aantal niet gepubliceerd omdat het klein is. Het zit met zijn onzekerheid" in texts["nl"]
    assert "It is in the model with its uncertainty" in texts["en"]
    assert "Van 1 van" not in texts["nl"]


def test_what_was_not_delivered_is_called_predicted(country):
    partly = next(iter(group_report(country, "GM0002", language="en").sections)).texts
    assert any(text.startswith("Not delivered, and so predicted") for text in partly)
    fit = invented_fit()
    status = fit.counts.status.copy()
    status[3:6] = Status.MISSING
    counts = replace(fit.counts, status=status, lower=np.where(status == Status.MISSING, 0, fit.counts.lower))
    none = group_report(country_of(replace(fit, counts=counts)), "GM0002", language="en")
    assert "nothing was delivered" in none.sections[0].texts[0]
    assert set(none.sections[1].tables[0]["published count"]) == {"not delivered (predicted)"}


def test_a_fit_that_did_not_converge_says_so_first(fit):
    worse = replace(fit, diagnostics=replace(fit.diagnostics, rhat_max=1.4))
    assert (
        group_report(country_of(worse), "GM0001", language="en")
        .sections[0]
        .texts[0]
        .startswith("The computation did NOT")
    )


def test_every_picture_has_its_text(reports):
    pictures = [picture for section in reports["nl"].sections for picture in section.pictures]
    assert len(pictures) == 3
    assert all(len(str(picture.get_label())) > 40 for picture in pictures)
    assert reports["nl"].html.count('alt="') == 3


def test_a_word_document_has_headings_header_rows_and_texts_of_pictures(reports):
    report = reports["nl"]
    read = docx.Document(BytesIO(document_of(report.title, report.sections, "nl")))
    headings = [each.text for each in read.paragraphs if each.style.name == "Heading 1"]
    assert headings == [section.heading for section in report.sections]
    for table in read.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    described = [shape._inline.docPr.get("descr") for shape in read.inline_shapes]
    assert described == [str(each.get_label()) for section in report.sections for each in section.pictures]
    assert read.core_properties.language == "nl-NL"
    cells = [cell.text for row in read.tables[0].rows for cell in row.cells]
    table = report.sections[2].tables[0]
    assert cells[1 : 1 + table.shape[1]] == list(table.columns)


def test_other_groups_levels_and_endings_are_refused(fit, country, reports, tmp_path):
    with pytest.raises(UnknownNameError, match="GM0099"):
        group_report(country, "GM0099")
    with pytest.raises(UnknownNameError, match="provincie"):
        country_of(fit, "provincie")
    with pytest.raises(UnknownNameError, match="odt"):
        reports["nl"].write(tmp_path / "report.odt")
    assert not list(tmp_path.iterdir())
