"""What a study may not disclose never enters its counts."""

import pickle
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import Study, interpret_counts, read_areas
from bayesmodel.data import Status
from bayesmodel.data.suppression import exposed, shown_windows, suppress, suppression_from

PLACES = [f"WK{gemeente:04d}{wijk:02d}" for gemeente in range(1, 5) for wijk in range(6)]
PEOPLE = [60, 420, 380, 510, 450, 70] * 4
COUNTS = [4, 44, 39, 52, 47, 6] * 4


def microdata(counts=COUNTS, people=PEOPLE, totals=None, **settings):
    """Return the areas of a study of exact counts: four gemeenten of six wijken in two regions."""
    frame = pd.DataFrame({"wijk": PLACES, "care": counts, "young": people})
    frame["gemeente"] = "GM" + frame["wijk"].str[2:6]
    frame["regio"] = np.where(frame["gemeente"] < "GM0003", "JZ01", "JZ02")
    if totals is not None:
        whole = frame.groupby("gemeente")["young"].sum()
        rows = pd.DataFrame({"wijk": whole.index, "care": totals, "young": whole.to_numpy(), "gemeente": whole.index})
        frame = pd.concat([frame, rows.assign(regio="JZ00")])
        settings = {
            "tables": [{"path": "x", "format": "dataframe", "key": "wijk", "code": "wijk", "keep": "codes"}]
        } | settings
    columns = {"count": "care", "population": "young", "area": "wijk", "levels": ["gemeente", "regio"]}
    return read_areas(Study.from_dataframe(frame, **columns, year=2023, settings=settings))


def known(counts):
    """Return everything that counts hold, to the last byte."""
    areas = counts.areas
    frames = [counts.frame, areas.frame, areas.totals, areas.figures, counts.totals, counts.trail, areas.left_out]
    texts = [areas.notes, counts.notes, [str(each) for each in counts.remarks], counts.study.model_dump_json()]
    return pickle.dumps([[frame.to_csv() for frame in frames], texts, areas.suppression.plain()])


@pytest.mark.parametrize("moved", [{0: 1, 5: 9}, {0: 9, 5: 1}, {0: 3, 5: 5, 6: 5}])
def test_counts_that_are_published_alike_cannot_be_told_apart_afterwards(moved):
    """Small counts move while what is public stays: nothing that comes out differs, so nothing in it tells them."""
    other = list(COUNTS)
    for row, count in moved.items():
        other[row] = count
    first, second = interpret_counts(microdata()), interpret_counts(microdata(other))
    assert (first.areas.published == second.areas.published).all()
    assert known(first) == known(second)


def test_a_count_that_protects_cannot_be_told_either():
    first = interpret_counts(microdata())
    protects = list(first.areas.suppression.protects)
    rows = [PLACES.index(code) for code in protects if code.startswith("WK0001")]
    other = list(COUNTS)
    other[rows[0]] += 3
    other[rows[1]] -= 3
    assert known(first) == known(interpret_counts(microdata(other)))


def test_no_small_count_is_left_anywhere():
    areas = suppress(microdata())
    counts = interpret_counts(microdata())
    small = np.array(COUNTS) < 10
    assert set(areas.published[small]) == {"<10"}
    assert set(areas.published[~small]) - {">=10"} <= {"44", "39", "52", "47"}
    assert set(counts.status[small]) == {"suppressed"}
    assert (counts.lower[small] == 0).all()
    assert (counts.upper[small] == 9).all()
    assert counts.study.publication.hidden_below == 10
    assert counts.study.dataframe is None
    assert exposed(counts) == 0


def test_what_is_hidden_once_stays_as_it_is():
    once = suppress(microdata())
    assert suppress(once) is once


def test_published_counts_are_left_alone():
    cells = ["." if count < 10 else str(count) for count in COUNTS]
    areas = microdata(cells, publication={"hidden_below": 10, "hidden_symbols": ["."]})
    rounded = microdata([5 * round(count / 5) for count in COUNTS], publication={"hidden_below": 0, "rounded_to": 5})
    large = microdata([count + 10 for count in COUNTS])
    for each in (areas, rounded, large):
        assert suppress(each) is each
        assert exposed(interpret_counts(each)) == 0


