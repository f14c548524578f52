"""Tables in: delimited text, spreadsheets and Parquet, read as text and joined into the areas of a study."""

from bayesmodel.io.read import read_areas
from bayesmodel.io.study_2017 import Workbook, read_workbook
from bayesmodel.io.table import read_table

__all__ = ["Workbook", "read_areas", "read_table", "read_workbook"]
