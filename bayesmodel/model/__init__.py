"""The model: terms, priors, families, and the density a sampler drives."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
