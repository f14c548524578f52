"""A workbook for reports: reading guide, a sheet per table, codebook, method, areas left out."""

from bayesmodel.outputs.workbook.write import write_workbook

__all__ = ["write_workbook"]
