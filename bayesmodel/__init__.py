"""Expected use of care per small area, with its uncertainty: hidden counts in the model, not filled in.

The public names stand in ``__init__.pyi``, where type checkers read them; each is imported when it is first used.
"""

import sys

if sys.argv and sys.argv[0].endswith(("bayesmodel", "bayesmodel.exe")):
    from bayesmodel import quiet  # noqa: F401 (the program itself: Ctrl-C is quiet from its first line)

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
