"""The model: terms, priors, families, and the density a sampler drives."""

from bayesmodel.model.build import BuiltModel, build_model

__all__ = ["BuiltModel", "build_model"]
