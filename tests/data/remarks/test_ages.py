"""Ages in names of columns: read in many forms, and spoken of where count and population are of other people."""

from dataclasses import replace

import pytest

from bayesmodel import example_study, interpret_counts, read_areas
from bayesmodel.data.named_ages import ages_of
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.ages import age_remarks, other_ages

COUNTS = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))


@pytest.mark.parametrize(
    ("name", "ages"),
    [
        ("k_0_17", (0, 17)),
        ("a_00_14", (0, 14)),
        ("Inwoners 0 tot 15 jaar", (0, 15)),
        ("jongeren 12 t/m 17", (12, 17)),
        ("inwoners_65plus", (65, 120)),
        ("65 jaar en ouder", (65, 120)),
        ("jongeren tot 23", (0, 23)),
        ("kinderen onder de 18", (0, 18)),
        ("jongeren", None),
        ("wijk_2021_2022", None),
        ("leerlingen_15_16", None),
        ("kolom_12", None),
    ],
)
def test_ages_are_read_from_names(name, ages):
    assert ages_of(name) == ages


@pytest.mark.parametrize(
    ("count", "parts", "other"),
    [
        ("jeugdhulp_0_23", ["inwoners_0_17"], True),
        ("jeugdhulp_0_23", ["k_0_11", "k_12_23"], False),
        ("jeugdhulp_0_18", ["jongeren_0_17"], False),
        ("jeugdhulp_0_23", ["jongeren"], False),
        ("jeugdhulp_0_23", ["k_0_11", "rest"], False),
        ("jeugdhulp", ["inwoners_0_24"], False),
        ("jeugdhulp", ["inwoners_65plus"], True),
        ("wmo", ["inwoners_65plus"], False),
    ],
)
def test_other_ages_are_seen_where_both_names_say_them(count, parts, other):
    assert bool(other_ages(count, parts)) == other


@pytest.mark.parametrize("population", ["inwoners_0_17", ("k_0_11", "k_12_17")])
def test_a_population_of_other_ages_is_remarked(population):
    columns = COUNTS.study.columns.model_copy(update={"count": "jeugdhulp_0_23", "population": population})
    [found] = age_remarks(COUNTS.with_study(COUNTS.study.model_copy(update={"columns": columns})))
    assert found.kind is RemarkKind.AGES
    assert "ages 0 to 23" in found.text.en
    assert "of ages 0 to 17" in found.text.en
    assert "van 0 tot en met 17" in found.text.nl


def test_the_example_is_of_one_age():
    assert not list(age_remarks(replace(COUNTS)))
