"""The reference of the study file is of today, and reads on the page of the repository without a site built of it."""

import re
import runpy
from pathlib import Path

from bayesmodel.study import model_parts, parts

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "study-file.md"


def test_it_is_what_the_parts_of_a_study_say():
    made = runpy.run_path(str(ROOT / ".ci" / "study_file.py"))["page"]()
    assert PAGE.read_text("utf-8") == made, "run: make reference"


def test_it_is_plain_markdown_with_every_key():
    text = PAGE.read_text("utf-8")
    assert "{code-cell}" not in text
    assert not re.search(r"^```\{", text, re.MULTILINE)
    for part in (parts.Outcome, parts.Publication, parts.Table, model_parts.Inference):
        assert all(f"| `{key}` |" in text for key in part.model_fields)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
