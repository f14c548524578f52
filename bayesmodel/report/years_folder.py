"""The folder of several years: the results of each, what changed between them, and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from bayesmodel.estimates.change import Change, change
from bayesmodel.estimates.trend import Trend, trend
from bayesmodel.inference.years_fit import YEARS, YearsFit
from bayesmodel.messages import Language, speaking
from bayesmodel.report.joint_folder import JointTable, write_joint
from bayesmodel.study import Label
from bayesmodel.tables.change_table import change_columns, change_table, trend_columns, trend_table
from bayesmodel.tables.collect import file_name

ABOUT = Label(
    nl="De jaren {years} zijn als één model geschat ({effects}): elk jaar heeft een eigen map met resultaten, en de "
    "verandering tussen jaren staat in de tabellen 'change'. Een verandering is van het onderliggend gebruik per "
    "hoofd, zonder toeval. Gebieden met andere grenzen zijn niet gevolgd.",
    en="The years {years} were fitted as one model ({effects}): each year has a folder of results, and the change "
    "between years stands in the tables called 'change'. A change is of underlying use per head, without chance. Areas "
    "with other boundaries are not followed.",
)
EFFECTS = {
    "walk": Label(nl="elk jaar dicht bij het vorige", en="each year near the one before it"),
    "independent": Label(nl="onafhankelijke jaren", en="independent years"),
}


def write_years(
    fitted: YearsFit, folder: str | Path, *, force: bool = False, accept_unconverged: bool = False
) -> tuple[Path, ...]:
    """Write the results of several years into one folder, whole or not at all.

    The folder holds what `write_results` writes of each year, in a folder named after it; and of the areas and of each
    level the change from the first year to the last and between the last two (`change_wijken_2022_2024.csv`), and use
    in each year (`trend_wijken.csv`), as csv for code and for Dutch Excel; and where matplotlib is installed pictures
    of both.

    Parameters
    ----------
    fitted : YearsFit
    folder : str or Path
        The folder to make.
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
    ConvergenceError
        The draws did not converge, and that is not accepted.
    OutputError
        The folder exists and may not be replaced, or the disk refuses.

    Examples
    --------
    >>> from bayesmodel import fit_years, write_years
    >>> write_years(fit_years(counts), "years")  # doctest: +SKIP
    """
    last = fitted[fitted.years[-1]]
    notes = [*_notes(fitted, last.study.report.language), *change(fitted[fitted.years[0]], last).notes()]
    return write_joint(
        fitted, fitted.joint, _tables(fitted), notes, folder, force=force, accept_unconverged=accept_unconverged
    )


def _tables(fitted: YearsFit) -> Iterator[JointTable]:
    """Yield the tables of changes and of use in each year."""
    language = fitted[fitted.years[-1]].study.report.language
    for stem, change_of in changes(fitted):
        yield JointTable(stem, change_of, change_table(change_of, language), change_columns(change_of))
    for stem, trend_of in trends(fitted):
        yield JointTable(stem, trend_of, trend_table(trend_of), trend_columns(trend_of))


def changes(fitted: YearsFit) -> Iterator[tuple[str, Change]]:
    """Yield the change of areas and of each level, over all years and over the last one, each with a name for files."""
    years = fitted.years
    for first, last in dict.fromkeys([(years[0], years[-1]), *list(pairwise(years))[-1:]]):
        for name in (fitted.joined.area, *fitted[last].study.level_names):
            yield f"change_{file_name(name)}_{first}_{last}", change(fitted[first], fitted[last], name)


def trends(fitted: YearsFit) -> Iterator[tuple[str, Trend]]:
    """Yield use in each year, of everybody and of each level, each with a name for files."""
    yield "trend", trend(fitted)
    for level in fitted[fitted.years[-1]].study.level_names:
        yield f"trend_{file_name(level)}", trend(fitted, level)


def _notes(fitted: YearsFit, language: Language) -> list[str]:
    """Return what readers must be told."""
    years, effects = ", ".join(map(str, fitted.years)), EFFECTS[fitted.joint.provenance[YEARS]["effects"]]
    with speaking(language):
        return [ABOUT[language].format(years=years, effects=effects[language]), *fitted.joined.notes]
