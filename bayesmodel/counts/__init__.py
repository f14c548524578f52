"""Counts: published counts as intervals, and the rules of publication."""

from bayesmodel.counts.counts import Counts, Status
from bayesmodel.counts.interpret import interpret_counts
from bayesmodel.counts.publish import mask, publish

__all__ = ["Counts", "Status", "interpret_counts", "mask", "publish"]
