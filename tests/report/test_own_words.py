"""What a gemeente says itself: read from a file, every fault at once."""

import pytest

from bayesmodel.errors import DataError
from bayesmodel.report.own_words import OwnWords, read_own_words


def test_sections_are_read_by_code(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('\ufeff[GM0001]\nexplanation = """\nOne\nline.\n\nTwo."""\ncontact = "a@b.nl"\n', "utf-8")
    found = read_own_words(path, ["GM0001", "GM0002"])
    assert found == {"GM0001": OwnWords("One\nline.\n\nTwo.", "a@b.nl")}
    assert found["GM0001"].paragraphs == ("One line.", "Two.")


def test_all_faults_come_at_once(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text('[GM9]\ncontact = "x"\n[GM0001]\nexplanation = 3\n[GM0002]\nphone = "06"\n', "utf-8")
    with pytest.raises(DataError) as raised:
        read_own_words(path, ["GM0001", "GM0002"])
    assert [fault.where for fault in raised.value.faults] == ["[GM9]", "[GM0001]", "[GM0002]"]


@pytest.mark.parametrize("content", [b"[GM0001", b"\xff\xfe\x00", b"a = \x00"])
def test_what_is_no_toml_is_refused(tmp_path, content):
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_own_words(path, ["GM0001"])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError):
        read_own_words(tmp_path / "none.toml", [])
