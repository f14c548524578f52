"""The study of a table that was fetched, as `study.toml`: complete, with where everything came from as comments."""

from __future__ import annotations

from typing import Any

from bayesmodel.messages import _
from bayesmodel.scaffold.write_toml import toml_value
from bayesmodel.sources.registry import Registry
from bayesmodel.sources.study_table import NOT_DELIVERED, StudyTable

WIJKEN = "wijken.csv"
"""The table, beside the study."""


def study_text(purpose: str, year: int, made: StudyTable, registry: Registry) -> str:
    """Return the study of a table that was fetched, as TOML with where everything came from.

    Parameters
    ----------
    purpose : str
        What is counted.
    year : int
        Year of the counts and of the boundaries.
    made : StudyTable
        The table, which is ``wijken.csv`` beside the study.
    registry : Registry
        What the purpose is called, and how its counts are published.

    Returns
    -------
    str
    """
    source = registry.studies[purpose]
    rule = source.publication
    hidden, missing = (["."], ["", NOT_DELIVERED]) if made.tells_hidden else (["", "."], [NOT_DELIVERED])
    levels = [("gemeente", "municipality")]
    levels += [("jeugdzorgregio", "youth-care region")] if "jeugdzorgregio_code" in made.frame else []
    blocks = [name for name in registry.blocks if name in {each.block for each in made.determinants}]
    parts = [
        _head(purpose, year, made),
        f'name = "{purpose}-{year}"\narea = "wijk"',
        _part(
            "[outcome]",
            count=source.count_label.model_dump(),
            population=source.population_label.model_dump(),
            year=year,
            vintage=year,
        ),
        _comment(_("Rows of gemeenten stay in: they are read as totals, which say how many people are in no wijk.")),
        _part("[[tables]]", path=WIJKEN, key="wijk_code", code="wijk", keep="codes"),
        _part("[columns]", area="wijk_code", area_name="wijk_naam", count=purpose, population=source.population_name),
        *(
            _part(
                "[[levels]]",
                name=name,
                column=f"{name}_code",
                name_column=f"{name}_naam",
                **({"within": levels[index + 1][0]} if index + 1 < len(levels) else {}),
                label={"nl": name, "en": english},
            )
            for index, (name, english) in enumerate(levels)
        ),
        _published(made),
        _part("[publication]", **rule.model_dump(), hidden_symbols=hidden, missing_symbols=missing),
        *(_part("[[blocks]]", name=name, label=registry.blocks[name].model_dump()) for name in blocks),
        _comment(
            _("Determinants: the set {name}. Take out what is itself a result of what is counted.").format(
                name=source.determinants
            )
        ),
        *(
            _part(
                "[[determinants]]",
                column=each.name,
                label=each.label.model_dump(),
                **({"block": each.block} if each.block in blocks else {}),
                transform=each.transform,
            )
            for each in made.determinants
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _head(purpose: str, year: int, made: StudyTable) -> str:
    """Write where the study came from, and how it is used."""
    made_by = _("Fetched by: bayesmodel fetch {purpose} --year {year}. Source: CBS, licence CC BY 4.0.")
    lines = [
        made_by.format(purpose=purpose, year=year),
        *(text for table in made.tables for text in table.sentences()),
        *made.notes,
        _("Look at it first with: bayesmodel check-data study.toml, then: bayesmodel run study.toml."),
    ]
    return _comment(*lines)


def _published(made: StudyTable) -> str:
    """Write what symbols were taken for, and why."""
    lines = [
        _("CHECK: counts are rounded and small ones secret, as KWB of 2024 explains; other years may differ."),
        _("A dot is read as secret; CBS writes one for what is unknown or unreliable as well."),
    ]
    if made.tells_hidden:
        lines.append(_("An empty cell cannot occur by CBS's own words; it is read as not known."))
    else:
        lines.append(_("This service leaves out secret cells and others alike: an empty cell is read as secret."))
    lines.append(_("{symbol} stands where the table of counts has no row of a wijk.").format(symbol=NOT_DELIVERED))
    return _comment(*lines)


def _comment(*lines: str) -> str:
    """Write lines as comments."""
    return "\n".join(f"# {line}" for line in lines)


def _part(header: str, **items: Any) -> str:
    """Write one table of TOML."""
    return "\n".join([header, *(f"{key} = {toml_value(value)}" for key, value in items.items())])
