"""Tables of CBS recognised by their columns: what is counted, over whom, and the determinants of such a study."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bayesmodel.data.odd_cells import is_broken
from bayesmodel.io.cbs_columns import columns_called, is_cbs, lost_decimals, share_columns
from bayesmodel.io.column_words import is_share, match
from bayesmodel.messages import _, language, number
from bayesmodel.scaffold.candidates import DeterminantProposal
from bayesmodel.scaffold.column_kinds import Column
from bayesmodel.scaffold.roles import Roles
from bayesmodel.sources.known_tables import DeterminantSource, Registry, StudySource

ENOUGH = 4
"""Determinants of a set from which a table is one of key figures."""
CODES = ("-99999999", "-99999999.0", "-99997", "-99995")
"""What stands for not known in attributes of the Wijk- en Buurtkaart and in other files of CBS."""


@dataclass(frozen=True)
class Recognised:
    """What is known of tables by their columns.

    Parameters
    ----------
    subject : str or None
        What is counted, as the registry calls it; None where the counts are not CBS's.
    study : StudySource or None
        What a study of that subject counts, over whom, and explains by what.
    roles : Roles
        With the columns of count and population that follow from it.
    population : tuple of str
        Columns that are added up to the people over whom is counted; none where they are not known.
    determinants : list of DeterminantProposal
        Those of the set; none where the tables hold too few of them.
    subtotals : tuple of tuple of str
        Columns that add up to the count.
    others : dict of str to str
        Other subjects with counts in these tables, and the column of each.
    """

    subject: str | None
    study: StudySource | None
    roles: Roles
    population: tuple[str, ...]
    determinants: list[DeterminantProposal]
    subtotals: tuple[tuple[str, ...], ...]
    others: dict[str, str]


def recognise(roles: Roles, registry: Registry, year: int | None = None, subject: str | None = None) -> Recognised:
    """Recognise what CBS counts in tables, and the determinants of a study of that.

    Parameters
    ----------
    roles : Roles
        What the columns of the joined tables were taken for.
    registry : Registry
        The subjects that are known.
    year : int, optional
        Of the counts: some determinants are of some years only.
    subject : str, optional
        The subject wanted; the first of which there are counts when left out.

    Returns
    -------
    Recognised

    Raises
    ------
    UnknownNameError
        There is no such subject.

    Examples
    --------
    >>> import pandas as pd
    >>> from bayesmodel.scaffold.column_kinds import columns_of
    >>> from bayesmodel.scaffold.roles import roles_of
    >>> from bayesmodel.sources import read_registry
    >>> names = ["gwb_code_10", "a_inw", "a_wmo_t"]
    >>> frame = pd.DataFrame([["WK000300", "90", "10"], ["WK000301", "80", "."]], columns=names)
    >>> found = recognise(roles_of(columns_of(frame)), read_registry())
    >>> found.subject, found.roles.found["count"], found.roles.found["population"]
    ('wmo', 'a_wmo_t', 'a_inw')
    """
    if subject is not None:
        registry.purpose(subject)
    counts = {name: column for name in registry.studies if (column := _count_of(name, roles, registry)) is not None}
    own = roles.found.get("count")
    taken = subject if subject in counts else None
    if subject is None and (own in counts.values() or not _of_users(roles, counts.values())):
        taken = next((name for name, column in counts.items() if column == own), next(iter(counts), None))
    study = None if taken is None else registry.studies[taken]
    people = () if study is None else _people(roles, study)
    if taken is not None and study is not None:
        roles = _with_subject(roles, counts[taken], people, study, registry.purpose(taken).label[language()])
    return Recognised(
        subject=taken,
        study=study,
        roles=roles,
        population=people,
        determinants=_determinants(roles, registry, taken, year),
        subtotals=() if study is None else _subtotals(roles, study),
        others={name: column for name, column in counts.items() if name != taken},
    )


def _of_users(roles: Roles, counts: Iterable[str]) -> bool:
    """Whether a column that is not CBS's may hold the counts."""
    numbers = [each for each in roles.columns if each.kind == "numbers" and each.counts_people]
    fitting = [each for each in numbers if match(each.name, "count") in (0, 1, 2) and not is_share(each.name)]
    return any(each.name not in set(counts) and not is_cbs(each.name) and _filled(each) for each in fitting)


