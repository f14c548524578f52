"""Other provisions by study file alone: each runs to the end, and speaks of its own people in both languages."""

import re
from dataclasses import replace
from functools import cache

import openpyxl
import pandas as pd
import pytest

from bayesmodel import fit
from bayesmodel.data import interpret_counts
from bayesmodel.estimates.explain import explain
from bayesmodel.io import read_areas
from bayesmodel.messages import speaking
from bayesmodel.study import read_study
from bayesmodel.tables.results_folder import write_tables
from benchmarks import provisions

STUDIES = sorted(path.stem for path in provisions.FOLDER.glob("*.toml"))
YOUNG = r"jongeren|jeugd|jeugdhulp|kinderen|young|youth|school|children"
OF_OTHERS = {
    "wmo": YOUNG + r"|bijstand|assistance|huishoudens met meer",
    "social-assistance": YOUNG + r"|wmo|zorg\b|\bcare\b",
    "youth-care-with-stay": r"wmo|bijstand|zonder verblijf|without overnight",
    "several-provisions": YOUNG + r"|wmo|bijstand",
    "life-events": r"jongeren|jeugd|young people|youth|school|wmo|bijstand|\bwijken\b|\bzorg\b|\bcare\b|gebied"
    r"|\bareas? (?!_)\w",
}
"""Words that a report of a provision has no use for."""


@cache
def fitted(name):
    study = read_study(provisions.FOLDER / f"{name}.toml")
    inference = study.inference.model_copy(update={"engine": "laplace", "draws": 2500})  # NUTS goes on where it must
    return fit(study.model_copy(update={"inference": inference}))


def test_the_tables_are_those_that_the_module_makes(tmp_path, monkeypatch):
    kept = {path.name: path.read_bytes() for path in provisions.FOLDER.glob("*.csv")}
    monkeypatch.setattr(provisions, "FOLDER", tmp_path)
    provisions.main()
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == kept


def test_every_provision_has_words_that_it_must_not_use():
    assert set(OF_OTHERS) == set(STUDIES)


@pytest.mark.parametrize("name", STUDIES)
def test_none_asks_and_nothing_is_taken_for_another_label(name):
    counts = interpret_counts(read_areas(read_study(provisions.FOLDER / f"{name}.toml")))
    assert [each.where for each in counts.remarks if each.where.startswith("outcome.")] == []
    assert counts.observed.any()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", STUDIES)
def test_it_runs_to_the_end_and_speaks_of_its_own_people(name, language, tmp_path):
    found = fitted(name)
    assert found.diagnostics.converged
    report = found.study.report.model_copy(update={"language": language})
    study = found.study.model_copy(update={"report": report})
    with speaking(language):
        found = replace(found, counts=found.counts.with_study(study))
        write_tables(found, tmp_path / "tables")
        sentences = explain(found, list(found.counts.areas.codes[:3]))[language]
    said = "\n".join([*sentences, *texts(tmp_path / "tables")])
    for label in (study.outcome.count, study.outcome.population):
        assert label[language] in said
    foreign = [
        said[max(found.start() - 60, 0) : found.end() + 20] for found in re.finditer(OF_OTHERS[name], said, re.I)
    ]
    assert foreign == []


def texts(folder):
    """All that a reader sees: text files, headers and codebook, and every cell of the workbook that is text."""
    for path in folder.iterdir():
        if path.suffix in {".txt", ".csv", ".json"}:
            yield path.read_text("utf-8-sig")
        if path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path, read_only=True):
                yield from (str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def test_life_events_are_held_against_each_other_within_both_levels():
    counts = interpret_counts(read_areas(read_study(provisions.FOLDER / "life-events.toml")))
    assert counts.areas.levels.nunique().to_dict() == {"huishouden": 5, "gebeurtenis": 8}
    assert counts.study.model.family == "binomial"
    table = pd.read_csv(provisions.FOLDER / "life_events.csv")
    assert (table["gebruikt_2015"] == counts.population).all()
