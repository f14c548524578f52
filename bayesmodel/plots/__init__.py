"""Pictures of estimates in one style, in Dutch or English; each is a function that returns a matplotlib figure.

The names stand in ``__init__.pyi``; each is imported when it is first used, so that a map waits for no check of a fit.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
