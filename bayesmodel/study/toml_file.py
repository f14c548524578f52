"""A study read from `study.toml`, with all faults at once in the language of the user; values written as TOML."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bayesmodel.errors import Fault, StudyError, raise_faults, suggest
from bayesmodel.files import SHOWN, not_a_file, shortened
from bayesmodel.messages import _, number
from bayesmodel.study.schema import Study

LARGEST = 10_000_000
"""Bytes of a study file."""
DEEPEST = 20
"""Tables and lists within each other; a study needs four."""
_DOTTED = re.compile(rf"(?<![\w-])(?:[\w-]++[\"' \t]*\.[\"' \t]*){{{3 * DEEPEST}}}")
"""A key of keys of keys."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

QUESTION = "?"
"""What stands in a study where its maker still has to choose."""


def read_study(path: str | Path) -> Study:
    """Read `study.toml`.

    Parameters
    ----------
    path : str or Path
        The file; its folder is where the paths of the tables start.

    Returns
    -------
    Study
        Frozen, checked.

    Raises
    ------
    StudyError
        The file is absent, is no TOML, holds questions that are still open (a value "?"), or has unknown keys, wrong
        types or contradictions: all named at once.

    Examples
    --------
    >>> from bayesmodel import read_study
    >>> read_study("data/example/study.toml").name
    'example'
    """
    path = Path(path)
    values = _values(path)
    deep = _depth_fault(values) or _integer_faults(values)
    raise_faults(StudyError, _("The study {path}").format(path=path), deep)
    return study_from(values | {"folder": str(path.parent)}, subject=_("The study {path}").format(path=path))


def _values(path: Path) -> dict[str, Any]:
    """Return what a TOML file says."""
    shown = shortened(path)
    if what := not_a_file(path):
        advice = _("Make one from your own table with: bayesmodel study init TABLE.")
        if what == _("a folder") and (path / "study.toml").is_file():
            advice = _("The study in it is {path}.").format(path=path / "study.toml")
        raise StudyError(_("The study"), [Fault(shown, what, _("a study file"), advice)])
    try:
        if path.stat().st_size > LARGEST:
            found, most = _("a file of {size} MB"), _("a study file, which has {size} MB at most")
            sizes = (number(path.stat().st_size / 1e6, ",.0f"), number(LARGEST / 1e6, ".0f"))
            fault = Fault(shown, found.format(size=sizes[0]), most.format(size=sizes[1]))
            raise StudyError(_("The study"), [fault])
        raw = path.read_bytes()
    except OSError as error:
        fault = Fault(shown, _("a file that cannot be read ({error})").format(error=error.strerror), _("a study file"))
        raise StudyError(_("The study"), [fault]) from None
    try:
        if raw.startswith(UTF_16) or b"\0" in raw:
            found, advice = _("UTF-16, or bytes that are no text"), _('Save it again as UTF-8 (in Notepad: "UTF-8").')
            raise StudyError(_("The study"), [Fault(shown, found, _("a text file in UTF-8"), advice)])
        text = raw.decode("utf-8-sig")
        if _DOTTED.search(text):  # tomllib takes the square of their number
            raise StudyError(_("The study"), [_too_deep(shown)])
        return tomllib.loads(text)
    except UnicodeDecodeError:
        fault = Fault(shown, _("bytes that are not UTF-8"), _("a text file in UTF-8"), _("Save it again as UTF-8."))
        raise StudyError(_("The study"), [fault]) from None
    except RecursionError:
        raise StudyError(_("The study"), [_too_deep(shown)]) from None
    except ValueError as error:  # TOMLDecodeError, or a whole number of thousands of digits
        found = _("something that is no TOML ({why})").format(why=shortened(error))
        raise StudyError(_("The study"), [Fault(shown, found, _("a TOML file"))]) from None


def _too_deep(where: str) -> Fault:
    """Return the fault of a study with lists or tables in each other without end."""
    found = _("lists or keys that are nested more than {depth} deep").format(depth=DEEPEST)
    return Fault(where, found, _("the keys of a study"))


def _depth_fault(values: Any) -> list[Fault]:
    """Find values nested deeper than any key of a study, one level at a time."""
    level = [(str(key), value) for key, value in values.items()]
    for _depth in range(DEEPEST):
        level = [(key, inner) for key, value in level for inner in _inside(value)]
    return [_too_deep(shortened(level[0][0]))] if level else []


