"""Expected use of care per small area, with its uncertainty: hidden counts in the model, not filled in.

The public names stand in ``__init__.pyi``, where type checkers read them; each is imported when it is first used.
"""

import sys
from types import FunctionType

if sys.argv and sys.argv[0].endswith(("bayesmodel", "bayesmodel.exe")):
    from bayesmodel import quiet  # noqa: F401 (the program itself: Ctrl-C is quiet from its first line)

import lazy_loader

__version__ = "0.1.0"

_named, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """Import a public name; a function names the argument that it cannot take."""
    value = _named(name)
    if type(value) is FunctionType:
        from bayesmodel.arguments import explaining

        value = globals()[name] = explaining(value)
        value.__module__ = __name__  # where it can be found again, by pickle too
    return value
