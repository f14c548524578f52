"""Pictures whose lines of text are kept as images look as matplotlib draws them, and are drawn once."""

from io import BytesIO

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread

from bayesmodel.plots import renderer, waterfall
from bayesmodel.plots.figure import Picture
from bayesmodel.plots.style import house_style

LINES = ("Gebruik in Duin en Zee, ’s-Gravenhage", "3,4 (2,1 tot 4,9)", "≥ −0,5", "two\nlines")


def drawn(picture, dots=130):
    """Return a picture as pixels (row, column, colour)."""
    content = BytesIO()
    with house_style():
        picture.savefig(content, format="png", dpi=dots)
    return imread(BytesIO(content.getvalue()))[..., :3]


def texts(**settings):
    """Return a picture of lines of text at uneven places."""
    picture = Picture(figsize=(4, 2))
    for nth, line in enumerate(LINES):
        picture.text(0.013 + 0.1 * nth, 0.11 + 0.217 * nth, line, **settings)
    return picture


@pytest.fixture(autouse=True)
def _forget():
    renderer._image.cache_clear()
    renderer._size.cache_clear()


@pytest.mark.parametrize(
    "settings",
    [{}, {"color": "#c04040"}, {"alpha": 0.4}, {"rotation": 90}, {"rotation": 30}, {"weight": "bold", "size": 14}],
    ids=str,
)
def test_text_looks_as_matplotlib_draws_it(settings):
    own, theirs = texts(**settings), texts(**settings)
    FigureCanvasAgg(theirs)
    apart = np.abs(drawn(own) - drawn(theirs))
    assert apart.max() < 0.35  # a place is rounded to an eighth of a pixel, so that edges differ a little
    assert np.sqrt((apart**2).mean()) < 0.02


def test_text_outside_its_axes_is_cut_off_as_matplotlib_does():
    def clipped():
        picture = Picture(figsize=(4, 2))
        picture.add_subplot().text(0.9, 0.5, "half of this is outside", clip_on=True)
        return picture

    own, theirs = clipped(), clipped()
    FigureCanvasAgg(theirs)
    assert np.abs(drawn(own) - drawn(theirs)).max() < 0.35


def test_a_line_is_drawn_once_in_pictures_of_any_colour_of_its_own():
    first = drawn(texts())
    lines = renderer._image.cache_info().misses
    assert lines == 5
    assert np.array_equal(drawn(texts()), first)
    assert renderer._image.cache_info().misses == lines
    assert not np.array_equal(drawn(texts(color="red")), first)


def test_settings_of_letters_are_not_mixed_up(monkeypatch):
    from bayesmodel.plots import style

    plain = drawn(texts())
    monkeypatch.setitem(style.RC_PARAMS, "font.sans-serif", ["DejaVu Serif"])
    assert not np.array_equal(drawn(texts()), plain)


def test_a_picture_is_laid_out_at_the_density_at_which_it_is_saved(fit):
    from bayesmodel.estimates.waterfall import waterfall as made_of

    picture = waterfall(made_of(fit, "WK000100"))
    own = drawn(picture, 90)
    assert picture.dpi == 110
    FigureCanvasAgg(picture)
    theirs = drawn(picture, 90)
    assert own.shape == theirs.shape
    assert np.sqrt(((own - theirs) ** 2).mean()) < 0.02
