"""Every column of a table is in the study that is proposed, or listed with the reason why it is not."""

import tomllib

import pandas as pd
import pytest

from bayesmodel.messages import speaking
from bayesmodel.scaffold import propose_study, write_study
from benchmarks.sense.world import country


def proposed(table, folder, year=2021):
    table.to_csv(folder / "wijken.csv", sep=";", index=False)
    with speaking("en"):
        return write_study(propose_study([folder / "wijken.csv"], year))


def left_out(text):
    """The lines under "Not taken"."""
    return text.partition("# Not taken:\n")[2].partition("\n\n")[0].splitlines()


def determinants(text):
    return [each["column"] for each in tomllib.loads(text)["determinants"]]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["True", "False"], "#   extra: 'True', 'False'. TRUE and FALSE are no numbers: write 1 and 0"),
        (["5 %", "8"], "#   extra: '5 %'. A unit is read where every number"),
        (["12:30:00", "10:15:00"], "#   extra: '12:30:00', '10:15:00'. A date or a time is no number"),
        (["stad", "dorp"], "#   extra: text, such as 'stad', 'dorp'"),
        ([""], "#   extra: empty"),
        (["JZ01", "JZ02"], "#   extra: codes that no level needs, such as 'JZ01', 'JZ02'"),
    ],
)
def test_a_column_without_numbers_is_listed_with_the_reason_and_examples(cells, said, tmp_path):
    table = country()
    table["extra"] = [cells[place % len(cells)] for place in range(len(table))]
    if cells == ["5 %", "8"]:
        table["extra"] = table["extra"].mask(table.index % 3 > 0, [f"{place} %" for place in range(len(table))])
        said = said.replace("'5 %'", "'5 %', '1 %'")
    text = proposed(table, tmp_path)
    assert "extra" not in determinants(text)
    assert any(line.startswith(said) for line in left_out(text)), left_out(text)


def test_what_has_a_role_is_not_listed(tmp_path):
    assert left_out(proposed(country(), tmp_path)) == []


def test_many_columns_of_text_and_columns_of_other_years_share_a_line(tmp_path):
    table = country().assign(**{f"tekst{number}": "ja" for number in range(9)}, huur_2020="3.5", huur_2021="4.5")
    lines = left_out(proposed(table, tmp_path))
    assert "#   tekst0, tekst1, tekst2, tekst3, tekst4 and 4 more: text" in lines
    assert "#   huur_2020: of other years" in lines


def test_a_unit_is_said_where_the_column_is_taken_and_makes_no_count(tmp_path):
    table = country()
    table["wmo_gebruik"] = [f"{place % 9 + 3},5 %" for place in range(len(table))]
    text = proposed(table, tmp_path)
    assert '# CHECK: Each number has the unit %, which is left out.\ncolumn = "wmo_gebruik"' in text
    table = country().rename(columns={"jeugdhulp": "kolom"})
    table["jeugdhulp"] = [f"{place % 9 + 3} %" for place in range(len(table))]
    assert tomllib.loads(proposed(table, tmp_path))["columns"]["count"] != "jeugdhulp"


def test_numbers_with_exponents_are_numbers_and_no_symbols(tmp_path):
    table = country()
    table["afstand"] = [f"{1 + place % 89 / 100:.2f}E+02".replace(".", ",") for place in range(len(table))]
    table["jongeren"] = [
        number if place % 3 else f"{float(number):.2E}".replace(".", ",")
        for place, number in enumerate(table["jongeren"])
    ]
    text = proposed(table, tmp_path)
    assert "afstand" in determinants(text)
    assert "E+02" not in text.replace("E+02')", "")
    assert tomllib.loads(text)["columns"]["population"] == "jongeren"
    assert "# CHECK: jongeren: found no whole number of people" in text
    assert "digits may be lost" in text


def test_a_time_among_numbers_is_a_question_and_no_symbol(tmp_path):
    table = country()
    table["afstand"] = pd.Series([f"{place}.5" for place in range(len(table))]).mask(table.index == 4, "12:30:00")
    text = proposed(table, tmp_path)
    assert "# QUESTION: '12:30:00' is no number and no symbol" in text
