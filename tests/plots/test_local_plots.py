"""The picture of a local explanation: own differences, what is explained of them, and what all together add."""

import pandas as pd
import pytest

from bayesmodel.estimates.explain_locally import explain_locally
from bayesmodel.plots import local_explanation
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


def test_an_own_difference_beyond_the_axis_is_written(found):
    axes = local_explanation(found, language="en").axes[0]
    left, right = axes.get_xlim()
    beyond = found.areas()["own"].loc[lambda own: (own < left) | (own > right)]
    written = [text.get_text() for text in axes.texts if text.get_text().startswith("own difference")]
    assert len(written) == len(beyond)
    assert (found.areas()["explained_upper"] <= right).all()
