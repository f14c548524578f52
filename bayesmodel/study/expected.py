"""What a key of the study should hold, in the language of the user: the words for what pydantic found wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bayesmodel.messages import _, number

WORDS: dict[str, Callable[[], str]] = {
    "bool": lambda: _("true or false"),
    "dict": lambda: _("keys with values"),
    "finite": lambda: _("a number"),
    "float": lambda: _("a number"),
    "int": lambda: _("a whole number"),
    "list": lambda: _("a list"),
    "mapping": lambda: _("keys with values"),
    "model": lambda: _("keys with values"),
    "path": lambda: _("a file or folder"),
    "string": lambda: _("a text"),
    "tuple": lambda: _("a list"),
}
"""By how the type of a fault begins: ``int_type``, ``int_parsing`` and ``int_from_float`` are all about ``int``."""


def expected(item: Mapping[str, Any]) -> str:
    """Return what should stand where pydantic found something else.

    Parameters
    ----------
    item : mapping
        One of `ValidationError.errors()`: its ``type`` and ``ctx`` say what is wrong.

    Returns
    -------
    str
        In the language of the user; the words of pydantic for a fault that no key of a study can have.

    Examples
    --------
    >>> expected({"type": "greater_than_equal", "ctx": {"ge": 50}, "msg": "Input should be ..."})
    'at least 50'
    """
    context = item.get("ctx", {})
    match item["type"]:
        case "greater_than":
            return _("above {limit}").format(limit=number(context["gt"], ".15g"))
        case "greater_than_equal":
            return _("at least {limit}").format(limit=number(context["ge"], ".15g"))
        case "less_than":
            return _("under {limit}").format(limit=number(context["lt"], ".15g"))
        case "less_than_equal":
            return _("at most {limit}").format(limit=number(context["le"], ".15g"))
        case "literal_error" | "enum":
            return _one_of(str(context["expected"]))
        case "string_pattern_mismatch":
            return _("lower case letters, digits and _, with a letter first")
        case "too_long" | "too_short":
            return _("another number of values in the list")
        case other:
            words = WORDS.get(other.partition("_")[0])
            return words() if words else str(item["msg"])


def _one_of(choices: str) -> str:
    """Return choices such as "'nl' or 'en'" in the language of the user."""
    return choices.replace(" or ", _(" or "))
