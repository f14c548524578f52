"""Nested Laplace with a certificate: latent field, interpolated sds, own effects integrated out."""

from bayesmodel.laplace.engine import laplace, warm_start_of
from bayesmodel.laplace.warm_start import WarmStart

__all__ = ["WarmStart", "laplace", "warm_start_of"]
