"""No English outside the catalogue: what the program says goes through `_`, `plural` or a `Label`, in every room."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bayesmodel
from bayesmodel import errors

PACKAGE = Path(bayesmodel.__file__).parent
REPORTS = ("estimates", "tables", "plots", "checks", "report")
"""Rooms whose texts stand in a report, in Dutch and English side by side."""
EXEMPT = {
    "data/validation.py": "patterns of totals and of words for no group, as tables write them",
    "format.py": "how numbers are written, in both languages side by side",
    "html.py": "tags",
    "cli/program.py": "headings of help, translated where they are shown",
    "cli/typer_group.py": "sentences of typer, to be recognised",
    "model/describe.py": "formulas",
    "example/places.py": "invented names",
    "example/polygons.py": "the name of a file's coordinates",
    "testing.py": "an invented world for tests",
}

SPOKEN = {"_", "plural", "Label", "get"}
HELP = {"Option", "Argument", "Typer", "Field", "_add"}
"""Texts that are translated where they are shown, or that nobody reads but who builds."""
SAYING = {name for name in vars(errors) if name.endswith("Error")} | {
    *("Fault", "table_fault", "raise_faults", "ValueError", "TypeError"),
    *("say", "stage", "format"),
}
WORD = re.compile(r"[A-Za-z]{2,}")
KEY = re.compile(r"[a-z]+([_.\[\]0-9]+[a-z]*)+|exclusions|example|actual|underlying|sd|range|font|logo")
"""Keys and values of a study and of a house style, which are the same in every language."""
EXTRAS = {"cluster", "data", "geo", "graph", "open", "pdf", "plots", "report"}
NO_PROSE = re.compile(
    r"(before|after) rounding|bayesmodel |.* = \"|NOT converged|Pareto k|nuts |nested laplace"
    r"|the (PyMC|compiled|whitened) |OData v|Measure eq | eq "
)
"""How literals begin that are values of a study, commands, keys, figures, of a protocol, or stored with a fit."""


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def texts(node: ast.AST, skip: set[str]) -> Iterator[ast.Constant]:
    """Yield the text literals below a node that are not inside one of the calls to skip, compared, nor a docstring."""
    if isinstance(node, ast.Call) and name_of(node) in skip:
        return
    if isinstance(node, ast.Compare) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Subscript) and child is node.slice):
            yield from texts(child, skip)


def said_untranslated(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield words that an error, a fault or a message is made of and that no catalogue knows."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in SAYING):
        for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
            for text in texts(argument, SPOKEN):
                if WORD.search(text.value) and not KEY.fullmatch(text.value) and text.value not in EXTRAS:
                    yield text


def prose(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield literals of several words, and the words of f-strings."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for text in texts(tree, SPOKEN | HELP):
        spaced = r"[a-z]{2,} [a-z({]" if id(text) not in inside else r"[a-z]{2,} | [a-z]{2,}"
        if re.search(spaced, text.value) and not NO_PROSE.match(text.value):
            yield text


def listed(found: Iterator[ast.Constant], path: str) -> list[str]:
    return [f"{path}:{text.lineno}: {text.value!r}" for text in found]


def test_no_error_fault_or_message_is_made_of_words_without_translation():
    assert [line for path, tree in modules() for line in listed(said_untranslated(tree), path)] == []


def test_no_prose_stands_outside_the_catalogue():
    rooms = ((path, tree) for path, tree in modules() if path not in EXEMPT and not path.startswith(REPORTS))
    assert [line for path, tree in rooms for line in listed(prose(tree), path)] == []


def test_no_message_is_translated_before_the_language_is_known():
    """A default value or a constant is made at import, in the language of that moment."""
    early = []
    for path, tree in modules():
        within = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.Lambda)
            for body in (node.body if isinstance(node.body, list) else [node.body])
            for part in ast.walk(body)
        }
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node) in {"_", "plural"})
        early += [f"{path}:{call.lineno}" for call in calls if id(call) not in within]
    assert early == []


@pytest.mark.parametrize(
    ("source", "law"),
    [
        ("raise ModelError(f'No mode of {study}.')", said_untranslated),
        ("Fault('n', 'nothing', _('a value'))", said_untranslated),
        ("_('in {place}').format(place='column')", said_untranslated),
        ("note = f'{count} determinants; {rest}'", prose),
        ("note = 'An invented country; no figure of it is real.'", prose),
    ],
)
def test_the_laws_see_a_breach(source, law):
    assert list(law(ast.parse(source)))
