"""Picture: a figure with a text alternative. Imported only when something is drawn, as it needs matplotlib."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

from bayesmodel.plots.renderer import Canvas
from bayesmodel.plots.style import house_style


class Picture(Figure):
    """A matplotlib figure whose label is its text alternative; it shows itself in a notebook, without pyplot."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        Canvas(self)

    def savefig(self, fname: Any, *, dpi: Any = "figure", **settings: Any) -> None:
        """Save the picture; a PNG is laid out and drawn in one pass, where matplotlib draws all of it twice."""
        if settings.get("format") != "png" or dpi == "figure" or not isinstance(self.canvas, Canvas):
            return super().savefig(fname, dpi=dpi, **settings)
        kept, self.dpi = self.dpi, dpi
        try:
            self.canvas.print_png(fname, **{name: given for name, given in settings.items() if name != "format"})
        finally:
            self.dpi = kept
        return None

    def _repr_html_(self) -> str:
        """Return the picture with its text alternative."""
        content = BytesIO()
        with house_style():
            self.savefig(content, format="png", dpi=130)
        image = b64encode(content.getvalue()).decode()
        return f'<img alt="{escape(str(self.get_label()))}" src="data:image/png;base64,{image}">'
