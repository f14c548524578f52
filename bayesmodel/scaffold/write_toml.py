"""A proposed study as a commented `study.toml`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bayesmodel.errors import listed
from bayesmodel.io.cbs_columns import columns_called
from bayesmodel.io.column_words import label_of
from bayesmodel.messages import _, number
from bayesmodel.scaffold.candidates import MOST, DeterminantProposal
from bayesmodel.scaffold.first_look import first_look
from bayesmodel.scaffold.proposal import StudyProposal
from bayesmodel.scaffold.roles import QUESTION, missing_role
from bayesmodel.study.toml_file import toml_key, toml_value

CONCLUDED = {"sheet", "header_row", "thousands", "code", "keep", "where"}
"""Keys of a table that were concluded from what stands in it, and may be otherwise."""


def write_study(proposal: StudyProposal, file: Path = Path("study.toml")) -> str:
    """Write a proposed study as TOML with comments.

    Parameters
    ----------
    proposal : StudyProposal
        What to write.
    file : Path
        Where it will be: the paths of the tables start at its folder.

    Returns
    -------
    str
        What `read_study` reads, or explains question by question.
    """
    tables = ", ".join(Path(values["path"]).name for values, _ in proposal.tables)
    everyone = columns_called(proposal.roles.by_name, "AantalInwoners")
    people = everyone or [proposal.roles.found.get("population", "inwoners")]
    exclusion = [("", "column", people[0]), ("", "at_most", 100)]
    parts = [
        _head(tables, file),
        _lines([("", "name", proposal.name), ("", "area", proposal.area)]),
        _outcome(proposal),
        *(_table(values, reasons, file.parent) for values, reasons in proposal.tables),
        *(f"# {note}" for note in proposal.notes),
        _columns(proposal),
        *(_level(level) for level in proposal.levels),
        _publication(proposal),
        _bounds(proposal),
        _delivery(proposal),
        f"# {_('Areas that are too small to say anything of can be left out:')}\n"
        + _lines(exclusion, "[[exclusions]]", off=True),
        *_determinants(proposal),
    ]
    text = "\n\n".join(part for part in parts if part) + "\n"
    known = () if proposal.publication is None else proposal.publication.hidden
    found = first_look(text, proposal.whole, known)
    if not found:
        return text
    asked = _("CHECK: {reason}")
    head = _("What check-data will say of these tables, as far as it can be told before the questions are answered:")
    return text + "\n" + "\n".join([f"# {head}", *(f"# {asked.format(reason=line)}" for line in found)]) + "\n"


def _head(tables: str, file: Path) -> str:
    """Write what the file is, and how it is used."""
    lines = [
        _("A study proposed from the columns of {tables}."),
        _('QUESTION stands above a "?" that only you can answer: put your answer in its place.'),
        _("CHECK stands above what was concluded from the data: read whether it is so."),
        _("Then: bayesmodel check-data {file}, and bayesmodel run {file}."),
    ]
    return "\n".join(f"# {line.format(tables=tables, file=file)}" for line in lines)


def _lines(items: Sequence[tuple[str, str, Any]], header: str = "", off: bool = False) -> str:
    """Write keys under a header, each with its comment above it; `off` makes comments of all."""
    lines = [header] if header else []
    for comment, key, value in items:
        lines += [f"# {comment}"] if comment else []
        lines.append(f"{toml_key(key)} = {toml_value(value)}")
    return "\n".join(f"# {line}" if off else line for line in lines)


def _outcome(proposal: StudyProposal) -> str:
    """Write what is counted, over whom, and when."""
    items: list[tuple[str, str, Any]] = []
    known = proposal.recognised.study
    for role in ("count", "population"):
        name = proposal.roles.found.get(role, QUESTION)
        if known is not None and (role == "count" or proposal.recognised.population):
            label = known.count_label if role == "count" else known.population_label
            items.append((_sentence(proposal.roles.reasons[role]), role, {"nl": label.nl, "en": label.en}))
            continue
        label = label_of(name if name != QUESTION else role)
        why = _("how reports name it, in Dutch and English (column {name})").format(name=name)
        if label.nl == name:
            why = _("only the name of the column: write what it counts, as a report is to name it")
        items.append((_check(why) if name != QUESTION else "", role, {"nl": label.nl, "en": label.en}))
    reason = _sentence(proposal.year_reason)
    questions = {
        "year": _("which year are the counts of? {reason}").format(reason=reason),
        "vintage": _("which year are the boundaries and codes of? Usually the same year."),
    }
    for key, question in questions.items():
        items.append((_question(question) if proposal.year == QUESTION else reason, key, proposal.year))
    return _lines(items, "[outcome]")


def _table(values: Mapping[str, Any], reasons: Mapping[str, str], folder: Path) -> str:
    """Write how one table is read and joined."""
    values = {**values, "path": Path(os.path.relpath(values["path"], folder)).as_posix()}
    items = [(_comment(value, reasons.get(key, ""), key in CONCLUDED), key, value) for key, value in values.items()]
    return _lines(items, "[[tables]]")


def _columns(proposal: StudyProposal) -> str:
    """Write which column is what."""
    found, reasons = proposal.roles.found, proposal.roles.reasons
    items = [("", "area", proposal.tables[0][0]["key"])]
    if "area_name" in found:
        items.append((_sentence(reasons["area_name"]), "area_name", found["area_name"]))
    for role in ("count", "population"):
        value = found.get(role, QUESTION)
        reason = reasons.get(role) or (missing_role(role, [proposal.roles]) + _no_count(proposal, role))
        people = list(proposal.recognised.population) if role == "population" else []
        items.append((_comment(value, reason), role, people if len(people) > 1 else value))
    return _lines(items, "[columns]")


def _no_count(proposal: StudyProposal, role: str) -> str:
    """Say what to do where key figures hold no counts of what is used."""
    if role != "count" or not proposal.recognised.determinants:
        return ""
    return " " + _(
        "These are key figures without counts: give the table of counts too (bayesmodel study init key-figures.csv "
        "counts.csv), or fetch both (bayesmodel fetch)"
    )


def _bounds(proposal: StudyProposal) -> str:
    """Write which columns add up to the count, as comments: they narrow what hidden and rounded counts can be."""
    if not proposal.recognised.subtotals:
        return ""
    head = _("Parts of the count that are published too narrow what a hidden or rounded count can be:")
    parts = [_lines([("", "columns", list(each))], "[[bounds.subtotals]]") for each in proposal.recognised.subtotals]
    return "\n\n".join([f"# {head}\n{parts[0]}", *parts[1:]])


def _delivery(proposal: StudyProposal) -> str:
    """Write which gemeenten did not deliver, as far as their own rows tell."""
    if not proposal.not_delivered:
        return ""
    names = listed([f"{code} {name}".strip() for code, name in proposal.not_delivered.items()])
    reason = _("their own row has no count, so that empty cells of their areas are not hidden but absent: {names}")
    return _lines([(_check(reason.format(names=names)), "none", list(proposal.not_delivered))], "[delivery]")


def _level(level: Mapping[str, str]) -> str:
    """Write a level, with the question of what it is nested in where that is open."""
    items = [
        (_comment(value, level.get("reason", "")) if value == QUESTION else "", key, value)
        for key, value in level.items()
        if key != "reason"
    ]
    return _lines(items, "[[levels]]")


def _publication(proposal: StudyProposal) -> str:
    """Write how counts are hidden and rounded."""
    if proposal.publication is None:
        asked = _question(_("how are small counts hidden and rounded?"))
        return f"# {asked}\n" + _lines([("", "hidden_below", QUESTION)], "[publication]")
    evidence = proposal.publication.evidence
    values = proposal.publication.rule
    items = [
        (_comment(values[key], evidence.get(key, "")), key, values[key])
        for key in (
            *("hidden_below", "hidden_from", "raised_from", "rounded_to"),
            *("hidden_symbols", "missing_symbols", "zero_symbols"),
        )
        if key in values
    ]
    head = _("How small counts are hidden: what the data show of it. The publisher says the rule.")
    return f"# {head}\n" + _lines(items, "[publication]")


def _determinants(proposal: StudyProposal) -> list[str]:
    """Write the columns that may explain use; as comments where there are too many to take them all."""
    proposals, known = proposal.determinants, proposal.recognised.determinants
    taken = [each for each in proposals if not each.against]
    off = len([each for each in taken if each.source is None]) > MOST
    head = _check(_("what may explain use. Take out what does not belong."))
    blocks = proposal.blocks if any(each.source for each in taken) else {}
    if known:
        said = _("the set of determinants of a study of this kind, as key figures have them")
        head = _check(f"{said}. {_('Take out what is itself a result of what is counted.')}")
    elif off:
        many = _("{number} columns may explain use. Choose some: take the # away before their lines.")
        head = _check(many.format(number=number(len(taken))))
    parts = [f"# {head if taken else _('No column of shares was found that may explain use.')}"]
    parts += [_lines([("", "name", name), ("", "label", label)], "[[blocks]]") for name, label in blocks.items()]
    for each in taken:
        read = (
            _check(_("each number has the unit {unit}, which is left out").format(unit=each.unit)) if each.unit else ""
        )
        items: list[tuple[str, str, Any]] = [(read, "column", each.column), *_known(each)]
        if each.level is not None:
            items.append((_("one value in each {level}").format(level=each.level), "level", each.level))
        if each.broken:
            shown = listed([repr(cell) for cell in each.broken])
            asked = _(
                "{cells} is no number and no symbol, but an error, a formula or a date: mend the table, then say here "
                "what means not known"
            )
            items.append((_question(asked.format(cells=shown)), "missing_symbols", QUESTION))
        elif each.missing_symbols:
            items.append((_check(_("read as not known")), "missing_symbols", each.missing_symbols))
        parts.append(_lines(items, "[[determinants]]", off=off and each.source is None))
    against = [f"#   {each.column}: {each.against}" for each in proposals if each.against]
    against += [f"#   {names}: {reason}" for names, reason in proposal.not_taken]
    if proposal.others:
        more = _("{number} other columns of the key figures: not in the set")
        against.append("#   " + more.format(number=number(proposal.others)))
    return [*parts, "\n".join([f"# {_('Not taken:')}", *against])] if against else parts


def _known(each: DeterminantProposal) -> list[tuple[str, str, Any]]:
    """Return the keys of a determinant of a set: its name for readers, its block, what it is a share of, its scale."""
    if each.source is None:
        return []
    source = each.source
    items: list[tuple[str, str, Any]] = [("", "label", source.label.model_dump())]
    items += [("", "block", source.block)] if source.block is not None else []
    items += [("", "share_of", each.share_of)] if each.share_of is not None else []
    return [*items, *([("", "transform", source.transform)] if source.transform != "none" else [])]


def _comment(value: Any, reason: str, concluded: bool = True) -> str:
    """Mark what is a question, or was concluded from the data."""
    if value == QUESTION or (isinstance(value, Mapping) and QUESTION in value.values()):
        return _question(reason)
    return _check(reason) if concluded and reason else _sentence(reason)


def _question(reason: str) -> str:
    """Mark what only the user can answer."""
    return _("QUESTION: {reason}").format(reason=_sentence(reason))


def _check(reason: str) -> str:
    """Mark what the user should look at."""
    return _("CHECK: {reason}").format(reason=_sentence(reason))


def _sentence(text: str) -> str:
    """Write a reason as one line that begins with a capital and ends with a stop."""
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:]}".rstrip(".?") + ("?" if text.endswith("?") else ".") if text else ""