def _inside(value: Any) -> list[Any]:
    """Return the values in a table or a list."""
    return list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list) else []


def _integer_faults(value: Any, where: str = "") -> list[Fault]:
    """Find whole numbers that TOML does not have: beyond 64 bits."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        digits = shortened(value) if abs(value) < 10**4000 else _("thousands of digits")
        return [Fault(where, digits, _("a whole number of at most 64 bits"))]
    items = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    return [
        fault
        for key, inner in items
        for fault in _integer_faults(inner, f"{where}[{key}]" if isinstance(key, int) else f"{where}.{key}".lstrip("."))
    ]


def study_from(values: Mapping[str, Any], subject: str | None = None) -> Study:
    """Make a study from nested values, turning every fault of validation into help that names the `subject`.

    Examples
    --------
    >>> from bayesmodel import example_study, study_from
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> study_from(study.model_dump()) == study
    True
    """
    subject, questions = subject or _("The study"), [*_questions(values), *_control_faults(values)]
    try:
        study = Study.model_validate(values)
    except ValidationError as error:
        other = [dict(item) for item in error.errors(include_url=False) if item["input"] != QUESTION]
        raise_faults(StudyError, subject, [*questions, *map(_fault, other)])
        raise
    raise_faults(StudyError, subject, questions)
    return study


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Signs that no spreadsheet, web page or saved fit can hold."""


def _control_faults(values: Any, where: str = "") -> Iterator[Fault]:
    """Find texts with control characters, which would end the writing of results after the fit."""
    match values:
        case str() if _CONTROL.search(values):
            found = _("a control character in {text}").format(text=shortened(repr(values)))
            yield Fault(where, found, _("text that can be printed"), _("Write the text again."))
        case Mapping():
            for key, value in values.items():
                yield from _control_faults(value, f"{where}.{key}".lstrip("."))
        case list() | tuple():
            for number, value in enumerate(values):
                yield from _control_faults(value, f"{where}[{number}]")


def _questions(values: Any, where: str = "") -> Iterator[Fault]:
    """Find values that `bayesmodel study init` left for the user to fill in."""
    match values:
        case "?":
            yield Fault(
                where,
                _('"{question}", a question that is still open').format(question=QUESTION),
                _("an answer"),
                _("See the comment above it."),
            )
        case Mapping():
            for key, value in values.items():
                yield from _questions(value, f"{where}.{key}".lstrip("."))
        case list() | tuple():
            # Within a list a "?" may be a symbol of the publisher.
            for number, value in enumerate(values):
                yield from _questions(value, f"{where}[{number}]") if isinstance(value, Mapping) else ()


def _fault(item: dict[str, Any]) -> Fault:
    """Turn one pydantic error into a fault that names the key, what stood there and what should."""
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in item["loc"]).lstrip(".") or "study"
    where = shortened(where)
    match item["type"]:
        case "extra_forbidden":
            known = _keys_at(item["loc"][:-1])
            return Fault(
                where,
                _("a key the study does not know"),
                _("a known key"),
                suggest(str(item["loc"][-1])[:SHOWN], known).strip(),
            )
        case "missing":
            return Fault(where, _("nothing"), _("a value"), _("Add this key."))
        case "value_error":
            return Fault(where, str(item["ctx"]["error"]), _("a consistent study"))
        case _:
            return Fault(where, shortened(repr(item["input"])), expected(item))


def _keys_at(location: tuple[str | int, ...]) -> list[str]:
    """Return the keys that are allowed at a place of the study."""
    model: type[BaseModel] = Study
    for part in location:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return list(model.model_fields)


def _models_in(annotation: Any) -> Any:
    """Yield the model classes inside a type such as ``tuple[Level, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


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


def toml_value(value: Any) -> str:
    """Write a value as TOML.

    Examples
    --------
    >>> toml_value({"nl": "hulp", "en": "care"}), toml_value(["."]), toml_value(10)
    ('{ nl = "hulp", en = "care" }', '["."]', '10')
    """
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{toml_key(key)} = {toml_value(item)}" for key, item in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(toml_value, value))}]"
    # A JSON string is a TOML string, but for the one control character that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """Write a key, with quotes where TOML needs them.

    Examples
    --------
    >>> toml_key("name"), toml_key("Perioden 2021")
    ('name', '"Perioden 2021"')
    """
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else toml_value(name)
