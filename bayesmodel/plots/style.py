"""The style of all pictures: fonts, marks, numbers as text, and colours for colour-blind readers and grey prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import cleandoc
from typing import Any

from bayesmodel.data import Status
from bayesmodel.errors import MissingFeatureError
from bayesmodel.messages import Language, _, number
from bayesmodel.study import Label
from bayesmodel.theme import theme

WIDTH = 6.7
"""Width in inches: the text width of an A4 page."""
GREY, INK, PALE = "#6e6e6e", "#262626", "#c9c9c9"
ACCENT, SECOND = "accent", "second"
"""Colours of the theme, Okabe and Ito's blue and vermilion unless a user has others; marks differ in shape too, so that
nothing depends on colour alone."""

RC_PARAMS: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial"],
    "font.size": 8.5,
    "text.color": INK,
    "text.parse_math": False,
    "figure.dpi": 110,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.xmargin": 0.03,
    "axes.ymargin": 0.03,
    "grid.color": "0.9",
    "grid.linewidth": 0.8,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "hatch.linewidth": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "bayesmodel",
    "pdf.fonttype": 42,
}
"""Matplotlib settings; text stays text in SVG and PDF, so that it can be searched and read by a screen reader. A dollar
in a name begins no formula."""


@dataclass(frozen=True)
class Mark:
    """How an area is drawn, depending on what was published about it.

    Parameters
    ----------
    label : Label
        Legend text where published values are drawn.
    estimated : Label
        Legend text where estimates are drawn.
    paint, shape : str
        A colour, or the name of one of the theme; the shape as in matplotlib.
    line : str or tuple
        Line style: solid, or lengths of dashes and gaps.
    filled : bool
        Whether the mark is filled: only where a count was published.
    """

    label: Label
    estimated: Label
    paint: str
    shape: str
    line: Any
    filled: bool

    @property
    def colour(self) -> str:
        """The colour in which it is drawn now."""
        return str(getattr(theme(), self.paint, self.paint))


PUBLISHED = Mark(
    Label(nl="gepubliceerd", en="published"),
    Label(nl="schatting (aantal gepubliceerd)", en="estimate (count published)"),
    ACCENT, "o", "-", filled=True,
)  # fmt: skip
HIDDEN = Mark(
    Label(nl="verborgen (klein aantal)", en="hidden (small count)"),
    Label(nl="schatting (aantal verborgen)", en="estimate (count hidden)"),
    SECOND, "D", (0, (3, 1.5)), filled=False,
)  # fmt: skip
MISSING = Mark(
    Label(nl="niet geleverd", en="not delivered"),
    Label(nl="schatting (niet geleverd)", en="estimate (not delivered)"),
    GREY, "s", (0, (1, 1.5)), filled=False,
)  # fmt: skip
GROUP = Mark(Label(nl="", en=""), Label(nl="", en=""), ACCENT, "o", "-", filled=True)
"""For anything other than a single area, which has no published or hidden count of its own."""
TOGETHER = Mark(
    Label(nl="gebieden samen", en="areas together"),
    Label(nl="schatting (gebieden samen)", en="estimate (areas together)"),
    ACCENT, "^", "-", filled=True,
)  # fmt: skip
"""For a group beside single areas, whose marks say what was published."""
PROTECTING = Mark(
    Label(nl="verborgen om een ander te beschermen", en="hidden to protect another"),
    Label(nl="schatting (aantal verborgen om een ander)", en="estimate (count hidden to protect another)"),
    SECOND, "v", (0, (1, 1.5)), filled=False,
)  # fmt: skip
MARKS = {"": GROUP, Status.SUPPRESSED: HIDDEN, Status.SECONDARY: PROTECTING, Status.MISSING: MISSING}


def mark_of(status: str) -> Mark:
    """Return the mark for an area's status; a count that is neither hidden nor missing was published."""
    return MARKS.get(status, PUBLISHED)


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the style of this package, whatever the user's matplotlib settings.

    Raises
    ------
    MissingFeatureError
        matplotlib is not installed.
    """
    try:
        from matplotlib import style
    except ImportError:
        raise MissingFeatureError(_("A picture"), "plots") from None
    with style.context(["default", RC_PARAMS | _letters()]):
        yield


def _letters() -> dict[str, Any]:
    """Return the letters of the theme, where matplotlib has them."""
    from matplotlib.font_manager import get_font_names

    font = theme().font
    if not font or font not in get_font_names():
        return {}
    return {"font.sans-serif": [font, *RC_PARAMS["font.sans-serif"]]}


PARAMETERS = """
axes : Axes, optional
    Where to draw; defaults to a new picture.
language : {"nl", "en"}, optional
    Defaults to the study's."""
RAISES = """
MissingFeatureError
    matplotlib is not installed, or geopandas for a map."""


def in_house_style[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Make a picture draw in the style of this package, and add the shared parameters and errors to its docstring."""

    @wraps(draw)
    def in_style(*args: P.args, **kwargs: P.kwargs) -> R:
        with house_style():
            return draw(*args, **kwargs)

    text = cleandoc(draw.__doc__ or "")
    raises = RAISES if "\nRaises\n------\n" in text else f"\n\nRaises\n------{RAISES}"
    text = text.replace("\n\nReturns\n", f"{PARAMETERS}\n\nReturns\n", 1)
    in_style.__doc__ = text.replace("\n\nExamples\n", f"{raises}\n\nExamples\n", 1)
    return in_style


def three_figures(value: float, language: Language) -> str:
    """Return a number as text with about three significant figures, without an exponent.

    Examples
    --------
    >>> three_figures(25612.0, "nl"), three_figures(0.0314, "nl"), three_figures(25.0, "nl")
    ('25.600', '0,0314', '25')
    """
    short = float(f"{value:.3g}")
    decimals = next(digits for digits in range(12) if round(short, digits) == short)
    return figures(short, decimals, language)


def figures(value: float, decimals: int, language: Language) -> str:
    """Return a number as text with so many decimals; zero has no sign.

    Examples
    --------
    >>> figures(1234.56, 1, "nl"), figures(-0.04, 1, "en")
    ('1.234,6', '0.0')
    """
    return number(round(value, decimals) + 0.0, f",.{decimals}f", language)
