"""The study of a table that was fetched, as `study.toml`: complete, with where everything came from as comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bayesmodel.messages import _, language
from bayesmodel.sources.known_tables import Registry
from bayesmodel.sources.study_table import NOT_DELIVERED, StudyTable
from bayesmodel.study.parts import Label
from bayesmodel.study.toml_file import QUESTION, toml_value

WIJKEN = "wijken.csv"
"""The table, beside the study."""
LEVELS = {
    "gemeente": Label(nl="gemeente", en="municipality"),
    "jeugdzorgregio": Label(nl="jeugdzorgregio", en="youth-care region"),
}
"""What wijken lie in, the finest first."""


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
    hidden, missing = (["."], ["", NOT_DELIVERED]) if made.tells_hidden else (["", "."], [NOT_DELIVERED])
    labels = {"count": source.count_label.model_dump(), "population": source.population_label.model_dump()}
    columns = {"area": "wijk_code", "area_name": "wijk_naam", "count": purpose, "population": source.population_name}
    parts = [
        _head(purpose, year, made),
        _part(name=f"{purpose}-{year}", area="wijk"),
        _part("[outcome]", **labels, year=year, vintage=year),
        _comment(_("Rows of gemeenten stay in: they are read as totals, which say how many people are in no wijk.")),
        _part("[[tables]]", path=WIJKEN, key="wijk_code", code="wijk", keep="codes"),
        _part("[columns]", **columns),
        *_levels(made),
        _published(purpose, year, made, registry),
        _part("[publication]", **_rule(purpose, year, registry), hidden_symbols=hidden, missing_symbols=missing),
        *_determinants(made, source.determinants, registry),
    ]
    return "\n\n".join(parts) + "\n"


def _levels(made: StudyTable) -> Iterator[str]:
    """Yield what wijken lie in, the finest first."""
    names = [name for name in LEVELS if f"{name}_code" in made.frame]
    for name, within in zip(names, [*names[1:], None], strict=True):
        nested = {} if within is None else {"within": within}
        column = {"column": f"{name}_code", "name_column": f"{name}_naam"}
        yield _part("[[levels]]", name=name, **column, **nested, label=LEVELS[name].model_dump())


def _determinants(made: StudyTable, chosen: str, registry: Registry) -> Iterator[str]:
    """Yield the blocks that determinants are in, and the determinants."""
    blocks = [name for name in registry.blocks if name in {each.block for each in made.determinants}]
    for name in blocks:
        yield _part("[[blocks]]", name=name, label=registry.blocks[name].model_dump())
    said = _("Determinants: the set {name}. Take out what is itself a result of what is counted.")
    yield _comment(said.format(name=chosen))
    for each in made.determinants:
        block = {"block": each.block} if each.block in blocks else {}
        label = each.label.model_dump()
        yield _part("[[determinants]]", column=each.name, label=label, **block, transform=each.transform)


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


def _rule(purpose: str, year: int, registry: Registry) -> dict[str, Any]:
    """Return how counts are rounded and hidden; a question where nothing is known of it."""
    published = registry.publication_of(purpose, year)
    return {"hidden_below": QUESTION} if published is None else dict(published.rule)


def _published(purpose: str, year: int, made: StudyTable, registry: Registry) -> str:
    """Write what symbols were taken for, and why."""
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
    if made.tells_hidden:
        lines.append(_("An empty cell cannot occur by CBS's own words; it is read as not known."))
    else:
        lines.append(_("This service leaves out secret cells and others alike: an empty cell is read as secret."))
    lines.append(_("{symbol} stands where the table of counts has no row of a wijk.").format(symbol=NOT_DELIVERED))
    return _comment(*lines)


def _comment(*lines: str) -> str:
    """Write lines as comments."""
    return "\n".join(f"# {line}" for text in lines for line in text.splitlines())


def _part(header: str = "", /, **items: Any) -> str:
    """Write keys of TOML under a header."""
    return "\n".join([*filter(None, [header]), *(f"{key} = {toml_value(value)}" for key, value in items.items())])
