"""The page of pictures: every picture on it is there, small, and every kind is on it."""

import re
from pathlib import Path

from bayesmodel.plots.registry import PICTURES

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "pictures.md").read_text(encoding="utf-8")


def test_pictures_have_a_text_and_are_small():
    shown = re.findall(r"!\[(.*?)\]\((.*?)\)", PAGE)
    assert {path for _, path in shown} == {f"pictures/{path.name}" for path in (DOCS / "pictures").iterdir()}
    assert all(len(text) > 20 for text, _ in shown)
    assert all((DOCS / path).stat().st_size < 150_000 for _, path in shown)


def test_every_kind_is_on_the_page():
    assert [kind for kind in PICTURES if not kind.startswith("chains") and f"`{kind}`" not in PAGE] == []
