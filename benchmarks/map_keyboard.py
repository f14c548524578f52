"""The map page by keyboard alone: every step is reached with Tab from where the one before it ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Step = Callable[[Any], bool]
MOST_TABS = 400
"""Presses of Tab after which something counts as out of reach."""


def reach(page: Any, selector: str) -> None:
    """Press Tab until an element has the focus; `LookupError` when it never has."""
    for _press in range(MOST_TABS):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise LookupError(f"no Tab leads to {selector}")


def chosen(page: Any) -> int:
    """Return how many areas are chosen."""
    return int(page.evaluate("chosen.size"))


def code_of(page: Any, area: int) -> str:
    """Return the code of an area."""
    return str(page.evaluate("(area) => content.areas.codes[area]", area))


def skip(page: Any) -> bool:
    """Skip to the table."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    return bool(page.evaluate("document.activeElement.id === 'table'"))


def search(page: Any) -> bool:
    """Search for a wijk by its code, and pick it."""
    reach(page, "#search")
    page.keyboard.type(code_of(page, 4))
    page.keyboard.press("Enter")
    return chosen(page) == 1 and code_of(page, 4) in page.inner_text("#card")


def open_card(page: Any) -> bool:
    """Open what use is made of, on the card."""
    reach(page, "#card summary")
    before = page.locator("#card details[open]").count()
    page.keyboard.press("Enter")
    return bool(page.locator("#card details[open]").count() != before)


def filter_table(page: Any) -> bool:
    """Filter the table on the code of another wijk."""
    reach(page, "#filter")
    page.keyboard.type(code_of(page, 1))
    return bool(page.locator("#rows tbody tr").count() == 1)


def add(page: Any) -> bool:
    """Add it to the set."""
    reach(page, "#choice1")
    page.keyboard.press("Space")
    return chosen(page) == 2


def side_by_side(page: Any) -> bool:
    """See both wijken side by side."""
    return bool(page.locator("#card .beside article").count() == 2)


def turn_language(page: Any) -> bool:
    """Switch to the other language."""
    before = page.evaluate("document.documentElement.lang")
    reach(page, "#language")
    page.keyboard.press("Enter")
    return bool(page.evaluate("document.documentElement.lang") != before)


def other_map(page: Any) -> bool:
    """Take another map."""
    reach(page, "#layer")
    before = page.input_value("#layer")
    page.keyboard.press("ArrowUp")
    return bool(page.input_value("#layer") != before)


def zoom(page: Any) -> bool:
    """Zoom and move the map."""
    reach(page, "#map")
    before = page.get_attribute("#map", "viewBox")
    page.keyboard.press("+")
    closer = page.get_attribute("#map", "viewBox")
    page.keyboard.press("ArrowLeft")
    return bool(before != closer != page.get_attribute("#map", "viewBox"))


def sort_table(page: Any) -> bool:
    """Sort the table by a column, and back."""
    reach(page, "#sort2")
    page.keyboard.press("Enter")
    first = page.get_attribute("th:has(#sort2)", "aria-sort")
    page.keyboard.press("Enter")
    return {first, page.get_attribute("th:has(#sort2)", "aria-sort")} == {"ascending", "descending"}


def only_chosen(page: Any) -> bool:
    """Show only what is chosen."""
    reach(page, "#only")
    page.keyboard.press("Space")
    return bool(page.is_checked("#only"))


def link(page: Any) -> bool:
    """Follow the link to this view, which then stands in the address to be copied."""
    reach(page, "#link")
    page.keyboard.press("Enter")
    return "areas=" + code_of(page, 4) in page.url


def remove(page: Any) -> bool:
    """Take a wijk out of the set."""
    before = chosen(page)
    reach(page, "#set summary")
    page.keyboard.press("Enter")
    reach(page, "#card button.remove")
    page.keyboard.press("Enter")
    return chosen(page) == before - 1


STEPS: tuple[Step, ...] = (
    *(skip, search, open_card, filter_table, add, side_by_side, turn_language, other_map, zoom, sort_table),
    *(only_chosen, link, remove),
)
"""In the order in which a reader may take them."""


def failed_steps(page: Any) -> list[str]:
    """Take all steps on a page that has just been opened, and return those that did not work."""
    failed = []
    for step in STEPS:
        try:
            worked = step(page)
        except LookupError:
            worked = False
        if not worked:
            failed.append(str(step.__doc__))
    return failed
