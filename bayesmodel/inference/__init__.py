"""Inference: from a built model to draws with a verdict."""

from bayesmodel.inference.fit import Fit
from bayesmodel.inference.sampling import fit_model
from bayesmodel.inference.store import load_fit
from bayesmodel.inference.verdict import Verdict

__all__ = ["Fit", "Verdict", "fit_model", "load_fit"]
