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


@pytest.fixture
def read_raw(tmp_path):
    """Read a study from bytes."""

    def make(raw):
        (tmp_path / "study.toml").write_bytes(raw)
        return read_study(tmp_path / "study.toml")

    return make


def test_a_byte_order_mark_is_no_part_of_the_study(read_raw):
    assert read_raw(b"\xef\xbb\xbf" + STUDY.encode()).name == "small"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_study_in_utf_16_says_what_to_do(read_raw, encoding):
    with pytest.raises(StudyError, match=r"(?s)UTF-16.*Save it again as UTF-8"):
        read_raw(STUDY.encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 100_000 + "]" * 100_000,
        "x = " + "{ a = " * 3_000 + "1" + " }" * 3_000,
        "x = " + "[" * 30 + "]" * 30 + STUDY,
        "x" + ".a" * 200_000 + " = 1" + STUDY,
        "x" + ' . "a"' * 200_000 + " = 1" + STUDY,
        "[x" + ".a" * 30 + "]\nb = 1",
    ],
    ids=["lists", "tables", "thirty lists", "dots", "dots and quotes", "a header"],
)
def test_nesting_without_end_is_a_fault(read_raw, text):
    with pytest.raises(StudyError, match="nested more than 20 deep"):
        read_raw(text.encode())


@pytest.mark.parametrize("number", ["9" * 20, "-" + "9" * 30, "0x" + "f" * 20_000])
def test_a_whole_number_beyond_64_bits_is_a_fault(read_raw, number):
    with pytest.raises(StudyError, match=r"inference.seed: found .*expected a whole number of at most 64 bits"):
        read_raw(f"{STUDY}\n[inference]\nseed = {number}".encode())


def test_a_number_of_thousands_of_digits_is_no_toml(read_raw):
    with pytest.raises(StudyError, match="no TOML"):
        read_raw(f"{STUDY}\n[inference]\nseed = {'9' * 5000}".encode())


@pytest.mark.parametrize("number", ["inf", "-inf", "nan", "1e400"])
def test_a_number_that_is_not_finite_is_a_fault(read_raw, number):
    with pytest.raises(StudyError, match=r"exclusions\[0\].at_most: found (-?inf|nan); expected a number"):
        read_raw(f'{STUDY}\n[[exclusions]]\ncolumn = "n"\nat_most = {number}'.encode())


@pytest.mark.parametrize(
    "name",
    [
        "rot13",
        "hex",
        "zlib",
        "base64",
        "bz2",
        "uu",
        "idna",
        "punycode",
        "unicode_escape",
        "undefined",
        "mbcs",
        "x\\u0000",
    ],
)
def test_an_encoding_is_one_of_text_files(read, name):
    with pytest.raises(StudyError, match="is not known as one of text files"):
        read(tables=f'tables = [{{ path = "c.csv", key = "wijk", encoding = "{name}" }}]')


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "latin-1", "cp1252", "cp850", "mac-roman", "utf-16", "iso8859_15"])
def test_encodings_of_text_files_are_known(read, name):
    assert read(tables=f'tables = [{{ path = "c.csv", key = "wijk", encoding = "{name}" }}]').tables[0].encoding == name


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/dev/zero", "a device or a pipe"),
        ("x" * 5000, "a path that no file can have"),
        ("a\0b", "a path that no file can have"),
        ("/", "a folder"),
        ("/dev/null/x", "no such file"),
    ],
)
def test_a_path_that_is_no_file_is_not_opened(path, what):
    with pytest.raises(StudyError, match=what) as caught:
        read_study(path)
    assert len(str(caught.value)) < 600


def test_of_a_folder_with_a_study_in_it_the_study_is_named(tmp_path):
    (tmp_path / "study.toml").write_text("", "utf-8")
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path)
    (fault,) = caught.value.faults
    assert fault.advice == f"The study in it is {tmp_path / 'study.toml'}."


def test_a_pipe_is_not_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "study.toml")
    with pytest.raises(StudyError, match="a device or a pipe"):
        read_study(tmp_path / "study.toml")
