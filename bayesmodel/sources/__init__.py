"""Sources: where tables come from, and how they become areas."""

from bayesmodel.sources.example import example_polygons, example_study, example_truth
from bayesmodel.sources.read import read_areas
from bayesmodel.sources.table import read_table
from bayesmodel.sources.workbook import Workbook, read_workbook

__all__ = [
    "Workbook",
    "example_polygons",
    "example_study",
    "example_truth",
    "read_areas",
    "read_table",
    "read_workbook",
]
