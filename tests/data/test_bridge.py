"""Laws of bridges: nobody is lost, to itself nothing changes, a merger adds intervals up, bounds hold the truth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayesmodel.data.bridge import bridge_of, identity_bridge
from bayesmodel.errors import ArgumentError

COUNTS = st.lists(st.integers(0, 500), min_size=6, max_size=6)
PARTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(1, 50)), min_size=6, max_size=20)
OLD, NEW = pd.Index([f"WK00000{each}" for each in range(6)]), pd.Index([f"WK00010{each}" for each in range(4)])


def bridge(parts):
    """Return a bridge of parts; an old area without one goes whole to the first new one."""
    rows = {(old, new): size for old, new, size in parts}
    for old in set(range(6)) - {old for old, _new in rows}:
        rows[old, 0] = 1
    frame = pd.DataFrame([(OLD[old], NEW[new], float(size)) for (old, new), size in rows.items()])
    return bridge_of(OLD, NEW, frame.set_axis(["old", "new", "size"], axis=1), "areas", (2021, 2022))


@settings(max_examples=100, deadline=None)
@given(parts=PARTS, counts=COUNTS, hidden=st.lists(st.booleans(), min_size=6, max_size=6), seed=st.integers(0, 99))
def test_bounds_hold_the_truth_wherever_people_live_and_nobody_is_lost(parts, counts, hidden, seed):
    """People counted are put in any part of their area: the new counts lie in the bounds, and add up to the old."""
    found, random = bridge(parts), np.random.default_rng(seed)
    truth = pd.Series(counts, OLD, dtype=float)
    low = truth.where(~np.array(hidden), 0.0)
    high = truth.where(~np.array(hidden), np.maximum(truth, 7.0))
    bounds = found.counts(low, high)
    shares = found.shares.toarray()
    lived = np.zeros(4)
    for column, count in enumerate(truth):
        open_to = np.flatnonzero(shares[:, column] > 0)
        lived[open_to] += random.multinomial(int(count), random.dirichlet(np.ones(len(open_to))))
    filled = ~found.new.isin(found.unfilled)
    assert ((bounds["lower"] <= lived) & (lived <= bounds["upper"]))[filled].all()
    assert lived.sum() == truth.sum()
    assert bounds["estimate"].sum() == pytest.approx(((low + high) / 2).sum())
    assert ((bounds["lower"] - 1e-9 <= bounds["estimate"]) & (bounds["estimate"] <= bounds["upper"] + 1e-9))[
        filled
    ].all()
    assert not bounds["exact"][~found.whole].any()


@given(counts=COUNTS)
def test_to_itself_nothing_changes(counts):
    values = pd.Series(counts, OLD, dtype=float)
    found = identity_bridge(OLD, 2021)
    bounds = found.counts(values)
    assert (bounds["lower"] == values).all()
    assert (bounds["upper"] == values).all()
    assert bounds["exact"].all()
    means = found.means(values, pd.Series(1.0, OLD))
    assert (means["mean"] == values).all()
    assert not found.approximate


@given(lower=COUNTS, width=COUNTS)
def test_a_merger_is_the_sum_of_intervals(lower, width):
    parts = pd.DataFrame({"old": OLD, "new": [NEW[0]] * 2 + [NEW[1]] * 3 + [NEW[2]], "size": 1.0})
    low = pd.Series(lower, OLD, dtype=float)
    high = low + width
    found = bridge_of(OLD, NEW[:3], parts, "mergers").counts(low, high)
    heirs = parts["new"].to_numpy()
    assert found["lower"].tolist() == low.groupby(heirs).sum().tolist()
    assert found["upper"].tolist() == high.groupby(heirs).sum().tolist()
    assert (found["exact"] == (found["lower"] == found["upper"])).all()


def test_a_mean_is_weighted_by_its_people_and_says_how_many_are_known():
    parts = pd.DataFrame({"old": OLD[:3], "new": NEW[0], "size": 1.0})
    found = bridge_of(OLD[:3], NEW[:1], parts, "mergers")
    people = pd.Series([100.0, 300.0, 600.0], OLD[:3])
    known = found.means(pd.Series([10.0, 20.0, 30.0], OLD[:3]), people).iloc[0]
    assert (known["mean"], known["known"], known["exact"]) == (25.0, 1.0, True)
    partly = found.means(pd.Series([10.0, np.nan, 30.0], OLD[:3]), people).iloc[0]
    assert (partly["mean"], partly["known"], partly["exact"]) == (pytest.approx(19000 / 700), 0.7, False)
    nothing = found.means(pd.Series(np.nan, OLD[:3]), people).iloc[0]
    assert np.isnan(nothing["mean"])
    assert not nothing["exact"]


def test_a_part_is_never_exact():
    parts = pd.DataFrame({"old": [OLD[0], OLD[0]], "new": [NEW[0], NEW[1]], "size": [3.0, 1.0]})
    found = bridge_of(OLD[:1], NEW[:2], parts, "areas")
    bounds = found.counts(pd.Series({OLD[0]: 40.0}))
    assert bounds[["lower", "upper", "estimate"]].to_numpy().tolist() == [[0, 40, 30], [0, 40, 10]]
    assert not bounds["exact"].any()
    assert not found.means(pd.Series({OLD[0]: 5.0}), pd.Series({OLD[0]: 9.0}))["exact"].any()
    assert "approximate" in repr(found)


def test_what_is_not_known_has_no_upper_bound():
    parts = pd.DataFrame({"old": OLD[:2], "new": NEW[0], "size": 1.0})
    found = bridge_of(OLD[:2], NEW[:2], parts, "mergers").counts(pd.Series({OLD[0]: 40.0}))
    assert found.loc[NEW[0]].tolist()[:2] == [40.0, np.inf]
    assert np.isnan(found.loc[NEW[0], "estimate"])
    assert found.loc[NEW[1], "upper"] == np.inf, "what gets nothing of the earlier year is not known"


def test_bounds_that_are_crossed_are_refused():
    with pytest.raises(ArgumentError, match="WK000000"):
        identity_bridge(OLD[:1]).counts(pd.Series({OLD[0]: 4.0}), pd.Series({OLD[0]: 3.0}))
