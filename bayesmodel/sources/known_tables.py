"""The tables that can be fetched, by purpose and year: data in a file, which a user's own file extends or overrides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from bayesmodel.errors import Fault, StudyError, UnknownNameError, UnknownTableError
from bayesmodel.files import not_a_file, shortened
from bayesmodel.messages import _, language
from bayesmodel.sources.cbs import Protocol
from bayesmodel.study.parts import Label, Part
from bayesmodel.study.toml_file import expected

BUILT_IN = Path(__file__).parent / "sources.toml"
Year = Annotated[int, Field(ge=1900, le=2100)]


class Choice(Part):
    """The code to select in a dimension, whose name may differ between years."""

    dimension: tuple[str, ...]
    code: str


class Purpose(Part):
    """The purpose of a kind of table, the names of its columns, and the conditions it must meet."""

    label: Label
    publisher: str = "CBS"
    years: tuple[Year, Year] = Field(description="first and last year that there may be a table of")
    regions: tuple[str, ...] = Field(default=(), description="names that the dimension of areas had")
    prefixes: tuple[str, ...] = Field(default=(), description="what codes of the areas wanted begin with")
    select: tuple[Choice, ...] = ()
    columns: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="names that a column had, without its number, by what it is"
    )
    least_areas: Annotated[int, Field(ge=0)] = Field(default=0, description="areas that a whole table has at least")


class Tables(Part):
    """Identifiers of the tables of a purpose, by year."""

    purpose: str
    ids: dict[Year, str]
    protocol: Protocol = "auto"
    provisional: tuple[Year, ...] = ()


class ShapeSource(Part):
    """Where polygons are served, by year, and how their properties are called."""

    purpose: str = "grenzen"
    label: Label
    protocol: Literal["wfs", "ogc-features"] = "wfs"
    url: str = Field(description="address of the service, with {year} where the year stands in it")
    layers: dict[Year, str] = Field(description="name of the layer or collection of each year")
    code: str = "wijkcode"
    name: str = "wijknaam"
    where: dict[str, str] = Field(default_factory=dict, description="property and the value to keep")
    least_areas: Annotated[int, Field(ge=0)] = Field(default=0, description="areas that a whole layer has at least")

    def label_of(self, layer: str) -> str:
        """Return what a layer is called in messages."""
        return f"{self.label[language()]}: {layer}"


class DeterminantSource(Part):
    """A determinant made from one column of KWB, or from one column as a percentage of another."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Label
    block: str | None = None
    column: str
    group: str = Field(default="", description="group of columns it stands in, where several have such a column")
    share_of: str | None = None
    years: tuple[Year, Year] = Field(default=(1900, 2100), description="first and last year that KWB has it")
    transform: Literal["none", "log", "sqrt", "logit"] = "none"


class PublishedAs(Part):
    """How counts of purposes are hidden and rounded in a run of years, by whom that is said, and what shares are of."""

    purposes: tuple[str, ...]
    years: tuple[Year, Year] = (1900, 2100)
    hidden_below: Annotated[int, Field(ge=0)]
    rounded_to: Annotated[int, Field(ge=1)] = 1
    percentages: Literal["counts", "rounded counts", "not known"] = Field(
        default="not known", description="what published percentages are computed from"
    )
    source: Label = Field(description="where the publisher says so, or what it is inferred from")

    @property
    def rule(self) -> dict[str, int]:
        """Keys of `[publication]` in a study."""
        return {"hidden_below": self.hidden_below, "rounded_to": self.rounded_to}


class StudySource(Part):
    """What a study of a purpose counts, over whom, and with which determinants."""

    count_label: Label
    population_label: Label
    population_name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    population: tuple[str, ...]
    count_in_kwb: tuple[str, ...] = ()
    kwb_years: tuple[Year, Year] = Field(default=(2100, 2100), description="years in which KWB has that count")
    determinants: str
    without: tuple[str, ...] = Field(default=(), description="determinants of the set that are themselves the outcome")
    subtotals: tuple[tuple[str, ...], ...] = Field(
        default=(), description="columns of the table of counts that add up to the count, such as its ages"
    )


