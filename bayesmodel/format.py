"""How percentages, probabilities and intervals are written: in one way everywhere, in Dutch and English."""

from __future__ import annotations

from bayesmodel.messages import Language, language, number


def percent(share: float, reader: Language | None = None, decimals: int | None = None) -> str:
    """Return a share as a percentage, with as many decimals as it has when none are given; never as minus zero.

    Parameters
    ----------
    share : float
        0 to 1.
    reader : {"nl", "en"}, optional
        The language; that of messages when left out.
    decimals : int, optional

    Examples
    --------
    >>> percent(0.9), percent(0.975, "nl"), percent(0.1027, "nl", 1), percent(-0.001, decimals=0)
    ('90%', '97,5%', '10,3%', '0%')
    """
    figures = number(100 * share, "g", reader) if decimals is None else number(100 * share, f"z.{decimals}f", reader)
    return f"{figures}%"


def probability(value: float, reader: Language | None = None, *, short: bool = False) -> str:
    """Return a probability in whole per cents, never as certain: draws cannot tell 0.999 from 1.

    Parameters
    ----------
    value : float
    reader : {"nl", "en"}, optional
        The language; that of messages when left out.
    short : bool
        In signs, for a table.

    Examples
    --------
    >>> probability(0.834), probability(0.9995), probability(0.0, "nl"), probability(0.9995, short=True)
    ('83%', 'more than 99%', 'minder dan 1%', '> 99%')
    """
    if 0.01 <= value <= 0.99:
        return percent(value, reader, 0)
    words = {"nl": ("minder dan", "meer dan"), "en": ("less than", "more than")}[reader or language()]
    below, above = ("<", ">") if short else words
    return f"{above} 99%" if value > 0.5 else f"{below} 1%"


def interval_name(prob: float, reader: Language | None = None) -> str:
    """Return what an interval of a probability is called.

    Examples
    --------
    >>> interval_name(0.9), interval_name(0.975, "nl")
    ('90% interval', '97,5%-interval')
    """
    return f"{percent(prob, reader)}{'-' if (reader or language()) == 'nl' else ' '}interval"


def between(low: str, high: str, reader: Language | None = None) -> str:
    """Return the bounds of an interval in words.

    Examples
    --------
    >>> between("0.9", "1.2"), between("0,9", "1,2", "nl")
    ('0.9 to 1.2', '0,9 tot 1,2')
    """
    return f"{low} {'tot' if (reader or language()) == 'nl' else 'to'} {high}"
