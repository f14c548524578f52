"""The columns of tables of results: name, label, unit, definition and form, in the order of the table."""

from bayesmodel.outputs.columns.column import Column, Form
from bayesmodel.outputs.columns.columns import columns_of

__all__ = ["Column", "Form", "columns_of"]
