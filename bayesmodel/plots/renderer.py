"""How pictures become pixels: a line of text is drawn once, and its image is put in every picture that has it.

Matplotlib draws text letter by letter, which is half of the time of a picture, and most text of a picture is in the
next of its kind too: the caption, names of parts, numbers along an axis. So lines are kept as images, with their sizes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.backend_bases import GraphicsContextBase
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

PARTS = 8
"""Parts of a pixel to which the start of a line of text is rounded."""
MEASURED, DRAWN = 20_000, 1_000
"""Lines of text of which the size, and the image, is kept: 20 MB of images at the most."""


class Canvas(FigureCanvasAgg):
    """The pixels of a picture."""

    def get_renderer(self) -> Renderer:
        """Return what draws at the size and density of now."""
        width, height = self.get_width_height(physical=True)
        made = getattr(self, "renderer", None)
        if made is None or (made.width, made.height, made.dpi) != (width, height, self.figure.dpi):
            made = self.renderer = Renderer(width, height, self.figure.dpi)
        return made

    def draw_idle(self, *args: Any, **settings: Any) -> None:
        """Do nothing: no window shows the picture while it is made, and geopandas asks for it after every layer."""


class Renderer(RendererAgg):
    """Draws as matplotlib does, but a line of text that any picture had before as its image."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text in pixels."""
        return _size(s, prop.copy(), bool(ismath), self.dpi, _settings())

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw a line of text; what is turned, transparent or a formula, as matplotlib does."""
        red, green, blue, opacity = gc.get_rgb()
        if angle or ismath or opacity < 1:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]
            return
        (left, right), (top, down) = (divmod(round(PARTS * place), PARTS) for place in (x, y))
        image, margin = _image(s, prop.copy(), (red, green, blue), self.dpi, right, down, _settings())
        self.draw_image(gc, left - margin, int(self.height) - top - margin, image)


def _settings() -> tuple[Any, ...]:
    """Return the settings that decide what a line of text looks like, besides its own."""
    return tuple(rcParams["font.sans-serif"]), rcParams["text.hinting"], rcParams["text.antialiased"]


@lru_cache(MEASURED)
def _size(
    text: str, font: FontProperties, formula: bool, dots: float, _settings: tuple[Any, ...]
) -> tuple[float, float, float]:
    """Return width, height and descent of a line of text in pixels."""
    width, height, descent = RendererAgg(1, 1, dots).get_text_width_height_descent(text, font, formula)
    return width, height, descent


@lru_cache(DRAWN)
def _image(
    text: str,
    font: FontProperties,
    colour: tuple[float, float, float],
    dots: float,
    right: int,
    down: int,
    settings: tuple[Any, ...],
) -> tuple[NDArray[np.uint8], int]:
    """Return a line of text as an image from its lowest row up, and the pixels left of its start and below its line.

    Parameters
    ----------
    text : str
    font : FontProperties
    colour : tuple of 3 float
        Red, green and blue, 0 to 1.
    dots : float
        Per inch.
    right, down : int
        How far its start is to the right of a pixel and below it, in parts of a pixel.
    settings : tuple
        As `_settings` gives them.
    """
    width, height, _ = _size(text, font, False, dots, settings)
    margin = int(np.ceil(height)) + 1
    room = RendererAgg(int(np.ceil(width)) + 2 * margin, 3 * margin, dots)
    gc = room.new_gc()
    gc.set_foreground(colour)
    room.draw_text(gc, margin + right / PARTS, 2 * margin + down / PARTS, text, font, 0)
    return np.asarray(room.buffer_rgba())[::-1].copy(), margin
