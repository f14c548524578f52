"""The map of verdicts: one layer for each, and 'inconclusive' is neither hidden nor blank."""

import pytest
from matplotlib.colors import to_hex

from bayesmodel.estimates.verdict_rule import VerdictClass, VerdictRule
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.plots.maps import COLOURS, verdict_map

RULE = VerdictRule(margin=0.02, clear=0.6, probable=0.55, false_discovery=0.4)


@pytest.fixture(scope="module")
def found(fit):
    return verdicts(fit, "gemeente", rule=RULE)


def test_every_verdict_has_its_number_in_the_legend(found, shapes, look_at):
    seen = look_at(verdict_map(found, shapes, language="en"))
    missing = found.classes.index.isin(["WK000202", "WK000501"])
    numbers = found.classes[~missing & found.ratio.summary()["mean"].notna().to_numpy()].value_counts()
    assert seen.legend[:6] == [f"{verdict} ({numbers.get(verdict, 0)})" for verdict in VerdictClass]


def test_colours_are_those_of_the_verdicts(found, shapes, look_at):
    seen = look_at(verdict_map(found, shapes))
    shown = [part for part in seen.axes.collections if len(part.get_facecolor())]
    drawn = {to_hex(part.get_facecolor()[0]): len(part.get_paths()) for part in shown}
    classes = found.classes.drop(["WK000202", "WK000501", "WK000300", "WK000502"])
    assert drawn == {COLOURS[verdict]: number for verdict, number in classes.value_counts().items()}


def test_not_to_say_hidden_and_no_data_look_different(fit, shapes, look_at):
    seen = look_at(verdict_map(verdicts(fit), shapes))
    unsure, hidden, blank = seen.axes.collections
    assert [part.get_hatch() for part in (unsure, hidden, blank)] == ["..", "//////", None]
    assert [len(part.get_facecolor()) for part in (unsure, hidden, blank)] == [1, 0, 0]
    assert [text.rsplit(" (", 1)[0] for text in seen.legend[-2:]] == ["verborgen (klein aantal)", "geen gegevens"]


def test_the_caption_tells_the_rule_and_how_often_it_is_wrong(found, shapes, look_at):
    seen = look_at(verdict_map(found, shapes))
    assert "meer dan 2% anders dan verwacht" in seen.caption
    for verdict in (VerdictClass.CLEARLY_HIGHER, VerdictClass.CLEARLY_LOWER):
        wrong = f"{100 * found.false_discovery_rate(verdict):.1f}".replace(".", ",").removesuffix(",0")
        assert (f"met {verdict.label.nl}" in seen.caption) == (found.classes == verdict).any()
        assert (f"{verdict.label.nl} is dat naar verwachting in {wrong}%" in seen.caption) == (wrong != "nan")
    title = seen.figure.legends[0].get_title().get_text().replace("\n", " ")
    assert title == found.definition.label.nl
