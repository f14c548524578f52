"""Counts: published counts as intervals, and the rules of publication."""
from bayesmodel.counts.counts import Counts, Status

__all__ = ["Counts", "Status"]