class Registry(Part):
    """All tables that can be fetched.

    Examples
    --------
    >>> registry = read_registry()
    >>> registry.identifier("jeugdhulp", 2017), registry.known_years("jeugdhulp")[:3]
    ('83782NED', (2015, 2016, 2017))
    """

    purposes: dict[str, Purpose] = Field(default_factory=dict)
    tables: tuple[Tables, ...] = ()
    shapes: tuple[ShapeSource, ...] = ()
    studies: dict[str, StudySource] = Field(default_factory=dict)
    publications: tuple[PublishedAs, ...] = ()
    determinants: dict[str, tuple[DeterminantSource, ...]] = Field(default_factory=dict)
    blocks: dict[str, Label] = Field(default_factory=dict)

    def purpose(self, name: str) -> Purpose:
        """Return a purpose.

        Raises
        ------
        UnknownNameError
            There is none of that name.
        """
        if name not in self.purposes:
            note = _("All of them: bayesmodel fetch --list.")
            raise UnknownNameError(_("subject"), str(name), self.purposes, note)
        return self.purposes[name]

    def identifiers(self, purpose: str) -> dict[int, str]:
        """Return the identifiers of a purpose by year; later tables override earlier ones."""
        found = {
            year: table for tables in self.tables if tables.purpose == purpose for year, table in tables.ids.items()
        }
        return dict(sorted(found.items()))

    def known_years(self, purpose: str) -> tuple[int, ...]:
        """Return the years for which a table is known."""
        return tuple(self.identifiers(purpose))

    def unknown_years(self, purpose: str) -> tuple[int, ...]:
        """Return the years for which a table may exist but none is known."""
        first, last = self.purpose(purpose).years
        return tuple(sorted(set(range(first, last + 1)) - {*self.known_years(purpose), *self.shape_years(purpose)}))

    def shapes_of(self, year: int, purpose: str = "grenzen") -> ShapeSource | None:
        """Return where polygons of a year are served, by the last address given; None where none is known."""
        return next((each for each in self.shapes[::-1] if each.purpose == purpose and year in each.layers), None)

    def shape_years(self, purpose: str) -> tuple[int, ...]:
        """Return the years of which polygons are served."""
        return tuple(sorted({year for each in self.shapes if each.purpose == purpose for year in each.layers}))

    def study_years(self, purpose: str) -> tuple[int, ...]:
        """Return the years for which a complete study can be made: with a count, and KWB of the same year."""
        if purpose not in self.studies:
            return ()
        first = self.purpose(purpose).years[0]
        own = self.known_years(purpose) if "count" in self.purpose(purpose).columns else ()
        begin, end = self.studies[purpose].kwb_years
        years = (year for year in self.known_years("kwb") if year >= first)
        return tuple(year for year in years if begin <= year <= end or year in own)

    def identifier(self, purpose: str, year: int) -> str | None:
        """Return the identifier of a table; None if none is known."""
        return self.identifiers(purpose).get(year)

    def need(self, purpose: str, year: int) -> str:
        """Return the identifier of a table.

        Raises
        ------
        UnknownNameError
            There is no such purpose.
        UnknownTableError
            No table of that year is known; the message lists the known years and how to supply a table.
        """
        label = self.purpose(purpose).label
        found = self.identifier(purpose, year)
        if found is not None:
            return found
        known = self.known_years(purpose)
        head = _("No table is known for {purpose} in {year} ({label}).")
        text = [head.format(purpose=purpose, year=year, label=label[language()])]
        text += [_("Known years: {years}.").format(years=in_runs(known)) if known else _("None of any year is known.")]
        if years := self.study_years(purpose):
            text.append(_("A whole study can be made of {years}.").format(years=in_runs(years)))
        if purpose in self.studies and self.studies[purpose].kwb_years[0] <= year:
            alone = _("For a study of {year} the table of key figures is enough: --table kwb=IDENTIFIER.")
            text.append(alone.format(year=year))
        advice = _(
            "If you know its identifier at CBS, give it: --table {purpose}=IDENTIFIER, or in a file with --sources."
        )
        raise UnknownTableError(" ".join([*text, advice.format(purpose=purpose)]))

    def publication_of(self, purpose: str, year: int | None) -> PublishedAs | None:
        """Return how counts of a purpose are published in a year; the last that fits, None where nothing is known.

        Examples
        --------
        >>> read_registry().publication_of("wmo", 2021).rule
        {'hidden_below': 8, 'rounded_to': 5}
        """
        fitting = [
            each
            for each in self.publications
            if purpose in each.purposes and (year is None or each.years[0] <= year <= each.years[1])
        ]
        return fitting[-1] if fitting else None

    def determinants_of(self, purpose: str, year: int) -> tuple[DeterminantSource, ...]:
        """Return the determinants of a study of a purpose that KWB has in that year."""
        study = self.studies[purpose]
        every = [entry for entry in self.determinants[study.determinants] if entry.name not in study.without]
        return tuple(entry for entry in every if entry.years[0] <= year <= entry.years[1])

    def protocol(self, purpose: str, year: int) -> Protocol:
        """Return the protocol in which a table is requested."""
        chosen = [entry.protocol for entry in self.tables if entry.purpose == purpose and year in entry.ids]
        return chosen[-1] if chosen else "auto"

    def with_table(self, purpose: str, year: int, table: str) -> Registry:
        """Return the registry with one more table."""
        self.purpose(purpose)
        return self.model_copy(update={"tables": (*self.tables, Tables(purpose=purpose, ids={year: table}))})

    def provisional_years(self, purpose: str) -> tuple[int, ...]:
        """Return the years for which the table is known to be provisional."""
        return tuple(year for entry in self.tables if entry.purpose == purpose for year in entry.provisional)


