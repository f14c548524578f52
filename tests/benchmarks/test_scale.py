"""The country of many areas that time and memory are measured on is one that the package reads."""

from bayesmodel import interpret_counts, read_areas
from benchmarks.evidence.scale import country


def test_it_is_read_and_hides_its_small_counts(tmp_path):
    counts = interpret_counts(read_areas(country(tmp_path, 800, "laplace", 400)))
    assert len(counts) == 800
    assert (counts.upper[counts.upper > counts.lower] == 9).all()
    assert (counts.upper > counts.lower).any()
