"""Areas: codes with their year, what they lie in, checks."""

from bayesmodel.areas.codes import normalise_codes
from bayesmodel.areas.table import AreaTable

__all__ = ["AreaTable", "normalise_codes"]