def _count_of(subject: str, roles: Roles, registry: Registry) -> str | None:
    """Return the column with the counts of a subject; None where there is none."""
    names = (*registry.purpose(subject).columns.get("count", ()), *registry.studies[subject].count_in_kwb)
    return _column(roles, names)


def _column(roles: Roles, wanted: Iterable[str]) -> str | None:
    """Return the column that is one of those wanted and is filled most; None where there is none with numbers."""
    names = [each.name for each in roles.columns if each.kind == "numbers" and not is_share(each.name)]
    found = dict.fromkeys(name for each in wanted for name in columns_called(names, each))
    return max(found, key=lambda name: _filled(roles.by_name[name]), default=None)


def _filled(column: Column | None) -> int:
    """Return how many numbers a column holds."""
    return 0 if column is None else int(column.numbers.notna().sum())


def _people(roles: Roles, study: StudySource) -> tuple[str, ...]:
    """Return the columns of the people a subject is counted over, where the table has all and no better own one."""
    own = roles.column("population")
    parts = [name for each in study.population if (name := _column(roles, [each])) is not None]
    of_the_young = own is not None and match(own.name, "population") in (0, 1) and study.subtotals != ()
    return tuple(parts) if len(parts) == len(study.population) and not of_the_young else ()


def _with_subject(roles: Roles, count: str, people: Sequence[str], study: StudySource, label: str) -> Roles:
    """Return roles with the count of a subject, and the people it is over where the table has them."""
    found, reasons = {**roles.found, "count": count}, {**roles.reasons, "count": _("CBS: {label}").format(label=label)}
    if people:
        found["population"] = " + ".join(people)
        reasons["population"] = _("CBS: {label}").format(label=study.population_label[language()])
    return Roles(roles.columns, found, reasons)


def _subtotals(roles: Roles, study: StudySource) -> tuple[tuple[str, ...], ...]:
    """Return the columns that add up to the count, of those that are all there."""
    sets = [[_column(roles, [name]) for name in each] for each in study.subtotals]
    return tuple(tuple(name for name in each if name is not None) for each in sets if None not in each)


def _determinants(roles: Roles, registry: Registry, subject: str | None, year: int | None) -> list[DeterminantProposal]:
    """Return the determinants of the set that the tables hold; none where they are too few to be key figures."""
    of = subject or next(iter(registry.studies))
    sources = registry.determinants[registry.studies[of].determinants]
    sources = sources if year is None else registry.determinants_of(of, year)
    left = registry.studies[of].without
    found = [
        each for source in sources if source.name not in left and (each := _determinant(roles, source)) is not None
    ]
    return found if len(found) >= ENOUGH else []


def _determinant(roles: Roles, source: DeterminantSource) -> DeterminantProposal | None:
    """Return a determinant as the tables have it: a column and what it is a share of, or the share itself."""
    column = _column(roles, [source.column]) or _numbers_of(roles, columns_called(roles.by_name, source.column))
    whole = None if source.share_of is None else _column(roles, [source.share_of])
    if source.share_of is not None and (column is None or whole is None):
        column, whole = _numbers_of(roles, share_columns(roles.by_name, source.column)), None
    if column is None:
        return None
    cells = roles.by_name[column]
    broken = tuple(symbol for symbol in cells.symbols if symbol and is_broken(symbol))
    symbols = [symbol for symbol in cells.symbols if symbol and symbol not in broken]
    symbols += [code for code in CODES if (cells.cells == code).any()]
    against = lost_decimals(column, cells.cells) or _too_few(cells)
    return DeterminantProposal(column, None, tuple(symbols), against, broken, source, whole)


def _numbers_of(roles: Roles, names: Sequence[str]) -> str | None:
    """Return the column of numbers, shares included, that is filled most."""
    numbers = [name for name in names if roles.by_name[name].kind == "numbers"]
    return max(numbers, key=lambda name: _filled(roles.by_name[name]), default=None)


def _too_few(column: Column) -> str:
    """Say that a column is known of too few areas to explain anything."""
    known = column.numbers.where(~column.cells.isin(CODES)).dropna()
    if known.nunique() < 2:
        return _("one value everywhere")
    if len(known) < len(column.cells) / 2:
        missing, every = number(len(column.cells) - len(known)), number(len(column.cells))
        return _("not known in {number} of {all} areas").format(number=missing, all=every)
    return ""
