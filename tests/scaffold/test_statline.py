"""Downloads of StatLine, invented: with titles above and the source below, with labels, and untyped as open data is."""

import pytest

from bayesmodel.data import interpret_counts
from bayesmodel.errors import StudyError
from bayesmodel.io import read_areas
from bayesmodel.scaffold import propose_study, write_study
from bayesmodel.study import read_study

WIJKEN = [(gemeente, wijk) for gemeente in range(1, 5) for wijk in range(8)]
FORMS = {
    "T001203": "Totaal alle jeugdzorg in natura",
    "A042503": "Jeugdhulp zonder verblijf",
    "A027918": "Jeugdhulp met verblijf",
}
COUNT = "Totaal jongeren met jeugdzorg in natura"


def count(gemeente, wijk, form=0):
    shown = (20 + 7 * gemeente + 3 * wijk) // (1 + form) // 5 * 5
    return str(shown) if shown >= 10 and wijk != 3 else "."


def quoted(rows):
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def of_wijken(*cells):
    """Rows of all wijken: name, padded code, then other cells, and the count."""
    return [[f"Wijk {g}-{w}", f"WK{g:04d}{w:02d}  ", *cells, count(g, w)] for g, w in WIJKEN]


OLD = [
    ["Jeugdzorg in natura; wijken 2021"],
    ["Onderwerpen", "Codering (code)", COUNT],
    ["Wijken", "code", "aantal"],
    *of_wijken(),
    ["© Centraal Bureau voor de Statistiek, Den Haag/Heerlen 10-10-2022"],
]
ARRANGED = [
    ["Jeugdzorg in natura; wijken 2021"],
    ["", "", "Onderwerp", COUNT],
    ["Wijken", "Codering", "Perioden", "aantal"],
    *of_wijken("2021*"),
    ["Bron: CBS"],
]
LABELLED = [
    ["Vormen van jeugdzorg", "Wijken", "Perioden", "Regioaanduiding/Gemeentenaam (naam)",
     "Regioaanduiding/Codering (code)", f"{COUNT} (aantal)"],
    *([label, f"Wijk {g}-{w}", "2021*", f"Town {g}  ", f"WK{g:04d}{w:02d}  ", count(g, w, form)]
      for form, label in enumerate(FORMS.values()) for g, w in WIJKEN),
]  # fmt: skip
UNTYPED = [
    ["ID", "VormenVanJeugdzorg", "Wijken", "Perioden", "TotaalJongerenMetJeugdzorgInNatura_1", "Gemeentenaam_18"],
    *([str(form * 32 + place), f"{code}  ", f"WK{g:04d}{w:02d}  ", "2021JJ00", f"{count(g, w, form):>10}", f"Town {g}"]
      for form, code in enumerate(FORMS) for place, (g, w) in enumerate(WIJKEN)),
]  # fmt: skip
PEOPLE = [
    ["wijk", "naam", "jongeren"],
    *([f"WK{g:04d}{w:02d}", f"Wijk {g}-{w}", str(60 if w == 3 else 500)] for g, w in WIJKEN),
]


@pytest.fixture
def proposed(tmp_path):
    """Write downloads, propose a study of them, and read it."""

    def make(*tables, **options):
        paths = []
        for place, rows in enumerate(tables):
            paths.append(tmp_path / f"table{place}.csv")
            paths[-1].write_text(quoted(rows), encoding="utf-8-sig")
        file = tmp_path / "study.toml"
        file.write_text(write_study(propose_study(paths, **options), file), encoding="utf-8")
        return read_study(file)

    return make


@pytest.mark.parametrize("rows", [OLD, ARRANGED, LABELLED, UNTYPED], ids=["old", "arranged", "labelled", "untyped"])
def test_a_download_and_the_people_of_each_wijk_make_a_study(proposed, rows):
    study = proposed(rows, PEOPLE, year=2021)
    counts = interpret_counts(read_areas(study))
    assert len(counts) == len(WIJKEN)
    assert (counts.status == "suppressed").sum() == 4
    assert counts.lower[0] == int(count(1, 0)) - 2
    assert counts.areas.names.iloc[1] == "Wijk 1-1"
    assert study.outcome.count.en == "young people under 23 with youth care in kind"


@pytest.mark.parametrize(
    ("rows", "where"),
    [(LABELLED, {"Vormen van jeugdzorg": FORMS["T001203"]}), (UNTYPED, {"VormenVanJeugdzorg": "T001203"})],
)
def test_of_several_forms_of_care_the_total_is_taken(proposed, rows, where):
    assert proposed(rows, PEOPLE, year=2021).tables[0].where == where


def test_without_a_total_the_form_is_a_question(proposed):
    with pytest.raises(StudyError, match=r"tables\[0\].where.VormenVanJeugdzorg"):
        proposed([row for row in UNTYPED if not row[1].startswith("T00")], PEOPLE, year=2021)


def test_a_provisional_period_says_the_year_and_that_it_is_provisional(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(quoted(ARRANGED), encoding="utf-8-sig")
    proposal = propose_study([path])
    assert proposal.year == 2021
    assert "provisional" in proposal.year_reason
