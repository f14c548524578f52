"""A study file is read whole or explained whole."""

import pytest

from bayesmodel.errors import StudyError
from bayesmodel.study import read_study

STUDY = """
name = "small"
columns = { area = "wijk", count = "care", population = "young" }
tables = [{ path = "counts.csv", key = "wijk" }]

[outcome]
count = { nl = "hulp", en = "care" }
population = { nl = "jongeren", en = "young people" }
year = 2017
vintage = 2017

[publication]
hidden_symbols = ["?"]
"""


@pytest.fixture
def read(tmp_path):
    """Read a study after replacing text in it."""

    def make(**changes):
        text = STUDY
        for old, new in changes.items():
            assert f"{old} = " in text
            text = "\n".join(new if line.startswith(f"{old} = ") else line for line in text.splitlines())
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return read_study(tmp_path / "study.toml")

    return make


def test_a_question_mark_may_be_a_symbol(read):
    assert read().publication.hidden_symbols == ("?",)


def test_open_questions_and_faults_are_named_together(read):
    with pytest.raises(StudyError, match="has 4 faults") as caught:
        read(year='year = "?"', vintage="vintag = 2017", tables='tables = [{ path = "counts.csv", key = "?" }]')
    found = {fault.where: fault.found for fault in caught.value.faults}
    assert list(found) == ["tables[0].key", "outcome.year", "outcome.vintage", "outcome.vintag"]
    assert found["outcome.year"] == '"?", a question that is still open'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            'tables = [{ path = "c.csv", key = "wijk", decimal = ",", thousands = "," }]',
            "decimal and thousands are both",
        ),
        ('tables = [{ path = "c.csv", key = "wijk", encoding = "latijn" }]', "'latijn' is not known"),
        ('tables = [{ path = "c.csv", key = "wijk", keep = "codes" }]', 'keep = "codes" needs code'),
        ('tables = [{ path = "c.csv", key = "wijk", decimals = "," }]', "Did you mean decimal?"),
    ],
)
def test_tables_that_contradict_themselves(read, line, message):
    with pytest.raises(StudyError) as caught:
        read(tables=line)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"), [(b"name = ", "a TOML file"), (b"name = '\xe9'", "UTF-8"), (None, "study init TABLE")]
)
def test_a_file_that_is_no_study(tmp_path, content, message):
    if content is not None:
        (tmp_path / "study.toml").write_bytes(content)
    with pytest.raises(StudyError, match=message):
        read_study(tmp_path / "study.toml")
