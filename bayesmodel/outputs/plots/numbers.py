"""Numbers in a picture as text, in the language of its reader."""

from __future__ import annotations

from bayesmodel.messages import Language, number


def chance(probability: float, language: Language) -> str:
    """Return a probability as a whole per cent, never as certain.

    Examples
    --------
    >>> chance(0.834, "nl"), chance(0.9995, "en"), chance(0.0, "nl")
    ('83%', 'more than 99%', 'minder dan 1%')
    """
    more, less = ("meer dan", "minder dan") if language == "nl" else ("more than", "less than")
    if probability > 0.99 or probability < 0.01:
        return f"{more} 99%" if probability > 0.5 else f"{less} 1%"
    return f"{100 * probability:.0f}%"


def three_figures(value: float, language: Language) -> str:
    """Return a number with about three figures as text, written out.

    Examples
    --------
    >>> three_figures(25612.0, "nl"), three_figures(0.0314, "nl"), three_figures(25.0, "nl")
    ('25.600', '0,0314', '25')
    """
    short = float(f"{value:.3g}")
    decimals = next(places for places in range(12) if round(short, places) == short)
    return figures(short, decimals, language)


def figures(value: float, decimals: int, language: Language) -> str:
    """Return a number as text, zero without a sign.

    Examples
    --------
    >>> figures(1234.56, 1, "nl"), figures(-0.04, 1, "en")
    ('1.234,6', '0.0')
    """
    return number(round(value, decimals) + 0.0, f",.{decimals}f", language)
