"""Column: what stands in a column, and in which form a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bayesmodel.messages import Language
from bayesmodel.study import Label

Form = Literal["text", "year", "count", "share", "points", "ratio", "chance"]
"""Text or codes; a year; a number of people or areas; a share from 0 to 1, shown as a percentage; percentage points; a
ratio; a probability from 0 to 1, shown as a percentage."""

IN_HEADERS: dict[Form, Label] = {
    "count": Label(nl="aantal", en="number"),
    "share": Label(nl="%", en="%"),
    "points": Label(nl="procentpunt", en="percentage points"),
    "ratio": Label(nl="verhouding", en="ratio"),
    "chance": Label(nl="%", en="%"),
}
NO_UNIT = Label(nl="", en="")
TEXT, NUMBER = Label(nl="tekst", en="text"), Label(nl="aantal", en="number")
CHANCE = Label(nl="kans, 0 tot 1", en="probability, 0 to 1")


@dataclass(frozen=True)
class Column:
    """One column of a table of results.

    Parameters
    ----------
    name : str
        As in the table.
    label, unit, definition : Label
        In Dutch and English.
    form : str
        What kind of value it is.
    """

    name: str
    label: Label
    unit: Label
    definition: Label
    form: Form = "text"

    def header(self, language: Language) -> str:
        """Return the heading a reader sees: the label with what its numbers are.

        Examples
        --------
        >>> Column("share", Label(nl="gebruik", en="use"), NO_UNIT, NO_UNIT, "share").header("en")
        'Use (%)'
        """
        label = self.label[language]
        unit = IN_HEADERS.get(self.form)
        return label[:1].upper() + label[1:] + (f" ({unit[language]})" if unit else "")
