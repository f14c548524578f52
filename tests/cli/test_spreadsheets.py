"""Spreadsheets as colleagues send them go from file to tables in three commands, and are read as they were meant."""

import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.io import read_areas
from bayesmodel.study import read_study
from benchmarks.faults.attempt import in_this_process
from benchmarks.spreadsheets import SPREADSHEETS, journey
from benchmarks.spreadsheets.make import invented


@pytest.mark.parametrize("name", SPREADSHEETS)
def test_three_commands_and_no_question_lead_to_tables(name, tmp_path):
    went = journey(SPREADSHEETS[name], tmp_path, in_this_process)
    assert (went.commands, went.questions) == (3, ()), went.said
    assert any(table.endswith(".csv") for table in went.tables), went.said

    meant = invented().set_index("code")
    counts = interpret_counts(read_areas(read_study(tmp_path / "study.toml")))
    assert counts.areas.codes.tolist() == meant.index.tolist()
    assert counts.population.tolist() == meant["jongeren"].tolist()
    published = meant["afgerond"] if "StatLine" in name else meant["hulp"]
    assert counts.areas.published.tolist() == published.tolist()
    assert counts.areas.levels["gemeente"].tolist() == meant["gemeente"].tolist()
    for column in counts.areas.determinants:
        known = counts.areas.determinants[column]
        assert any((known - meant[other]).abs().max() < 0.06 for other in meant.columns[5:]), column
