"""The page: everything that goes in is text, in html as in Markdown."""

import pandas as pd

from bayesmodel.checks.page import Section, markdown_of, page_of

ODD = Section(
    "c & d",
    ["<script>", "a `code` b"],
    [pd.DataFrame({"x|y": ["p|q", "_r_"]}, ["one", "two"])],
    (),
    {"<f>": "*g*"},
    "e > f",
)


def test_nothing_is_run_by_a_browser():
    page = page_of("a < b", [ODD], "en")
    assert "<script>" not in page
    assert "<h1>a &lt; b</h1>" in page
    assert "e &gt; f" in page
    assert '<th scope="row">&lt;f&gt;</th>' in page


def test_code_is_code():
    assert "a <code>code</code> b" in page_of("t", [ODD], "en")
    assert "a `code` b" in markdown_of("t", [ODD], "en")


def test_a_table_in_markdown_has_a_row_for_each_and_cells_of_its_own():
    rows = [line for line in markdown_of("t", [ODD], "en").splitlines() if line.startswith("|")]
    assert rows == ["| index | x\\|y |", "| --- | --- |", "| one | p\\|q |", "| two | \\_r\\_ |"]


def test_markdown_keeps_what_is_a_mark_elsewhere():
    text = markdown_of("t", [ODD], "en")
    assert "- **\\<f\\>**: \\*g\\*" in text
    assert "```text\ne > f\n```" in text
    assert "`snake_case`" in markdown_of("t", [Section("h", ["see `snake_case`"])], "en")
