"""Forest: marks stand at the means, lines span the intervals, and a hidden wijk is drawn as what it is."""

from dataclasses import replace

import numpy as np
import pytest

from bayesmodel.data import Status
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.difference import difference
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.use import use
from bayesmodel.plots.interval_plots import caterpillar, forest
from bayesmodel.plots.posteriors import posteriors

CODES = ["WK000100", "WK000102", "WK000200", "WK000202"]


@pytest.fixture
def share(fit):
    return use(fit, "underlying", "share", CODES)


def test_marks_stand_at_the_means_and_lines_span_the_intervals(share, look_at):
    seen, table = look_at(forest(share, ordered=False)), 100 * share.summary()
    estimated, _ = seen.marks("schatting (aantal gepubliceerd)")
    assert np.allclose(estimated, table.loc[["WK000100", "WK000200"], "mean"])
    assert np.allclose(np.sort(seen.segments()[:, :, 0], axis=None), np.sort(table[["lower", "upper"]], axis=None))


def test_published_stands_at_what_was_published_and_the_estimate_beside_it(fit, share, look_at):
    seen = look_at(forest(share, ordered=False))
    published, _ = seen.marks("gepubliceerd")
    counts = fit.counts.frame.loc[CODES]
    shares = (100 * counts["lower"] / counts["population"]).where(counts["lower"] == counts["upper"])
    assert np.allclose(np.asarray(published, float), shares, equal_nan=True)
    assert np.isfinite(shares).sum() == 1


def test_the_highest_is_on_top(share, look_at):
    seen = look_at(forest(share))
    order = share.summary()["mean"].sort_values(ascending=False).index
    assert seen.names == [f"Wijk {code[2:]}" for code in order]
    assert seen.axes.yaxis_inverted()


def test_hidden_and_missing_differ_in_shape_and_line_not_only_in_colour(share, look_at):
    seen = look_at(forest(share))
    assert seen.legend == [
        "gepubliceerd",
        "schatting (aantal gepubliceerd)",
        "schatting (aantal verborgen)",
        "schatting (niet geleverd)",
    ]
    marks = [seen.mark(label) for label in seen.legend[1:]]
    assert len({mark.get_marker() for mark in marks}) == 3
    assert [mark.get_markerfacecolor() == "white" for mark in marks] == [False, True, True]
    patterns = {str(part.get_linestyle()) for part in seen.axes.collections}
    assert len(patterns) == 3


def test_a_gemeente_beside_wijken_does_not_pass_for_one_published_count(fit, look_at):
    mixed = aggregate(fit, ["GM0001", "WK000100"], "use.underlying", "share")
    seen = look_at(forest(mixed))
    assert seen.legend == ["schatting (gebieden samen)", "schatting (aantal gepubliceerd)"]
    assert len({seen.mark(label).get_marker() for label in seen.legend}) == 2
    assert look_at(forest(aggregate(fit, ["GM0001", "GM0002"], "use.underlying", "share"))).axes.get_legend() is None


def test_a_count_hidden_to_protect_another_is_drawn(fit, look_at):
    status = fit.counts.status.copy()
    status[fit.counts.areas.codes == "WK000102"] = Status.SECONDARY
    found = use(replace(fit, counts=replace(fit.counts, status=status)), "underlying", "share", CODES)
    seen = look_at(forest(found))
    assert len(seen.segments()) == len(seen.names) == len(CODES)
    assert "schatting (aantal verborgen om een ander)" in seen.legend


def test_no_mark_tells_a_hidden_count(fit, look_at):
    seen = look_at(forest(use(fit, "actual", "count", ["WK000100", "WK000102"])))
    assert [line.get_label() for line in seen.axes.lines] == ["gepubliceerd"]
    assert "verborgen (klein aantal)" in seen.legend
    assert "Wijk 000100 46; Wijk 000102 1 tot 8." in seen.figure.get_label()


def test_both_languages_say_the_same(share, look_at):
    dutch, english = (look_at(forest(share, language=language)) for language in ("nl", "en"))
    assert dutch.axes.get_xlabel() == "onderliggend gebruik (% van de jongeren)"
    assert english.axes.get_xlabel() == "underlying use (% of young people)"
    assert "90% kans binnen het interval (gelijke staarten). Jaar 2017, grenzen van 2017." in dutch.caption
    assert "probability of 90% (equal-tailed). Year 2017, boundaries of 2017." in english.caption
    assert dutch.title == "Wat is het niveau van het gebruik, gecorrigeerd voor toeval?"
    numbers = [label.replace(".", ",") for label in _ticks(english)]
    assert _ticks(dutch) == numbers


def test_a_difference_has_a_line_where_nothing_differs(fit, look_at):
    for scale, equal in (("ratio", 1), ("points", 0)):
        seen = look_at(forest(difference(fit, scale=scale, areas=CODES)))
        assert [line.get_xdata()[0] for line in seen.axes.lines if line.get_label().startswith("_")] == [equal]


def test_where_nobody_lives_nothing_is_drawn_and_the_caption_says_so(fit, look_at):
    seen = look_at(forest(use(fit, scale="share"), language="en"))
    assert "Wijk 000300" not in seen.names
    assert "Not shown, as there are no young people: Wijk 000300, Wijk 000502." in seen.caption
    assert "Not shown" not in look_at(forest(use(fit, "underlying", "share", CODES), language="en")).caption


@pytest.mark.parametrize("draw", [forest, caterpillar, posteriors])
def test_a_picture_of_nobody_is_refused(fit, draw):
    with pytest.raises(ComparisonError, match="young people in Wijk 000300"):
        draw(use(fit, "underlying", "share", ["WK000300"]), language="en")


def test_the_text_alternative_gives_the_numbers(share):
    row = 100 * share.summary().loc["WK000100"]
    told = f"Wijk 000100 {row['mean']:.1f}% ({row['lower']:.1f}% tot {row['upper']:.1f}%)".replace(".", ",")
    assert told in forest(share).get_label()


def _ticks(seen):
    seen.figure.draw_without_rendering()
    return [text.get_text() for text in seen.axes.get_xticklabels()]
