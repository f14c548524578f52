"""A workbook for reports: results on a page, a sheet per table, reading guide, codebook, method, areas left out."""

from bayesmodel.tables.workbook.book import write_workbook

__all__ = ["write_workbook"]
