"""Renew the catalogues of messages: collect the English of the source, keep the translations, compile.

Collected are calls of ``_`` and ``plural`` in the package, the help texts of the program, and the messages that typer
shows with them. ``make texts`` runs this; a message without a translation is listed, and is an error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import typer
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bayesmodel.cli.program import app
from bayesmodel.cli.typer_group import TEXTS, paragraphs
from bayesmodel.messages import CATALOGUES, DOMAIN

ROOT = Path(__file__).resolve().parents[1]
KEYWORDS: dict[str, Any] = {"_": None, "plural": (1, 2)}
TYPER = ("core.py", "exceptions.py", "rich_utils.py", "_coercion.py", "_param_types.py")
CLICK = ("core.py", "decorators.py", "exceptions.py", "parser.py")


def main() -> int:
    """Renew every catalogue and return the number of messages without a translation."""
    template = collected()
    missing = 0
    for path in CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"):
        catalogue = renewed(path, template)
        for message in untranslated(catalogue):
            print(f"{path.name}: no translation of {message!r}")
            missing += 1
        write(catalogue, path)
    return missing


def collected() -> Catalog:
    """Return all messages of the program."""
    template = Catalog(project="bayesmodel", fuzzy=False)
    for message in messages():
        template.add(message)
    return template


def messages() -> Iterator[Any]:
    """Yield messages, those with a plural as a pair."""
    typers = Path(typer.__file__).parent
    places = [ROOT / "bayesmodel", *(typers / name for name in TYPER), *(typers / "_click" / name for name in CLICK)]
    for place in places:
        folder, pattern = (place, "**.py") if place.is_dir() else (place.parent, place.name)
        for _, _, message, _, _ in extract_from_dir(folder, [(pattern, "python")], keywords=KEYWORDS):
            yield message
    yield "Show this message and exit."
    yield from help_texts(typer.main.get_command(app))


def help_texts(command: Any) -> Iterator[str]:
    """Yield the paragraphs of the help of a command, its options and its commands."""
    for part in (command, *command.params):
        for name in TEXTS:
            yield from paragraphs(getattr(part, name, None) or "")
    if isinstance(getattr(command, "commands", None), dict):
        yield from paragraphs(command.epilog or "")
        for each in command.commands.values():
            yield from help_texts(each)


def renewed(path: Path, template: Catalog) -> Catalog:
    """Return a catalogue with exactly the messages of the template, keeping what was translated."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3], domain=DOMAIN)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> list[Any]:
    """Return the messages without a translation."""

    def empty(text: Any) -> bool:
        return not text or (isinstance(text, tuple | list) and not all(text))

    return [message.id for message in catalogue if message.id and empty(message.string)]


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue and what is compiled of it; the same messages give the same bytes."""
    text, compiled = BytesIO(), BytesIO()
    write_po(text, catalogue, sort_output=True, no_location=True, omit_header=False, width=120)
    write_mo(compiled, catalogue)
    path.write_bytes(text.getvalue())
    path.with_suffix(".mo").write_bytes(compiled.getvalue())


if __name__ == "__main__":
    sys.exit(main())
