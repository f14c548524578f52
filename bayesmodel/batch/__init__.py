"""Many fits: variations of a study on a pool of processes or a cluster, kept as they finish."""

from bayesmodel.batch.collection import FitCollection, load_many
from bayesmodel.batch.runner import fit_many
from bayesmodel.batch.variation import Variation

__all__ = ["FitCollection", "Variation", "fit_many", "load_many"]
