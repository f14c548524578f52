"""Write docs/reference/study-file.md, the reference of the study file, from its parts. ``make reference`` runs this."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bayesmodel.study import model_parts, parts, published_parts

PARTS = vars(parts) | vars(model_parts) | vars(published_parts)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "study-file.md"
INTRODUCTION = """# The study file

<!-- Made by `make reference` from the parts of a study in bayesmodel/study; a test tells when it is old. -->

One file, `study.toml`, holds every choice: what is counted, over whom, nested in what, explained by what, how it was
published, how it is sampled and reported. Two complete ones are in the folder `data/` of the project; `bayesmodel study
init` writes one from your own tables. Nothing else is configured anywhere else, and an unknown key is an error with a
suggestion.
"""
TABLES = {
    "Outcome": "[outcome]",
    "Columns": "[columns]",
    "Table": "[[tables]]",
    "TableBridge": "[tables.bridge]",
    "BoundaryFile": "[boundaries]",
    "Level": "[[levels]]",
    "Determinant": "[[determinants]]",
    "HiddenShare": "[determinants.hidden]",
    "Block": "[[blocks]]",
    "Publication": "[publication]",
    "Bounds": "[bounds]",
    "Subtotals": "[[bounds.subtotals]]",
    "Percentage": "[[bounds.percentages]]",
    "Delivery": "[delivery]",
    "Disclosure": "[disclosure]",
    "Totals": "[totals]",
    "Exclusion": "[[exclusions]]",
    "Model": "[model]",
    "Space": "[model.space]",
    "Priors": "[model.priors]",
    "CoefficientPrior": "[model.priors.coefficient]",
    "TailPrior": "[model.priors.sd]",
    "Inference": "[inference]",
    "Report": "[report]",
    "Example": "[example]",
}
NAMES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "array": "list",
    "object": "table",
    "boolean": "true or false",
    "null": "",
    "Label": "text in `nl` and `en`",
}
NO_TABLE = {"Part", "Label", "TableForm"}
"""Parts that are no table of their own in the file."""


def page() -> str:
    """Return the reference of the study file as Markdown that reads without a site built of it."""
    known = {name for name, part in PARTS.items() if inspect.isclass(part) and issubclass(part, parts.Part)}
    if known != set(TABLES) | NO_TABLE:
        raise LookupError(f"name these in TABLES of {__file__}: {known ^ (set(TABLES) | NO_TABLE)}")
    return "\n".join([INTRODUCTION, *("\n".join([*_table(*each), ""]) for each in TABLES.items())])


def _table(name: str, heading: str) -> list[str]:
    """Return the lines about one table of the file."""
    part = PARTS[name]
    schemas = part.model_json_schema()["properties"]
    lines = [
        f"## `{heading}`",
        "",
        inspect.getdoc(part) or "",
        "",
        "| key | kind | when left out | |",
        "|---|---|---|---|",
    ]
    for key, field in part.model_fields.items():
        cells = (f"`{key}`", _kind(schemas[key]), _default(field), field.description or "")
        lines.append(f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |")
    return lines


def _kind(schema: dict[str, Any]) -> str:
    """Return what may be written."""
    if "anyOf" in schema:
        return " or ".join(filter(None, map(_kind, schema["anyOf"])))
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(value)}`" for value in schema["enum"]).replace("|", r"\|")
    name = schema["$ref"].split("/")[-1] if "$ref" in schema else schema.get("type", "string")
    return NAMES.get(name, f"`{TABLES.get(name)}`")


def _default(field: FieldInfo) -> str:
    """Return what holds where nothing is written."""
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "**required**"
    if value is None:
        return ""
    return "its own defaults" if isinstance(value, parts.Part) else f"`{json.dumps(value)}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
