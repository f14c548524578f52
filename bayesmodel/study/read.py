"""Read a study from `study.toml`, with every fault of the file reported at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bayesmodel.errors import Fault, StudyError, raise_faults, suggest
from bayesmodel.messages import _
from bayesmodel.study.expected import expected
from bayesmodel.study.study import Study

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
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, IsADirectoryError):
        advice = _("Make one from your own table with: bayesmodel study init TABLE.")
        fault = Fault(str(path), _("no such file"), _("a study file"), advice)
        raise StudyError(_("The study"), [fault]) from None
    except UnicodeDecodeError:
        fault = Fault(str(path), _("bytes that are not UTF-8"), _("a text file in UTF-8"), _("Save it again as UTF-8."))
        raise StudyError(_("The study"), [fault]) from None
    except tomllib.TOMLDecodeError as error:
        found = _("something that is no TOML ({why})").format(why=error)
        fault = Fault(str(path), found, _("a TOML file"))
        raise StudyError(_("The study"), [fault]) from None
    return study_from(values | {"folder": str(path.parent)}, subject=_("The study {path}").format(path=path))


def study_from(values: Mapping[str, Any], subject: str | None = None) -> Study:
    """Make a study from nested values, turning every fault of validation into help that names the `subject`.

    Examples
    --------
    >>> from bayesmodel import example_study, study_from
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> study_from(study.model_dump()) == study
    True
    """
    subject, questions = subject or _("The study"), list(_questions(values))
    try:
        study = Study.model_validate(values)
    except ValidationError as error:
        other = [dict(item) for item in error.errors(include_url=False) if item["input"] != QUESTION]
        raise_faults(StudyError, subject, [*questions, *map(_fault, other)])
        raise
    raise_faults(StudyError, subject, questions)
    return study


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
    match item["type"]:
        case "extra_forbidden":
            known = _keys_at(item["loc"][:-1])
            return Fault(
                where,
                _("a key the study does not know"),
                _("a known key"),
                suggest(str(item["loc"][-1]), known).strip(),
            )
        case "missing":
            return Fault(where, _("nothing"), _("a value"), _("Add this key."))
        case "value_error":
            return Fault(where, str(item["ctx"]["error"]), _("a consistent study"))
        case _:
            return Fault(where, repr(item["input"]), expected(item))


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
