"""Bytes become the letters they were, or a fault that says how to state what they are."""

import pytest

from bayesmodel.errors import DataError
from bayesmodel.io.delimited import read_text

TEXT = "naam;n\nSúdwest-Fryslân;12\nBergen op Zoom\u2019s café;13\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", ""), ("utf-8-sig", "UTF-8 with a byte-order mark"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_what_was_written_is_read(tmp_path, encoding, said):
    (tmp_path / "x.csv").write_bytes(TEXT.encode(encoding))
    assert read_text(tmp_path / "x.csv", None) == (TEXT, said)


def test_latin_1_is_read_and_said(tmp_path):
    text = TEXT.replace("\u2019", "'")
    (tmp_path / "x.csv").write_bytes(text.encode("latin-1"))
    assert read_text(tmp_path / "x.csv", None) == (text, "Latin-1")


def test_a_code_page_that_gives_no_words_is_asked_for(tmp_path):
    (tmp_path / "x.csv").write_bytes("naam\ncafé, reünie\n".encode("cp850"))
    with pytest.raises(DataError, match=r'first in line 2.*\n.*encoding = "latin-1", "cp1252", "cp850"'):
        read_text(tmp_path / "x.csv", None)
    assert read_text(tmp_path / "x.csv", "cp850")[0] == "naam\ncafé, reünie\n"


def test_letters_that_were_lost_before_are_found_by_line(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"naam\n" + "Fryslân".encode("latin-1").decode("utf-8", "replace").encode())
    with pytest.raises(DataError, match=r"Latin-1 was read as UTF-8(.*\n)+.*line 2"):
        read_text(tmp_path / "x.csv", None)


def test_utf_8_that_was_read_as_latin_1_is_found(tmp_path):
    (tmp_path / "x.csv").write_text("naam\nFryslân".encode().decode("cp1252"), encoding="utf-8")
    with pytest.raises(DataError, match="UTF-8 that was read as Latin-1"):
        read_text(tmp_path / "x.csv", None)
    assert "Ã" in read_text(tmp_path / "x.csv", "utf-8")[0]


def test_a_stated_encoding_that_does_not_fit(tmp_path):
    (tmp_path / "x.csv").write_bytes("a\né".encode("latin-1"))
    with pytest.raises(DataError, match="bytes that are not utf-8, first in line 2"):
        read_text(tmp_path / "x.csv", "utf-8")
