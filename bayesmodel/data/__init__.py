"""Data: areas with their codes and groups, published counts as intervals, and the rules of publication."""

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.codes import normalise_codes
from bayesmodel.data.counts import CONCEALED, Counts, Status
from bayesmodel.data.interpret import interpret_counts, mask, publish

__all__ = ["CONCEALED", "AreaTable", "Counts", "Status", "interpret_counts", "mask", "normalise_codes", "publish"]
