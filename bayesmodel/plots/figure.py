"""Picture: a figure with a text alternative. Imported only when something is drawn, as it needs matplotlib."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO

from matplotlib.figure import Figure

from bayesmodel.plots.style import house_style


class Picture(Figure):
    """A matplotlib figure whose label is its text alternative; it shows itself in a notebook, without pyplot."""

    def _repr_html_(self) -> str:
        """Return the picture with its text alternative."""
        content = BytesIO()
        with house_style():
            self.savefig(content, format="png", dpi=130)
        image = b64encode(content.getvalue()).decode()
        return f'<img alt="{escape(str(self.get_label()))}" src="data:image/png;base64,{image}">'
