"""A proposed study says the same in Dutch and English."""

import tomllib

import pytest

from bayesmodel.messages import speaking
from bayesmodel.scaffold import propose_study, write_study

ROWS = """\
WK000101;A;GM0001;1.250;120;10,5;1;1
WK000102;B;GM0001;80;.;20,5;1;2
WK000201;C;GM0002;400;41;30,5;2;3
WK000202;D;GM0002;300;10;.;2;4
Totaal;;;2.030;171;;;
"""
REGIONS = "gm;jeugdregio\nGM0001;JZ01\nGM0002;JZ02\n"


def comments(text):
    """Return the comments that are no keys left out."""
    return [line for line in text.splitlines() if line.startswith("#") and " = " not in line and "[[" not in line]


@pytest.mark.parametrize("year", [None, 2021])
@pytest.mark.parametrize("count", ["jeugdhulp", "kolom"])
def test_the_language_of_the_user_changes_comments_only(tmp_path, count, year):
    paths = [tmp_path / "wijken.csv", tmp_path / "regios.csv"]
    paths[0].write_text(f"wijkcode;naam;gm_code;jongeren;{count};huur;afstand;id\n{ROWS}", encoding="utf-8")
    paths[1].write_text(REGIONS, encoding="utf-8")
    written = {}
    for language in ("en", "nl"):
        with speaking(language):
            written[language] = write_study(propose_study(paths, year), tmp_path / "study.toml")
    assert tomllib.loads(written["en"]) == tomllib.loads(written["nl"])
    english, dutch = comments(written["en"]), comments(written["nl"])
    assert len(english) == len(dutch)
    assert set(english) & set(dutch) == set()
    assert not any(mark in written["nl"] for mark in ("QUESTION", "CHECK"))
    assert ("# VRAAG: Van welk jaar zijn de aantallen? Dat blijkt niet uit de tabel." in dutch) == (year is None)