def read_registry(own: Path | None = None) -> Registry:
    """Read the tables that can be fetched.

    Parameters
    ----------
    own : Path, optional
        A file of the user. Its tables override those of the package for the same year; its purposes, studies, sets of
        determinants and blocks override those of the same name.

    Returns
    -------
    Registry

    Raises
    ------
    StudyError
        The file does not exist, is not TOML, or has invalid keys or values, which are all reported at once.
    """
    built_in = _built_in()
    if own is None:
        return built_in
    added = _checked(_toml(own), own)
    named = ("purposes", "studies", "determinants", "blocks")
    joined = {name: {**getattr(built_in, name), **getattr(added, name)} for name in named}
    listed = {
        "tables": (*built_in.tables, *added.tables),
        "shapes": (*built_in.shapes, *added.shapes),
        "publications": (*built_in.publications, *added.publications),
    }
    return built_in.model_copy(update={**joined, **listed})


@cache
def _built_in() -> Registry:
    """Return the registry of the package."""
    return Registry.model_validate(tomllib.loads(BUILT_IN.read_text("utf-8")))


def _toml(path: Path) -> dict[str, Any]:
    """Read a file of sources as TOML."""
    shown, subject = shortened(path), _("The file of sources")
    if what := not_a_file(path):
        raise StudyError(subject, [Fault(shown, what, _("a file of sources"))])
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        found = _("something that is no TOML ({why})").format(why=shortened(error))
        raise StudyError(subject, [Fault(shown, found, _("a TOML file"))]) from None


def _checked(values: Mapping[str, Any], path: Path) -> Registry:
    """Make a registry from the contents of a file."""
    try:
        return Registry.model_validate(values)
    except ValidationError as error:
        faults = [_fault(dict(item)) for item in error.errors(include_url=False)]
        raise StudyError(_("The file of sources {path}").format(path=shortened(path)), faults) from None


def _fault(item: Mapping[str, Any]) -> Fault:
    """Turn a validation error into a fault with advice."""
    where = ".".join(str(part) for part in item["loc"])
    match item["type"]:
        case "extra_forbidden":
            return Fault(where, _("a key that sources do not have"), _("a known key"))
        case "missing":
            return Fault(where, _("nothing"), _("a value"), _("Add this key."))
        case _:
            return Fault(where, shortened(repr(item["input"])), expected(item))


def in_runs(years: tuple[int, ...], provisional: tuple[int, ...] = ()) -> str:
    """Return years as text: consecutive years as a range, provisional ones separately and with an asterisk.

    Examples
    --------
    >>> in_runs((2015, 2016, 2017, 2021, 2025), provisional=(2025,))
    '2015-2017, 2021, 2025*'
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1 and not {year, runs[-1][-1]} & set(provisional):
            runs[-1].append(year)
        else:
            runs.append([year])
    written = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    return ", ".join(f"{text}*" if run[0] in provisional else text for run, text in zip(runs, written, strict=True))
