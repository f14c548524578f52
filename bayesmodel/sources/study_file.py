"""The study of a fetched table as `study.toml`: complete, with the provenance of everything as comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bayesmodel.errors import listed
from bayesmodel.messages import _, language
from bayesmodel.sources.known_tables import Registry
from bayesmodel.sources.study_table import NOT_DELIVERED, StudyTable
from bayesmodel.study.parts import Label
from bayesmodel.study.toml_file import QUESTION, toml_value

WIJKEN = "wijken.csv"
"""File name of the table, next to the study."""
POLYGONS = "wijken.geojson"
"""File name of the polygons of the wijken, next to the study."""
LEVELS = {
    "gemeente": Label(nl="gemeente", en="municipality"),
    "jeugdzorgregio": Label(nl="jeugdzorgregio", en="youth-care region"),
}
"""Levels in which wijken lie, the finest first."""


def study_text(purpose: str, year: int, table: StudyTable, registry: Registry) -> str:
    """Return the study of a fetched table as TOML, with its provenance.

    Parameters
    ----------
    purpose : str
        What is counted.
    year : int
        Year of the counts and of the boundaries.
    table : StudyTable
        The table, stored as ``wijken.csv`` next to the study.
    registry : Registry
        Labels of the purpose, and how its counts are published.

    Returns
    -------
    str
    """
    source = registry.studies[purpose]
    hidden, missing = (["."], ["", NOT_DELIVERED]) if table.tells_hidden else (["", "."], [NOT_DELIVERED])
    labels = {"count": source.count_label.model_dump(), "population": source.population_label.model_dump()}
    columns = {"area": "wijk_code", "area_name": "wijk_naam", "count": purpose, "population": source.population_name}
    parts = [
        _head(purpose, year, table),
        _part(name=f"{purpose}-{year}", area="wijk"),
        _part("[outcome]", **labels, year=year, vintage=year),
        _comment(_("Rows of gemeenten stay in: they are read as totals, which say how many people are in no wijk.")),
        _part("[[tables]]", path=WIJKEN, key="wijk_code", code="wijk", keep="codes"),
        *([_part("[boundaries]", path=POLYGONS, code="wijk_code", vintage=year)] if table.shapes is not None else []),
        _part("[columns]", **columns),
        *_levels(table),
        _published(purpose, year, table, registry),
        _part("[publication]", **_rule(purpose, year, registry), hidden_symbols=hidden, missing_symbols=missing),
        *_delivery(table),
        *_determinants(table, source.determinants, registry),
    ]
    return "\n\n".join(parts) + "\n"


def _levels(table: StudyTable) -> Iterator[str]:
    """Yield the levels in which wijken lie, the finest first."""
    names = [name for name in LEVELS if f"{name}_code" in table.frame]
    for name, within in zip(names, [*names[1:], None], strict=True):
        nested = {} if within is None else {"within": within}
        column = {"column": f"{name}_code", "name_column": f"{name}_naam"}
        yield _part("[[levels]]", name=name, **column, **nested, label=LEVELS[name].model_dump())


def _delivery(table: StudyTable) -> Iterator[str]:
    """Yield which gemeenten delivered nothing, if any."""
    if not table.not_delivered:
        return
    reason = _("their own row has no count, so that empty cells of their areas are not hidden but absent: {names}")
    names = table.frame.set_index("wijk_code")["wijk_naam"]
    named = listed([f"{code} {names[code]}" for code in table.not_delivered])
    yield "\n".join([
        "[delivery]",
        _comment(_("CHECK: {reason}").format(reason=reason.format(names=named))),
        _part(none=list(table.not_delivered)),
    ])  # fmt: skip


def _determinants(table: StudyTable, chosen: str, registry: Registry) -> Iterator[str]:
    """Yield the blocks of the determinants, and the determinants."""
    blocks = [name for name in registry.blocks if name in {determinant.block for determinant in table.determinants}]
    for name in blocks:
        yield _part("[[blocks]]", name=name, label=registry.blocks[name].model_dump())
    message = _("Determinants: the set {name}. Take out what is itself a result of what is counted.")
    yield _comment(message.format(name=chosen))
    for determinant in table.determinants:
        block = {"block": determinant.block} if determinant.block in blocks else {}
        label = determinant.label.model_dump()
        yield _part("[[determinants]]", column=determinant.name, label=label, **block, transform=determinant.transform)


def _head(purpose: str, year: int, table: StudyTable) -> str:
    """Return the comment on the origin of the study and how to use it."""
    made_by = _("Fetched by: bayesmodel fetch {purpose} --year {year}. Source: CBS, licence CC BY 4.0.")
    lines = [
        made_by.format(purpose=purpose, year=year),
        *(text for source in table.tables for text in source.sentences()),
        *table.notes,
        _("Look at it first with: bayesmodel check-data study.toml, then: bayesmodel run study.toml."),
    ]
    return _comment(*lines)


def _rule(purpose: str, year: int, registry: Registry) -> dict[str, Any]:
    """Return how counts are rounded and hidden; a question where nothing is known of it."""
    published = registry.publication_of(purpose, year)
    return {"hidden_below": QUESTION} if published is None else dict(published.rule)


def _published(purpose: str, year: int, table: StudyTable, registry: Registry) -> str:
    """Return the comment on how symbols are interpreted, and why."""
    published = registry.publication_of(purpose, year)
    reason = _("below which count does the publisher hide, and to what are counts rounded?")
    if published is not None:
        reason = _("rounded and hidden by: {source}. Other years may differ.").format(
            source=published.source[language()]
        )
    lines = [
        (_("QUESTION: {reason}") if published is None else _("CHECK: {reason}")).format(reason=reason),
        _("A dot is read as secret; CBS writes one for what is unknown or unreliable as well."),
    ]
    if table.tells_hidden:
        lines.append(_("An empty cell cannot occur by CBS's own words; it is read as not known."))
    else:
        lines.append(_("This service leaves out secret cells and others alike: an empty cell is read as secret."))
    lines.append(_("{symbol} stands where the table of counts has no row of a wijk.").format(symbol=NOT_DELIVERED))
    return _comment(*lines)


def _comment(*lines: str) -> str:
    """Return lines as comments."""
    return "\n".join(f"# {line}" for text in lines for line in text.splitlines())


def _part(header: str = "", /, **items: Any) -> str:
    """Return TOML keys under a header."""
    return "\n".join([*filter(None, [header]), *(f"{key} = {toml_value(value)}" for key, value in items.items())])
