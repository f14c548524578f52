"""Nested Laplace with a certificate: latent field, interpolated sds, own effects integrated out."""

from bayesmodel.laplace.engine import laplace

__all__ = ["laplace"]
