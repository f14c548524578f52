"""The page about reading a table names every key that a table of a study has."""

import re
from pathlib import Path

from bayesmodel.io.join import FROM_CODE
from bayesmodel.study.parts import Table

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "how-a-table-is-read.md").read_text("utf-8")


def test_every_key_of_a_table_is_explained_and_no_other():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    found = {key for row in rows for key in re.findall(r"^\| `(\w+)` \||\| `(\w+)` \|$", row) for key in key if key}
    assert found == set(Table.model_fields)
    assert FROM_CODE in PAGE
