"""Words for codes, and numbers as a reader sees them."""

import pandas as pd
import pytest

from bayesmodel.data import Status
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.tables.columns import columns_of
from bayesmodel.tables.display import FLAGS, WORDS, in_words, rounded
from bayesmodel.tables.per_area import FLAGS as MADE
from bayesmodel.testing import invented_fit


@pytest.mark.parametrize("code", [*Status, *VerdictClass, *MADE.values()])
def test_every_code_has_words(code):
    assert WORDS[code].nl
    assert WORDS[code].en


def test_all_flags_of_the_table_have_words():
    fit = invented_fit()
    from bayesmodel.tables.per_area import area_table

    said = {flag for flags in area_table(fit)["flags"] for flag in flags.split("; ") if flag}
    assert said <= set(FLAGS)


def test_empty_cells_stay_empty():
    assert in_words(pd.DataFrame({"flags": [""]}), "nl")["flags"].tolist() == [""]


def test_shares_are_percentages_with_one_decimal_and_counts_whole():
    columns = columns_of(invented_fit().study)
    row = {"population": 12, "underlying_share": 0.08765, "expected_gemeente_count": 7.6, "status": "exact"}
    assert rounded(pd.DataFrame([row]), columns).iloc[0].tolist() == [12, 8.8, 8, "exact"]


def test_probabilities_are_whole_per_cents():
    """Draws do not know tenths of them."""
    columns = [column for column in columns_of(invented_fit().study) if column.form == "chance"]
    shown = rounded(pd.DataFrame({column.name: [0.1234] for column in columns}), columns)
    assert columns
    assert (shown == 12).all(axis=None)
