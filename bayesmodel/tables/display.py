"""Words: what a reader sees in the place of the codes in a table, and numbers in the form they are shown in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from bayesmodel.data import Status
from bayesmodel.estimates.local_explanation import GAINS
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.messages import Language
from bayesmodel.study import Label
from bayesmodel.tables.columns import Column, Form

STATUSES: Mapping[str, Label] = {
    Status.EXACT: Label(nl="bekend", en="known"),
    Status.ROUNDED: Label(nl="afgerond", en="rounded"),
    Status.SUPPRESSED: Label(nl="verborgen", en="hidden"),
    Status.SECONDARY: Label(nl="verborgen om een ander", en="hidden to protect another"),
    Status.MISSING: Label(nl="niet geleverd", en="not delivered"),
    Status.ZERO: Label(nl="geen inwoners", en="no inhabitants"),
}
FLAGS: Mapping[str, Label] = {
    "hidden_count": Label(nl="aantal verborgen", en="count hidden"),
    "protecting_count": Label(nl="aantal verborgen om een ander te beschermen", en="count hidden to protect another"),
    "hidden_unlikely": Label(nl="verborgen aantal onwaarschijnlijk klein", en="hidden count unlikely to be small"),
    "partial_delivery": Label(nl="registratie onvolledig geleverd", en="registration delivered in part"),
    "rounded_count": Label(nl="aantal afgerond", en="count rounded"),
    "missing_count": Label(nl="aantal niet geleverd", en="count not delivered"),
    "no_people": Label(nl="geen inwoners", en="no inhabitants"),
    "missing_determinants": Label(nl="kenmerken ontbreken", en="determinants missing"),
    "special_area": Label(nl="waarschijnlijk bijzonder", en="probably special"),
    "no_comparison": Label(nl="geen vergelijking binnen de groep", en="no comparison inside the group"),
    "low_ess": Label(nl="te weinig trekkingen", en="too few draws"),
    "unplaced": Label(nl="oordeel kan omslaan", en="verdict could turn"),
    "whole": Label(nl="alles samen", en="all together"),
}
GAINS_BY_CODE = {str(each): label for each, label in GAINS.items()}
WORDS: Mapping[str, Label] = {
    **STATUSES,
    **FLAGS,
    **GAINS_BY_CODE,
    **{str(each): each.label for each in VerdictClass},
}
CODED = ("status", "flags", "verdict_")
"""Columns (or how their names begin) that hold codes with words for them."""

DECIMALS: Mapping[Form, int] = {"count": 0, "year": 0, "share": 1, "points": 1, "ratio": 2, "chance": 0, "decimal": 2}
"""Decimals a reader sees: counts whole, percentages with one; of a probability no tenths of a per cent are known."""
PER_CENT: tuple[Form, ...] = ("share", "chance")


def in_words(table: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return a table with words for its codes; several codes in a cell are separated by ``; ``.

    Examples
    --------
    >>> import pandas as pd
    >>> in_words(pd.DataFrame({"status": ["suppressed"], "flags": ["hidden_count; low_ess"]}), "en").iloc[0].tolist()
    ['hidden', 'count hidden; too few draws']
    """
    return table.assign(
        **{
            str(name): ["; ".join(_word(code, language) for code in str(cell).split("; ")) for cell in values]
            for name, values in table.items()
            if str(name).startswith(CODED)
        }
    )


def rounded(table: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Return a table with shares and probabilities as percentages, and all numbers with the decimals a reader sees."""
    shown = table.copy()
    for column in columns:
        if column.form == "text" or column.name not in shown:
            continue
        factor = 100 if column.form in PER_CENT else 1
        decimals = DECIMALS[column.form]
        values = (shown[column.name].astype("Float64") * factor).round(decimals)
        shown[column.name] = values if decimals else values.astype("Int64")
    return shown


def _word(code: str, language: Language) -> str:
    """Return the word for a code, or the code where there is none."""
    return WORDS[code][language] if code in WORDS else code
