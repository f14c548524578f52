"""Odd arguments of public functions: said in words, instead of an error of Python from somewhere inside.

Nothing is looked at before a function runs, so that whatever works goes on working. Only where it fails with an error
of Python are its arguments held against its annotations, and the first that does not fit is named.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from math import isfinite
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAliasType, Union, get_args, get_origin

from bayesmodel.errors import ArgumentError
from bayesmodel.messages import _

FOREIGN = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, AssertionError)
"""Errors of Python with which a function fails on an argument that it cannot take."""
LOOKED_AT = 1000
"""Parts of a list that are looked at."""


def explaining[**P, T](function: Callable[P, T]) -> Callable[P, T]:
    """Let a function name the argument that it cannot take.

    Parameters
    ----------
    function : callable
        Annotated.

    Returns
    -------
    callable
        The same, which raises ArgumentError where it would have raised an error of Python on an odd argument.

    Examples
    --------
    >>> def half(n: float) -> float:
    ...     return n / 2
    >>> explaining(half)("two")
    Traceback (most recent call last):
    ...
    bayesmodel.errors.ArgumentError: half: n is 'two'; expected a number.
    """

    @wraps(function)
    def explained(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except FOREIGN as error:
            said = _odd(function, args, kwargs)
            if said is None:
                raise
            raise ArgumentError(said) from error

    return explained


def _odd(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str | None:
    """Say which argument does not fit its annotation; None where all do."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs).arguments
    except TypeError as error:  # too many, too few, or a name that it does not have
        return _("{function}: {why}. It is called as {function}{signature}.").format(
            function=function.__name__, why=str(error), signature=_called(function)
        )
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in bound or parameter.annotation is inspect.Parameter.empty:
            continue
        hint = _hint(parameter.annotation, function)
        several = parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        values = bound[name] if parameter.kind is inspect.Parameter.VAR_POSITIONAL else [bound[name]]
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            values = bound[name].values()
        for value in values:
            if not _fits(value, hint):
                said = _("{function}: {name} is {found}; expected {expected}.").format(
                    function=function.__name__, name=name, found=_shown(value), expected=_words(hint)
                )
                return said + ("" if several else _source(hint))
    return None


def _called(function: Callable[..., Any]) -> str:
    """Return the names of what a function takes, those that may be left out in brackets."""
    names = [
        name if each.default is inspect.Parameter.empty else f"[{name}]"
        for name, each in inspect.signature(function).parameters.items()
    ]
    return f"({', '.join(names)})"


def _hint(annotation: Any, function: Callable[..., Any]) -> Any:
    """Return what an annotation stands for; its text where that is known to type checkers only."""
    if not isinstance(annotation, str):
        return annotation
    try:
        return eval(annotation, vars(sys.modules[function.__module__]))  # the annotations of our own functions
    except (NameError, AttributeError, TypeError):
        return annotation


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is what a hint asks for, as far as that can be seen from outside."""
    origin, parts = get_origin(hint), get_args(hint)
    if isinstance(hint, TypeAliasType):
        return _fits(value, hint.__value__)
    if isinstance(hint, str):
        known = {each.strip().split(".")[-1] for each in hint.split("|")}
        return (value is None and "None" in known) or bool(known & {each.__name__ for each in type(value).__mro__})
    if hint is None or hint is NoneType:
        return value is None
    if origin in (Union, UnionType):
        return any(_fits(value, each) for each in parts)
    if origin is Annotated:
        return _fits(value, parts[0])
    if origin is Literal:
        return any(type(value) is type(each) and value == each for each in parts)
    if hint in (int, float, bool, str):
        return _fits_plain(value, hint)
    if origin is not None and isinstance(origin, type):
        return _fits_parts(value, origin, parts)
    return not isinstance(hint, type) or isinstance(value, hint)


def _fits_plain(value: Any, hint: type) -> bool:
    """Whether a value is a number or text of a kind."""
    if hint is int:
        return isinstance(value, Integral) and not isinstance(value, bool)
    if hint is float:
        return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)
    return isinstance(value, hint)


def _fits_parts(value: Any, origin: type, parts: tuple[Any, ...]) -> bool:
    """Whether a value is a mapping, a list or a function, of parts that fit."""
    if issubclass(origin, Mapping) and len(parts) == 2:
        return isinstance(value, Mapping) and all(
            _fits(key, parts[0]) and _fits(item, parts[1]) for key, item in list(value.items())[:LOOKED_AT]
        )
    if issubclass(origin, Iterable) and parts:
        if isinstance(value, Mapping) or not hasattr(value, "__len__") or getattr(value, "ndim", 1) != 1:
            return False
        if isinstance(value, str) and parts[0] is not str:
            return False
        return all(_fits(each, parts[0]) for each in list(value)[:LOOKED_AT])
    return isinstance(value, origin)


def _words(hint: Any) -> str:
    """Say what a hint asks for."""
    origin, parts = get_origin(hint), get_args(hint)
    plain = {int: _("a whole number"), float: _("a number"), bool: _("True or False"), str: _("text"), NoneType: "None"}
    if hint is None or (isinstance(hint, type) and hint in plain):
        return plain[NoneType if hint is None else hint]
    if isinstance(hint, TypeAliasType):
        return _words(hint.__value__)
    if origin in (Union, UnionType):
        return _(" or ").join(dict.fromkeys(_words(each) for each in parts))
    if origin is Annotated:
        return _words(parts[0])
    if origin is Literal:
        return _(" or ").join(repr(each) for each in parts)
    if isinstance(origin, type) and issubclass(origin, Mapping) and len(parts) == 2:
        return _("a mapping of {keys} to {values}").format(keys=_words(parts[0]), values=_words(parts[1]))
    if isinstance(origin, type) and issubclass(origin, Iterable) and parts:
        return _("a list of {parts}").format(parts=_words(parts[0]))
    return str(getattr(origin or hint, "__name__", hint))


def _source(hint: Any) -> str:
    """Say where a value of this package comes from."""
    sources = {
        "Fit": "fit(study), load_fit(path)",
        "Study": "read_study(path), Study.from_dataframe(frame, ...)",
        "Counts": "interpret_counts(areas)",
        "AreaTable": "read_areas(study)",
        "BuiltModel": "build_model(counts)",
    }
    names = str(getattr(hint, "__name__", hint)).replace(" ", "").split("|")
    found = next((sources[name.split(".")[-1]] for name in names if name.split(".")[-1] in sources), None)
    return " " + _("One comes from {source}.").format(source=found) if found else ""


def _shown(value: Any) -> str:
    """Return a value as it may stand in a sentence."""
    plain = value is None or isinstance(value, str | int | float | bool | list | tuple | dict | set)
    text = repr(value) if plain else _("a {kind}").format(kind=type(value).__name__)
    return text if len(text) <= 80 else text[:77] + "..."
