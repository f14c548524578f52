"""Outputs: tables with a codebook, pictures, the results folder, and what readers are always told."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submodules=["plots"])
