"""The parts of a study: small frozen values, one for each table of `study.toml`."""

from __future__ import annotations

import codecs
import warnings
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bayesmodel.files import shortened
from bayesmodel.messages import Language, _

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="lower case letters, digits and _")]
Share = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
FamilyName = Literal["binomial", "beta-binomial", "negative-binomial", "poisson", "normal-share"]


def _may_be_true(kind: Any) -> bool:
    """Whether a value of a kind may be true or false."""
    return kind is bool or any(_may_be_true(part) for part in get_args(kind))


class Part(BaseModel):
    """A frozen part of a study that accepts no unknown key, and no number that is infinite or none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _true_is_no_number(cls, values: Any) -> Any:
        for key, value in values.items() if isinstance(values, dict) else ():
            field = cls.model_fields.get(key)
            if isinstance(value, bool) and field is not None and not _may_be_true(field.annotation):
                found = _("{key} is {value}, which is no number and no text")
                raise ValueError(found.format(key=key, value=str(value).lower()))
        return values


class Label(Part):
    """A text in Dutch and English."""

    nl: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.nl if language == "nl" else self.en


class Outcome(Part):
    """What is counted, over whom, when, and on which boundaries.

    `areas` is what the areas are called together, where they are no wijken, buurten or gemeenten: groups of households,
    say, or schools.
    """

    count: Label
    population: Label
    areas: Label | None = None
    year: Annotated[int, Field(ge=1900, le=2100)]
    vintage: Annotated[int, Field(ge=1900, le=2100, description="year of the boundaries")]


class TableForm(Part):
    """How a table is written, for what cannot be found in the table itself; every key is found out when left out.

    `header_rows` 2 joins a row of headings with the row below it ("Jongeren" over "aantal" is `Jongeren aantal`).
    """

    sheet: str | None = Field(default=None, description="sheet of a spreadsheet")
    header_row: Annotated[int, Field(ge=1, le=1_048_576)] | None = Field(
        default=None, description="row of the (lowest) header"
    )
    header_rows: Annotated[int, Field(ge=1, le=3)] = 1
    separator: Literal[",", ";", "\t", "|"] | None = None
    encoding: str | None = Field(default=None, description="such as utf-8, latin-1, cp1252, cp850")
    decimal: Literal[",", "."] | None = None
    thousands: Literal[".", ",", " ", "none"] | None = None

    @model_validator(mode="after")
    def _readable(self) -> TableForm:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError(_("decimal and thousands are both {mark!r}").format(mark=self.decimal))
        if self.encoding is not None and not is_text_encoding(self.encoding):
            said = _("encoding {name!r} is not known as one of text files; use utf-8, latin-1, cp1252 or cp850")
            raise ValueError(said.format(name=shortened(self.encoding)))
        return self


class TableBridge(Part):
    """How a table of another vintage is brought to the boundaries of the study, where that is asked for.

    `through` "mergers" follows gemeenten that merged, by a table of their `changes`; "areas" divides areas by the parts
    that the polygons `old` and `new` have in common, which is approximate. `finer` holds polygons of smaller areas with
    the people in them in its column `finer_people`: people are then spread as they live there. `sums` are columns of
    counts, `means` columns of means or shares, each with the column of the people it is of.
    """

    through: Literal["mergers", "areas"]
    changes: str | None = Field(default=None, description="file of changes of gemeenten")
    old: str | None = Field(default=None, description="polygons of the vintage of the table")
    new: str | None = Field(default=None, description="polygons of the study; those of `boundaries` when left out")
    finer: str | None = Field(default=None, description="polygons of smaller areas, such as buurten")
    finer_people: str | None = Field(default=None, description="column of the people in them")
    sums: tuple[str, ...] = ()
    means: dict[str, str] = Field(default_factory=dict, description="column, and that of the people it is of")

    @model_validator(mode="after")
    def _complete(self) -> TableBridge:
        needed = {"mergers": self.changes, "areas": self.old}[self.through]
        if needed is None:
            name = {"mergers": "changes", "areas": "old"}[self.through]
            raise ValueError(_("a bridge through {through} needs {name}").format(through=self.through, name=name))
        if (self.finer is None) != (self.finer_people is None):
            raise ValueError(_("finer and finer_people go together"))
        if not self.sums and not self.means:
            raise ValueError(_("say which columns are brought over: sums, means or both"))
        return self


class Table(TableForm):
    """One input table; the first is the base, each other is joined to it.

    `key` is the table's own column of codes, `on` the column it is matched with in what is already joined (the area
    code when left out). `code` says how the codes are to be read: numbers become `WK000300`, `BU00030000` or `GM0003`.
    `keep` "codes" keeps the rows whose key is such a code and leaves totals, units and footnotes out; `where` keeps the
    rows in which a column holds a value, such as one year of several. `vintage` is the year of the boundaries of its
    codes, that of the study when left out: a table of another one is refused, unless `bridge` says how it is brought
    over. The format `dataframe` is that of a study made
    in Python by `Study.from_dataframe`: its table is in memory and in no file.
    """

    path: str
    format: Literal["auto", "csv", "parquet", "spreadsheet", "jeugdhulp-2017-workbook", "dataframe"] = "auto"
    key: str
    on: str | None = None
    code: Literal["text", "wijk", "buurt", "gemeente"] = "text"
    keep: Literal["all", "codes"] = "all"
    where: dict[str, str] = Field(default_factory=dict, description="column and the value to keep")
    columns: tuple[str, ...] | None = Field(default=None, description="columns to take; all when left out")
    vintage: Annotated[int, Field(ge=1900, le=2100)] | None = Field(
        default=None, description="year of the boundaries of its codes"
    )
    bridge: TableBridge | None = None

    @model_validator(mode="after")
    def _kept_by_kind(self) -> Table:
        if self.keep == "codes" and self.code == "text":
            raise ValueError(_('keep = "codes" needs code = "wijk", "buurt" or "gemeente"'))
        if self.bridge is not None and self.vintage is None:
            raise ValueError(_("bridge needs vintage: the year of the boundaries of the table"))
        return self


class BoundaryFile(Part):
    """Polygons of the areas, for maps and for who borders on whom; of the vintage of the study."""

    path: str
    code: str | None = Field(default=None, description="column of codes; found when left out")
    layer: str | None = Field(default=None, description="layer of the file, where it has several")
    where: dict[str, str] = Field(default_factory=dict, description="column and the value to keep, such as water")
    vintage: Annotated[int, Field(ge=1900, le=2100)] | None = Field(
        default=None, description="year of the boundaries; that of the study when left out"
    )


class Example(Part):
    """The built-in invented country, or a small world of the same making."""

    areas: Annotated[int, Field(ge=3, le=10_000_000)] = 2918
    gemeenten: Annotated[int, Field(ge=1)] = 388
    regions: Annotated[int, Field(ge=1)] = 42
    seed: Seed = 2017

    @model_validator(mode="after")
    def _nested(self) -> Example:
        if not self.regions <= self.gemeenten <= self.areas:
            raise ValueError(_("regions <= gemeenten <= areas is needed, so that no gemeente or region is empty"))
        return self


class Columns(Part):
    """Which column of the joined tables is what; the population may be the sum of several, such as ages."""

    area: str
    count: str
    population: str | tuple[str, ...]
    area_name: str | None = None

    @property
    def population_parts(self) -> tuple[str, ...]:
        """The columns that the population is the sum of; one, mostly."""
        return (self.population,) if isinstance(self.population, str) else self.population

    @property
    def population_name(self) -> str:
        """What the population is called in messages and in the joined table."""
        return " + ".join(self.population_parts)

    @model_validator(mode="after")
    def _some_population(self) -> Columns:
        parts = self.population_parts
        if not parts or len(set(parts)) < len(parts):
            raise ValueError(_("population names one column, or several different ones that are added up"))
        return self


PLURALS = {"wijk": "wijken", "buurt": "buurten", "gemeente": "gemeenten", "jeugdzorgregio": "jeugdzorgregios"}
"""Of areas and levels that are called by their usual names."""
SPELLED = {"jeugdzorgregios": "jeugdzorgregio's"}
"""Plurals with an apostrophe, which files are not named with."""


def areas_label(area: str) -> Label:
    """Return what the areas of a study are called together.

    Examples
    --------
    >>> areas_label("wijk").en, areas_label("jeugdzorgregio").nl, areas_label("team").en
    ('wijken', "jeugdzorgregio's", 'areas')
    """
    known = PLURALS.get(area)
    known = SPELLED.get(known, known) if known else None
    return Label(nl=known or "gebieden", en=known or "areas")


class Level(Part):
    """A grouping of the areas with an effect of its own, such as gemeente; `within` names the level it is nested in.

    With `effect` false areas are added up to its groups in the tables, and the model knows nothing of it. A level of
    one group, which can have no effect, is read so.
    """

    name: Name
    column: str
    label: Label | None = None
    name_column: str | None = None
    within: Name | None = None
    effect: bool = Field(default=True, description="whether it has an effect in the model; false: only in tables")


LARGEST_RANDOM = 100
"""Largest base of random rounding: publishers use 3, 5 or 10."""


class Publication(Part):
    """How the publisher hides and rounds (the reader states what each symbol means, nothing is guessed).

    A count is hidden when it is below `hidden_below` and at least `hidden_from`: 1 where zeros are shown. `hidden_when`
    says whether that test is made on the raw count or on the rounded one. `rounded_to` 5 publishes 10 for 8..12. With
    `rounding` "random" 10 stands for 6..14: a count is rounded up or down to a multiple, to one with the probability by
    which it lies nearer to it, so that 8 is published as 10 with probability 3/5 and as 5 with 2/5. With
    `raised_from` 8 and `hidden_below` 10 a count of 8 or 9 is published as 10, and hidden stands for 0..7. An
    empty cell means nothing by itself: `hidden_symbols = [""]` or `missing_symbols = [""]` says what it is.

    A cell with one of `secondary_symbols` is hidden only to protect another one, so that its count need not be small:
    it is anything from `secondary_from` up to everyone, or below `secondary_below` where that is given.
    """

    hidden_below: Annotated[int, Field(ge=0, le=1_000_000)] = 10
    hidden_from: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    hidden_when: Literal["before rounding", "after rounding"] = "before rounding"
    rounded_to: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    rounding: Literal["nearest", "random"] = "nearest"
    raised_from: Annotated[int, Field(ge=0, le=1_000_000, description="0: none are raised")] = 0
    hidden_symbols: tuple[str, ...] = ()
    missing_symbols: tuple[str, ...] = ()
    zero_symbols: tuple[str, ...] = ()
    secondary_symbols: tuple[str, ...] = ()
    secondary_from: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    secondary_below: Annotated[int, Field(ge=0, le=1_000_000, description="0: up to everyone")] = 0

    @model_validator(mode="after")
    def _one_meaning(self) -> Publication:
        symbols = [*self.hidden_symbols, *self.missing_symbols, *self.zero_symbols, *self.secondary_symbols]
        twice = sorted({repr(symbol) for symbol in symbols if symbols.count(symbol) > 1})
        if twice:
            raise ValueError(_("each symbol has one meaning; given twice: {symbols}").format(symbols=", ".join(twice)))
        if self.secondary_below and self.secondary_from >= self.secondary_below:
            none = _("secondary_from {first} leaves no count below secondary_below {below}")
            raise ValueError(none.format(first=self.secondary_from, below=self.secondary_below))
        if self.hidden_from and self.hidden_from >= self.hidden_below:
            empty = _("hidden_from {first} leaves nothing to hide below hidden_below {below}")
            raise ValueError(empty.format(first=self.hidden_from, below=self.hidden_below))
        if self.raised_from and not (self.hidden_from < self.raised_from < self.hidden_below and self.rounded_to == 1):
            wrong = _("raised_from {raised} needs hidden_from < raised_from < hidden_below, and rounded_to 1")
            raise ValueError(wrong.format(raised=self.raised_from))
        if self.rounding == "random" and not 2 <= self.rounded_to <= LARGEST_RANDOM:
            base = _('rounding "random" needs rounded_to of 2 to {largest}, such as 3 or 5')
            raise ValueError(base.format(largest=LARGEST_RANDOM))
        if self.hidden_from and self.hidden_when == "before rounding" and self._split() is not None:
            split = _(
                "{number} would be shown for counts below hidden_from {first} and from hidden_below {below} on, and "
                "not for those between: no publisher says so; look at hidden_from, hidden_below and rounded_to"
            )
            said = split.format(number=self._split(), first=self.hidden_from, below=self.hidden_below)
            raise ValueError(said)
        return self

    def _split(self) -> int | None:
        """Return the first number that is shown for counts below the hidden ones as well as above these, if any."""
        to, below, above = self.rounded_to, self.hidden_from - 1, self.hidden_below
        if self.rounding == "random":
            at = -(-below // to) * to  # the highest multiple that the one is rounded to, the lowest of the other
            return at if at >= above // to * to else None
        return (below + to // 2) // to * to if (below + to // 2) // to == (above + to // 2) // to else None


class Totals(Part):
    """What is done with published totals of groups, such as the row of a gemeente among those of its wijken.

    People whose address is not known are counted in the gemeente and in no wijk. With `unplaced` "estimated" the share
    of them differs per group and is learned from all groups with a total; "none" says that areas add up to their total
    exactly; a number is that share itself, known and the same everywhere. Hidden and rounded counts are then drawn
    together, given the total, and figures of a group are about everybody in it. With `use` false figures of a group
    are of its areas together, and totals only tell how many people those miss.
    """

    use: bool = True
    unplaced: Literal["estimated", "none"] | Share = "estimated"


class Exclusion(Part):
    """Areas left out of the study: those whose `column` is at most `at_most`."""

    column: str
    at_most: float


class Block(Part):
    """A named group of determinants; `direction` is one of the five directions of explanation."""

    name: Name
    label: Label
    direction: Literal["statistical", "cultural", "economic", "policy", "institutional"] | None = None


class HiddenShare(Part):
    """A determinant that is a share, and is not published where it counts fewer than `below`.

    Of an area without a value it is then known that the share is at most `per` times (`below` - 1) over the number it
    is a share of: that in column `of`, or that of `share_of`, or the population. `per` is 100 for a percentage.
    """

    below: Annotated[int, Field(ge=2)]
    of: str | None = None
    per: Positive = 100.0


class Determinant(Part):
    """A trait of the area, or of the gemeente it lies in, that may explain use.

    With `share_of` the column holds numbers of people or things, and the determinant is the percentage they are of the
    numbers in that other column, 0 to 100.
    `transform` is applied to the raw value: `logit` reads a percentage 0 to 100 and uses log((x + 0.5) / (100.5 - x)).
    `missing_symbols` are read as not known, beside an empty cell. `bounds` are what a missing value is known to lie
    between, in the units of the column; `hidden` says that a missing value is a share that was hidden because it counts
    few, which bounds it in each area. A `curved` determinant is in the model with its square too.
    """

    column: str
    label: Label | None = None
    block: Name | None = None
    level: Name | None = Field(default=None, description="level it is measured at; the area when left out")
    share_of: str | None = Field(default=None, description="column of the number that it is a share of")
    transform: Literal["none", "log", "sqrt", "logit"] = "none"
    curved: bool = Field(default=False, description="whether its square is in the model too")
    missing_symbols: tuple[str, ...] = (".",)
    bounds: tuple[float, float] | None = None
    hidden: HiddenShare | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Determinant:
        if self.bounds is not None and not self.bounds[0] < self.bounds[1]:
            raise ValueError(_("bounds are a lower and a higher number"))
        if self.bounds is not None and self.hidden is not None:
            raise ValueError(_("what a missing value is known of is said by bounds or by hidden: give either"))
        if self.share_of == self.column:
            raise ValueError(_("share_of is another column than the one that is a share of it"))
        return self


class Report(Part):
    """How results are summarised and in which language they speak."""

    language: Language = "nl"
    interval: Share = 0.9
    interval_kind: Literal["equal-tailed", "highest-density"] = "equal-tailed"
    margin: Annotated[float, Field(ge=0, lt=1)] = 0.1
    least_precision: Positive | None = Field(
        default=None,
        description="areas of which the median use over the width of its 95 % interval is less are not ranked",
    )


NOT_OF_FILES = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python from bytes to text that no table is written in, or that differ from one computer to the next."""


def is_text_encoding(name: str) -> bool:
    """Whether a name is that of an encoding of text files.

    Examples
    --------
    >>> [is_text_encoding(name) for name in ("utf-8", "Latin-1", "rot13", "hex", "punycode", "cp1253x")]
    [True, True, False, False, False, False]
    """
    if not name.isascii() or not name.isprintable() or len(name) > 40:
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            found = codecs.lookup(name)
            # what turns bytes into bytes refuses here, what turns text into text as well
            letters = b"wijk;1".decode(name, "ignore")
    except (LookupError, ValueError, TypeError, AttributeError, ImportError, OSError):
        return False
    return isinstance(letters, str) and found.name.replace("_", "-") not in NOT_OF_FILES
