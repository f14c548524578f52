"""Nested Laplace with a certificate: a Gaussian field, its sds on a surface, areas' own effects integrated out."""

from bayesmodel.laplace.engine import laplace

__all__ = ["laplace"]
