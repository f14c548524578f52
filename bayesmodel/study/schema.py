"""Study: what is counted, over whom, nested in what, explained by what, sampled how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, PrivateAttr, model_validator

from bayesmodel import html
from bayesmodel.messages import _, number
from bayesmodel.study.model_parts import SPACE, Inference, Model
from bayesmodel.study.parts import (
    Block,
    BoundaryFile,
    Columns,
    Determinant,
    Example,
    Exclusion,
    Label,
    Level,
    Name,
    Outcome,
    Part,
    Publication,
    Report,
    Table,
    Totals,
    areas_label,
)
from bayesmodel.study.published_parts import Bounds, Delivery, Disclosure
from bayesmodel.study.reserved_names import column_problems, name_problems

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Held:
    """A DataFrame that a study holds in memory; equal to itself only."""

    frame: pd.DataFrame


class Study(Part):
    """Everything that is chosen, in one frozen value that travels inside every later one.

    Read it from a file with `read_study`. Nothing else is configured anywhere else.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> study.area, [level.name for level in study.levels]
    ('wijk', ['gemeente', 'jeugdzorgregio'])
    """

    name: Annotated[str, Field(min_length=1)]
    area: Name = "wijk"
    outcome: Outcome
    tables: tuple[Table, ...] = ()
    example: Example | None = None
    boundaries: BoundaryFile | None = None
    columns: Columns
    levels: tuple[Level, ...] = ()
    blocks: tuple[Block, ...] = ()
    determinants: tuple[Determinant, ...] = ()
    publication: Publication = Publication()
    bounds: Bounds = Bounds()
    delivery: Delivery = Delivery()
    disclosure: Disclosure = Disclosure()
    totals: Totals = Totals()
    exclusions: tuple[Exclusion, ...] = ()
    model: Model = Model()
    inference: Inference = Inference()
    report: Report = Report()
    folder: str = Field(default=".", description="folder the table paths are relative to; set when read from a file")
    _held: Held | None = PrivateAttr(default=None)

    @staticmethod
    def from_dataframe(
        frame: pd.DataFrame,
        *,
        count: str,
        population: str,
        area: str,
        year: int | None = None,
        levels: Sequence[str] = (),
        determinants: Sequence[str] = (),
        hidden_below: int = 0,
        settings: Mapping[str, Any] | None = None,
    ) -> Study:
        """Make a study of a DataFrame with one row per area; a `study.toml` says the same of a file.

        Parameters
        ----------
        frame : DataFrame
            One row per area; its index may be one of the columns named.
        count, population, area : str
            Columns: how many people use care, over how many, and the code (or name) of the area.
        year : int, optional
            The year of the counts and of the boundaries; found in a column `year` or `jaar` when left out.
        levels : sequence of str
            Columns of the groups the areas lie in, the finest first; each is nested in the next where the table is.
        determinants : sequence of str
            Columns that may explain use.
        hidden_below : int
            Counts below this are hidden; 0 where all are shown. What stands for a hidden count is said in `settings`.
        settings : mapping, optional
            Every other key of a study, nested as in `study.toml`; laid over what the other arguments say.

        Returns
        -------
        Study
            With the table in memory: `read_areas` and `fit` read it from there.

        Raises
        ------
        StudyError
            A column is not there, the year is not known, or a setting cannot be: all named at once.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"wijk": ["WK000300", "WK000301"], "jeugdhulp": [40, None], "jongeren": [410, 60]})
        >>> columns = {"count": "jeugdhulp", "population": "jongeren", "area": "wijk"}
        >>> hidden = {"publication": {"hidden_symbols": [""]}}
        >>> study = Study.from_dataframe(frame, **columns, year=2021, hidden_below=10, settings=hidden)
        >>> study.area, study.publication.hidden_below
        ('wijk', 10)
        """
        from bayesmodel.study.dataframe import study_from_dataframe

        return study_from_dataframe(
            frame,
            count=count,
            population=population,
            area=area,
            year=year,
            levels=levels,
            determinants=determinants,
            hidden_below=hidden_below,
            settings=settings,
        )

    def with_dataframe(self, frame: pd.DataFrame) -> Study:
        """Return the study with a table in memory, for its table of format `dataframe`."""
        held = self.model_copy()
        held._held = Held(frame.copy())  # as it is now, whatever becomes of it
        return held

    def without_dataframe(self) -> Study:
        """Return the study without its table in memory, as what is read from a file has it."""
        held = self.model_copy()
        held._held = None
        return held

    @property
    def dataframe(self) -> pd.DataFrame | None:
        """The table in memory; None where the study reads files, or was itself read from a file or a saved fit."""
        return None if self._held is None else self._held.frame

    def __repr__(self) -> str:
        lines = (f"  {name}: {value}" for name, value in self._facts().items())
        return "\n".join([_("Study {name}").format(name=self.name), *lines])

    def _repr_html_(self) -> str:
        """Return what was chosen, for a notebook."""
        return html.page(_("Study {name}").format(name=self.name), html.facts(self._facts()))

    def _facts(self) -> dict[str, str]:
        """Return what was chosen, in short."""
        language, outcome = self.report.language, self.outcome
        missing, example = _("none"), _("the built-in invented country")
        return {
            _("counted"): outcome.count[language],
            _("of all"): outcome.population[language],
            _("year"): _("{year}, boundaries of {vintage}").format(year=outcome.year, vintage=outcome.vintage),
            _("areas"): self.area,
            _("levels"): ", ".join(self.level_names) or missing,
            _("determinants"): number(len(self.determinants)),
            _("tables"): ", ".join(table.path for table in self.tables) or example,
            _("family"): self.model.family,
            _("report"): f"{language}, {number(100 * self.report.interval, 'g')}%",
        }

    @property
    def areas_label(self) -> Label:
        """What its areas are called together."""
        return self.outcome.areas or areas_label(self.area)

    @property
    def level_names(self) -> tuple[str, ...]:
        """Names of the levels, as listed."""
        return tuple(level.name for level in self.levels)

    @property
    def effect_names(self) -> tuple[str, ...]:
        """Names of the levels that have an effect in the model, as listed."""
        return tuple(level.name for level in self.levels if level.effect)

    @property
    def random_effects(self) -> tuple[str, ...]:
        """Names of all effects in the model but that of the area itself: of levels, and of space."""
        return self.effect_names if self.model.space is None else (*self.effect_names, SPACE)

    @property
    def effects_within(self) -> dict[str, str | None]:
        """Of each level with an effect the next one up the nesting that has one too, or None."""
        parents = {level.name: level.within for level in self.levels}
        effects, found = set(self.effect_names), dict[str, str | None]()
        for name in self.effect_names:
            parent = parents[name]
            while parent is not None and parent not in effects:
                parent = parents[parent]
            found[name] = parent
        return found

    @property
    def curved(self) -> tuple[int, ...]:
        """Which determinants are curved, by their place."""
        return tuple(place for place, item in enumerate(self.determinants) if item.curved)

    @property
    def columns_of_design(self) -> tuple[str, ...]:
        """Names of the columns of the design: the determinants, and then the squares of curved ones."""
        return (*self.determinant_names, *(f"{self.determinants[place].column}^2" for place in self.curved))

    @property
    def determinant_names(self) -> tuple[str, ...]:
        """Columns of the determinants, as listed."""
        return tuple(determinant.column for determinant in self.determinants)

    @model_validator(mode="after")
    def _consistent(self) -> Study:
        problems = [
            *self._source_problems(),
            *self._vintage_problems(),
            *self._name_problems(),
            *name_problems(self.area, self.level_names),
            *self._column_problems(),
            *self._nesting_problems(),
            *self._space_problems(),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _source_problems(self) -> list[str]:
        if bool(self.tables) == bool(self.example):
            return [_("give either [[tables]] or [example], not both and not neither")]
        return []

    def _space_problems(self) -> list[str]:
        space = self.model.space
        if space is None or space.neighbours is not None or self.boundaries is not None or self.example is not None:
            return []
        return [
            _(
                "model.space: no [boundaries] to find neighbours in; give these, or a csv file of pairs as "
                "model.space.neighbours"
            )
        ]

    def _vintage_problems(self) -> list[str]:
        vintage = self.outcome.vintage
        said = _("{where} is {found}, and outcome.vintage {vintage}: a code belongs to the year of its boundaries")
        stated = {"boundaries.vintage": self.boundaries and self.boundaries.vintage}
        stated |= {"tables[0].vintage": self.tables[0].vintage} if self.tables else {}
        problems = [
            said.format(where=where, found=found, vintage=vintage)
            for where, found in stated.items()
            if found not in (None, vintage)
        ]
        if self.tables and self.tables[0].bridge is not None:
            problems.append(_("tables[0].bridge: the first table says which areas there are, and is not brought over"))
        return problems

    def _name_problems(self) -> list[str]:
        problems = []
        for kind, names in {
            _("level"): [self.area, *self.level_names],
            _("determinant"): self.columns_of_design,
            _("block"): [block.name for block in self.blocks],
        }.items():
            twice = sorted({name for name in names if list(names).count(name) > 1})
            if twice:
                problems.append(_("{kind} named twice: {names}").format(kind=kind, names=", ".join(twice)))
        blocks, levels = {block.name for block in self.blocks}, set(self.level_names)
        for determinant in self.determinants:
            if determinant.block is not None and determinant.block not in blocks:
                problems.append(
                    _("determinant {column}: no [[blocks]] named {block}").format(
                        column=determinant.column, block=determinant.block
                    )
                )
            if determinant.level is not None and determinant.level not in levels:
                problems.append(
                    _("determinant {column}: no [[levels]] named {level}").format(
                        column=determinant.column, level=determinant.level
                    )
                )
        if (self.delivery.none or self.delivery.partial) and self.delivery.level not in levels:
            problems.append(_("delivery: no [[levels]] named {level}").format(level=self.delivery.level))
        problems += [
            _("model.priors.sd_of: {name} is neither the area nor a level").format(name=name)
            for name in self.model.priors.sd_of
            if name not in {self.area, *levels, *self.random_effects}
        ]
        return problems

    def _column_problems(self) -> list[str]:
        columns = self.columns
        others = {
            "columns.area_name": columns.area_name,
            **{f"levels[{i}].name_column": level.name_column for i, level in enumerate(self.levels)},
            **{f"exclusions[{i}].column": exclusion.column for i, exclusion in enumerate(self.exclusions)},
        }
        return column_problems(
            columns.area,
            {
                "columns.count": columns.count,
                **{
                    f"columns.population[{i}]" if len(columns.population_parts) > 1 else "columns.population": name
                    for i, name in enumerate(columns.population_parts)
                },
            },
            {f"levels[{i}].column": level.column for i, level in enumerate(self.levels)},
            {f"determinants[{i}].column": part.column for i, part in enumerate(self.determinants)},
            {key: name for key, name in others.items() if name is not None},
        )

    def _nesting_problems(self) -> list[str]:
        parents = {level.name: level.within for level in self.levels}
        problems = []
        for name, parent in parents.items():
            if parent is not None and parent not in parents:
                problems.append(_("level {name}: within names no level ({parent})").format(name=name, parent=parent))
            seen = {name}
            while parent in parents:
                if parent in seen:
                    problems.append(_("level {name} is nested in itself").format(name=name))
                    break
                seen.add(parent)
                parent = parents[parent]
        return problems
