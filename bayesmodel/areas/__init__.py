"""Areas: codes with their year, what they lie in, checks."""
from bayesmodel.areas.table import AreaTable

__all__ = ["AreaTable"]