def test_a_limit_above_that_of_the_publisher_hides_more():
    cells = ["." if count < 5 else str(count) for count in COUNTS]
    rule = {"hidden_below": 5, "hidden_symbols": ["."]}
    areas = suppress(microdata(cells, publication=rule, disclosure={"limit": 10}))
    assert set(areas.published[np.array(COUNTS) < 10]) == {"<10", "."}
    counts = interpret_counts(areas)
    assert set(counts.upper[np.array(COUNTS) < 10]) == {9}


def test_a_symbol_of_zero_is_a_small_count():
    cells = ["-" if count < 5 else str(count) for count in COUNTS]
    areas = suppress(microdata(cells, publication={"hidden_below": 0, "zero_symbols": ["-"]}))
    assert "-" not in set(areas.published)
    assert areas.published.iloc[0] == "<10"


def test_nobody_is_no_small_count():
    people = [0, *PEOPLE[1:]]
    counts = interpret_counts(microdata([0, *COUNTS[1:]], people))
    assert counts.status[0] == "zero"
    dashed = interpret_counts(
        microdata(["-", *COUNTS[1:]], people, publication={"hidden_below": 0, "zero_symbols": ["-"]})
    )
    assert dashed.status[0] == "zero"


def test_missing_counts_stay_missing():
    counts = interpret_counts(microdata(["x", *COUNTS[1:]], publication={"hidden_below": 0, "missing_symbols": ["x"]}))
    assert counts.status[0] == "missing"


def test_without_protection_counts_are_as_they_are_and_are_known_to_be_exposed():
    counts = interpret_counts(microdata(disclosure={"protect": False}))
    assert counts.areas.suppression is None
    assert counts.lower.tolist() == COUNTS
    assert exposed(counts) == 8


def test_without_public_totals_only_small_counts_are_hidden():
    made = suppress(microdata(disclosure={"public_totals": False})).suppression
    assert made.protects == {}
    assert made.totals == ()
    assert len(made.small) == 8


def test_insiders_cost_more():
    many, few = (suppress(microdata(disclosure={"insiders": chosen})).suppression for chosen in (True, False))
    assert len(many.protects) > len(few.protects)


def test_totals_that_would_tell_are_hidden_with_their_areas():
    counts = [4, 0, 0, 0, 0, 0, *COUNTS[6:]]
    people = [60, 0, 0, 0, 0, 0, *PEOPLE[6:]]
    totals = [4, *(sum(counts[start : start + 6]) for start in (6, 12, 18))]
    areas = suppress(microdata(counts, people, totals))
    published = areas.totals.set_index("group")["published"]
    assert published["GM0001"] == "<10"
    hidden = [group for level, group in areas.suppression.totals if level == "gemeente"]
    assert set(hidden) - {"GM0001"}
    assert {published[group] for group in set(hidden) - {"GM0001"}} == {">=10"}
    assert interpret_counts(areas).totals.set_index("group")["lower"].isna().sum() >= len(hidden) - 1


def test_what_else_was_read_of_the_counts_is_left_out():
    areas = microdata()
    figures = pd.DataFrame({"young_care": "1", "old_care": "3"}, index=areas.codes)
    bounds = {"subtotals": [{"columns": ["young_care", "old_care"]}]}
    study = areas.study.model_validate(areas.study.model_dump() | {"bounds": bounds})
    found = suppress(replace(areas, study=study, figures=figures))
    assert found.figures.empty
    assert found.study.bounds.columns == ()
    assert any("[bounds]" in note for note in found.notes)


def test_symbols_that_are_taken_are_not_used_again():
    areas = microdata(["<10", *COUNTS[1:]], publication={"hidden_below": 0, "missing_symbols": ["<10"]})
    found = suppress(areas)
    assert found.published.iloc[0] == "<10"
    assert found.published.iloc[5] == "<10*"
    assert interpret_counts(areas).status[0] == "missing"


def test_what_was_hidden_is_said_and_kept():
    made = suppress(microdata()).suppression
    assert suppression_from(made.plain()) == made
    assert set(made.small) == {code for code, count in zip(PLACES, COUNTS, strict=True) if count < 10}


def test_a_hidden_count_that_follows_exactly_is_shown_as_its_window():
    cells = ["." if count < 10 else str(count) for count in COUNTS]
    counts = interpret_counts(microdata(cells, publication={"hidden_below": 10, "hidden_symbols": ["."]}))
    single = counts.with_bounds([0], 4, 4, Status.SUPPRESSED)
    lower, upper = shown_windows(single)
    assert (lower[0], upper[0]) == (0, 9)
    np.testing.assert_array_equal(lower[1:], counts.lower[1:])
