"""Every failure a user can meet, as one tree.

BayesModelError
├── StudyError            the study file says something it cannot mean
├── DataError             the tables hold something they cannot hold
├── ModelError            the model cannot be built from this study and these counts
│   └── ApproximationError    Laplace finds no approximation of this posterior
├── ConvergenceError      the sampler did not reach what a report may rest on
├── FitFileError          a file that is not a saved fit, or one of another version
├── ComparisonError       what is to be compared cannot be: too few places, nobody living there, fits of different areas
├── OutputError           a result could not be written
├── ClusterError          no cluster answers, or it has no workers
├── SourceError           what a publisher serves is not what was asked for
│   ├── UnreachableError      no answer at all, or none within the time and the attempts given
│   ├── UnknownTableError     the publisher has no such table, or none is known for this subject and year
│   ├── ProtocolError         an answer that is not in the form of the protocol, or that was cut off
│   ├── ChangedTableError     a table lacks columns or codes that it is read by
│   └── SnapshotError         a snapshot was changed after it was made, or parts of it are gone
├── UnknownNameError      an area, level, family or estimand that does not exist
├── AmbiguousNameError    a name that several places have
├── ArgumentError         a function was given something of another kind than it takes
└── MissingFeatureError   an optional library is not installed

Faults in studies and tables are collected as `Fault` values and raised once, all together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bayesmodel.messages import _, number, plural

SHOWN = 5
"""Examples of one fault that a message spells out; the rest is counted."""


class BayesModelError(Exception):
    """A failure with a message made for the user: what was expected, what was found, what to do."""


class UnknownNameError(BayesModelError):
    """A name that is not in the list it should come from."""

    def __init__(self, kind: str, found: str, known: Iterable[str], note: str = "", also: Iterable[str] = ()) -> None:
        unknown = _("Unknown {kind} {found}.").format(kind=kind, found=repr(found))
        super().__init__(f"{unknown}{suggest(found, known, also)}{note and ' ' + note}")


class AmbiguousNameError(BayesModelError):
    """A name that several places have."""


class ArgumentError(BayesModelError, TypeError):
    """A function was given something of another kind than it takes."""


class ModelError(BayesModelError):
    """The model cannot be built from this study and these counts."""


class ApproximationError(ModelError):
    """The Laplace engine finds no approximation to draw from; NUTS needs none."""


class ConvergenceError(BayesModelError):
    """The draws are not good enough to report."""


class FitFileError(BayesModelError):
    """The file is not a fit saved by this package."""


class ComparisonError(BayesModelError):
    """What is to be compared cannot be."""


class OutputError(BayesModelError):
    """A result could not be written; nothing half-written is left."""


class ClusterError(BayesModelError):
    """No cluster answers at the address given, or it has no workers."""


class SourceError(BayesModelError):
    """What a publisher serves is not what was asked for."""


class UnreachableError(SourceError):
    """No answer of a publisher, or none within the time and the attempts given."""


class UnknownTableError(SourceError):
    """The publisher has no such table, or none is known for this subject and year."""


class ProtocolError(SourceError):
    """An answer that is not in the form of the protocol, or that was cut off."""


class ChangedTableError(SourceError):
    """A table lacks columns or codes that it is read by."""


class SnapshotError(SourceError):
    """A snapshot was changed after it was made, or parts of it are gone."""


class MissingFeatureError(BayesModelError):
    """An optional library is missing."""

    def __init__(self, feature: str, extra: str) -> None:
        needs = _('{feature} needs an optional library: pip install "bayesmodel-sae[{extra}]"')
        super().__init__(needs.format(feature=feature, extra=extra))


class FaultKind(StrEnum):
    """What a program may do something about; all other faults are for the user alone."""

    OTHER = "other"
    HEADER = "header"
    SEVERAL_SHEETS = "several_sheets"
    TWO_READINGS = "two_readings"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Fault:
    """One kind of fault in a study or a table.

    Parameters
    ----------
    where : str
        Place a user can find: a key of the study (``levels[0].column``) or a column of a table.
    found : str
        What stands there.
    expected : str
        What should stand there.
    advice : str
        What to do about it.
    rows : sequence of str
        Codes or row numbers that show it; five are printed, all are counted.
    kind : FaultKind
        What a program may do something about.
    """

    where: str
    found: str
    expected: str
    advice: str = ""
    rows: Sequence[str] = ()
    kind: FaultKind = FaultKind.OTHER

    def __str__(self) -> str:
        text = _("{where}: found {found}; expected {expected}.").format(
            where=self.where, found=self.found, expected=self.expected
        )
        if self.rows:
            text += "\n    " + _("in {number}: {rows}").format(number=number(len(self.rows)), rows=listed(self.rows))
        return text + (f"\n    {self.advice}" if self.advice else "")


class FaultsError(BayesModelError):
    """Several faults, reported together; `faults` holds them all."""

    def __init__(self, subject: str, faults: Sequence[Fault]) -> None:
        self.subject, self.faults = subject, tuple(faults)
        count = plural("{count} fault", "{count} faults", len(faults))
        head = _("{subject} has {count}:").format(subject=subject, count=count)
        super().__init__("\n".join([head, *(f"- {fault}" for fault in faults)]))


class StudyError(FaultsError):
    """The study file says something it cannot mean."""


class DataError(FaultsError):
    """The tables hold something they cannot hold."""


def raise_faults(error: type[FaultsError], subject: str, faults: Sequence[Fault]) -> None:
    """Raise `error` when there is at least one fault, else return."""
    if faults:
        raise error(subject, faults)


def suggest(found: str, known: Iterable[str], also: Iterable[str] = ()) -> str:
    """Return `` Did you mean ...?`` for near misses of `found`, else the first few known names.

    Other names of the same things are in `also`: they may be meant, but are not listed and counted again.
    """
    known = [str(name) for name in known]
    near = get_close_matches(found, dict.fromkeys([*known, *map(str, also)]), n=3, cutoff=0.6)
    if near:
        return " " + _("Did you mean {names}?").format(names=_(" or ").join(near))
    return " " + _("Known: {names}.").format(names=listed(known)) if known else ""


def listed(examples: Sequence[str]) -> str:
    """Return the first few examples, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c", "d", "e", "f", "g"])
    'a, b, c, d, e and 2 more'
    """
    more = len(examples) - SHOWN
    return ", ".join(examples[:SHOWN]) + (_(" and {number} more").format(number=number(more)) if more > 0 else "")
