"""Small studies with their files."""

from pathlib import Path

import pytest

from bayesmodel.study import Study, study_from


@pytest.fixture
def wijken() -> str:
    """Five wijken in three gemeenten in two regions, one count hidden, two shares not known."""
    rows = [
        "wijk,gm,jz,naam,zorg,jongeren,huur,afstand",
        "WK000101,GM0001,JZ01,Wijk 11,12,150,10.5,1",
        "WK000102,GM0001,JZ01,Wijk 12,,250,.,1",
        "WK000201,GM0002,JZ01,Wijk 21,15,150,30.0,2",
        "WK000301,GM0003,JZ02,Wijk 31,20,150,,3",
        "WK000302,GM0003,JZ02,Wijk 32,25,250,55.25,3",
    ]
    return "\n".join(rows) + "\n"


@pytest.fixture
def study_of(tmp_path: Path):
    """Write files and make a study that reads them; the first file is the base, keyed on the wijk."""

    def make(files: dict[str, str], **changes) -> Study:
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        values = {
            "name": "small",
            "folder": str(tmp_path),
            "outcome": {
                "count": {"nl": "a", "en": "a"},
                "population": {"nl": "b", "en": "b"},
                "year": 2017,
                "vintage": 2017,
            },
            "tables": [{"path": name, "key": "wijk", "code": "wijk"} for name in files],
            "columns": {"area": "wijk", "area_name": "naam", "count": "zorg", "population": "jongeren"},
            "levels": [
                {"name": "gemeente", "column": "gm", "within": "regio"},
                {"name": "regio", "column": "jz"},
            ],
            "publication": {"hidden_symbols": [""]},
            "determinants": [{"column": "huur"}, {"column": "afstand", "level": "gemeente"}],
        }
        return study_from(values | changes)

    return make
