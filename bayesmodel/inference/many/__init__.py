"""Many fits: variations of a study on a pool of processes or a cluster, kept as they finish."""

from bayesmodel.inference.many.collection import FitCollection, load_many
from bayesmodel.inference.many.run import fit_many
from bayesmodel.inference.many.variation import Variation

__all__ = ["FitCollection", "Variation", "fit_many", "load_many"]
