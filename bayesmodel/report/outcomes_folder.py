"""The folder of several outcomes: the results of each, where they are high at once, how they go together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

from bayesmodel.errors import Fault, StudyError, raise_faults
from bayesmodel.estimates.accumulation import JOINT, accumulation
from bayesmodel.estimates.correlation import FEW, PERSONS, correlations
from bayesmodel.estimates.summed_outcomes import STANDARDISED, summed, summed_notes
from bayesmodel.inference.outcomes_fit import OutcomesFit
from bayesmodel.messages import Language, _, speaking
from bayesmodel.plots.outcome_plots import accumulation as draw_accumulation
from bayesmodel.report.joint_folder import JointTable, write_joint
from bayesmodel.study import Label
from bayesmodel.tables.collect import file_name
from bayesmodel.tables.outcomes_table import (
    accumulation_columns,
    accumulation_table,
    correlation_columns,
    correlation_table,
    summed_columns,
    summed_table,
)

ABOUT = Label(
    nl="De uitkomsten {names} (voorzieningen, of groepen van mensen) zijn als één model geschat: elk heeft een eigen "
    "map met resultaten. Waar het gebruik van alle tegelijk hoger of lager is dan verwacht (stapeling) staat in de "
    "tabellen 'accumulation', hoe zij samenhangen in 'correlations'.",
    en="The outcomes {names} (provisions, or groups of people) were fitted as one model: each has a folder of results. "
    "Where use of all at once is higher or lower than expected stands in the tables called 'accumulation', how they go "
    "together in 'correlations'.",
)
ADDED_UP = Label(
    nl="Het gebruik van alle uitkomsten samen staat in de tabellen 'summed'.",
    en="Use of all outcomes together stands in the tables called 'summed'.",
)
NAME = re.compile(r"\w(?:[\w +-]{0,38}[\w+])?(?<!_lower)(?<!_upper)")
"""What may be a name of an outcome: it is that of a folder and of columns too."""
RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)
"""Names that are no names of folders on Windows."""


def write_outcomes(
    fitted: OutcomesFit,
    folder: str | Path,
    *,
    add_up: bool = False,
    force: bool = False,
    accept_unconverged: bool = False,
) -> tuple[Path, ...]:
    """Write the results of several outcomes into one folder, whole or not at all.

    The folder holds what `write_results` writes of each outcome, in a folder named after it; of the areas and of each
    level where use of all at once differs from what is expected (`accumulation_wijken.csv`); how outcomes go together
    (`correlations.csv`); and where matplotlib is installed pictures of both.

    Parameters
    ----------
    fitted : OutcomesFit
    folder : str or Path
        The folder to make.
    add_up : bool
        Whether use of all outcomes together is written too (`summed_wijken.csv`): for outcomes that count different
        people of one whole, such as age groups.
    force : bool
        Whether an older folder of results may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be written.

    Returns
    -------
    tuple of Path
        All files and folders in it.

    Raises
    ------
    StudyError
        The name of an outcome cannot be that of a folder; or outcomes to add up are of ages that overlap.
    ConvergenceError
        The draws did not converge, and that is not accepted.
    OutputError
        The folder exists and may not be replaced, or the disk refuses.

    Examples
    --------
    >>> from bayesmodel import fit_outcomes, write_outcomes
    >>> write_outcomes(fit_outcomes(counts), "together")  # doctest: +SKIP
    """
    refuse_names(fitted.joined.names)
    language = fitted[fitted.joined.names[-1]].study.report.language
    tables = _tables(fitted, language, add_up=add_up)
    notes = _notes(fitted, language, add_up=add_up)
    return write_joint(fitted, fitted.joint, tables, notes, folder, force=force, accept_unconverged=accept_unconverged)


def refuse_names(names: Sequence[str]) -> None:
    """Refuse names of outcomes that cannot be those of folders beside each other.

    Examples
    --------
    >>> refuse_names(["youth", "wmo"])
    >>> refuse_names(["youth", "../wmo"])
    Traceback (most recent call last):
    bayesmodel.errors.StudyError: ...
    """
    faults = [
        Fault(
            _("name of an outcome"),
            repr(name),
            _("at most 40 letters, digits, spaces and - + _, not ending in _lower or _upper"),
            _("Name it so: NAME=STUDY on the command line."),
        )
        for name in names
        if not NAME.fullmatch(name) or RESERVED.fullmatch(name)
    ]
    alike = [(one, other) for one, other in combinations(names, 2) if one.casefold() == other.casefold()]
    faults += [
        Fault(_("name of an outcome"), f"{one}, {other}", _("names that differ in more than capitals"))
        for one, other in alike
    ]
    raise_faults(StudyError, _("The list of outcomes"), faults)


def _tables(fitted: OutcomesFit, language: Language, *, add_up: bool) -> Iterator[JointTable]:
    """Yield the tables, those of correlations first."""
    found = correlations(fitted)
    yield JointTable("correlations", found, correlation_table(found, language), correlation_columns(found))
    last = fitted[fitted.joined.names[-1]].study
    for level in (last.area, *last.level_names):
        at_once = accumulation(fitted, level)
        table, columns = accumulation_table(at_once, language), accumulation_columns(at_once)
        pairs = combinations(fitted.joined.names, 2)
        pictures = {
            f"_{one}_{other}".replace(" ", "_"): partial(draw_accumulation, at_once, (one, other))
            for one, other in pairs
        }
        yield JointTable(f"accumulation_{file_name(level)}", at_once, table, columns, pictures)
        if add_up:
            whole = summed(fitted, level)
            yield JointTable(f"summed_{file_name(level)}", whole, summed_table(whole, language), summed_columns(whole))


def _notes(fitted: OutcomesFit, language: Language, *, add_up: bool) -> list[str]:
    """Return what readers must be told."""
    names = ", ".join(fitted.joined.names)
    of_sums = []
    if add_up:
        of_sums = [ADDED_UP[language], STANDARDISED[language], *summed_notes(fitted.joined.of_outcomes, language)]
    with speaking(language):
        joined = fitted.joined.notes
    return [ABOUT[language].format(names=names), JOINT[language], FEW[language], PERSONS[language], *of_sums, *joined]
