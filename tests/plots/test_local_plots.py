"""The picture of a local explanation: own differences, what is explained of them, and what all together add."""

from dataclasses import replace

import pandas as pd
import pytest

from bayesmodel.estimates.explain_locally import explain_locally
from bayesmodel.plots import local_explanation
from bayesmodel.study import Label
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def found():
    fit = invented_fit(areas=40)
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]
    return explain_locally(fit, pd.DataFrame({"wijk": fit.counts.areas.codes[:20], "waiting": values}), ["waiting"])


def test_each_area_has_its_name_its_number_and_a_mark_where_it_is(found):
    picture = local_explanation(found, language="en")
    axes, table = picture.axes[0], found.areas()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert sorted(names) == sorted(table["name"])
    own, explained = axes.get_lines()[:2]
    order = table.reset_index().set_index("name").loc[names]
    assert own.get_xdata() == pytest.approx(order["own"].to_numpy())
    assert explained.get_xdata() == pytest.approx(order["explained"].to_numpy())


def test_the_picture_says_what_all_together_add(found):
    picture = found.plot(language="en")
    assert picture.get_label().startswith("How much of the own difference goes with local determinants?")
    assert found.sentences("en")[0] in picture.get_label()
    assert found.sentences("nl")[0] in found.plot(language="nl").get_label()


def test_a_long_name_of_people_stands_beside_the_legend_on_more_lines(found):
    people = Label(nl="jongeren in een verzonnen voorbeeldland", en="young people in an invented country")
    outcome = found.study.outcome.model_copy(update={"population": people})
    effects = replace(found.effects, study=found.study.model_copy(update={"outcome": outcome}))
    figure = local_explanation(replace(found, effects=effects), language="nl")
    figure.draw_without_rendering()
    axes = figure.axes[0]
    heading = next(text for text in axes.texts if text.get_text().startswith("aantal"))
    assert heading.get_text().split("\n") == ["aantal", "jongeren in een", "verzonnen", "voorbeeldland"]
    assert not axes.get_legend().get_window_extent().overlaps(heading.get_window_extent())


def test_an_own_difference_beyond_the_axis_is_written(found):
    axes = local_explanation(found, language="en").axes[0]
    left, right = axes.get_xlim()
    beyond = found.areas()["own"].loc[lambda own: (own < left) | (own > right)]
    written = [text.get_text() for text in axes.texts if text.get_text().startswith("own difference")]
    assert len(written) == len(beyond)
    assert (found.areas()["explained_upper"] <= right).all()
