"""`bayesmodel study init TABLE ...`: a study proposed from the columns of one's own tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import Force

if TYPE_CHECKING:
    from bayesmodel.errors import Fault
    from bayesmodel.scaffold import StudyProposal

Tables = Annotated[
    list[Path],
    typer.Argument(metavar="TABLE...", help="Your tables: csv, xlsx, ods or Parquet.", show_default=False),
]


def init(
    tables: Tables,
    out: Annotated[Path, typer.Option(help="File for the study.")] = Path("study.toml"),
    year: Annotated[
        int | None,
        typer.Option(
            help="Year of the counts and of the boundaries; of columns for each year, those of it are taken.",
            min=1900,
            max=2100,
        ),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of the spreadsheet.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="What is counted, such as wmo, where a table of CBS has counts of several.")
    ] = None,
    force: Force = False,
) -> None:
    """Write a study for your own tables, with what was recognised in them and what is left for you to say.

    The file explains itself: questions are marked QUESTION, conclusions to look at are marked CHECK.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.files import refuse_existing_file, write_atomic
    from bayesmodel.messages import _

    refuse_existing_file(out, force=force)
    with reporter().stage(_("look at the columns")):
        from bayesmodel.scaffold import propose_study, write_study

        proposal = propose_study(tables, year, sheet, subject)
    write_atomic(out, write_study(proposal, out))
    questions = _questions(out)
    data = {"study": out, "recognised": dict(proposal.roles.found), "questions": [fault.where for fault in questions]}
    reporter().answer("\n".join(_sentences(proposal, out, questions)), data)


def _questions(path: Path) -> list[Fault]:
    """Return the questions that a study leaves open."""
    from bayesmodel.errors import StudyError
    from bayesmodel.study import read_study

    try:
        read_study(path)
    except StudyError as error:
        return list(error.faults)
    return []


def _sentences(proposal: StudyProposal, path: Path, questions: list[Fault]) -> list[str]:
    """Return sentences on what was recognised, what is left to answer, and what to do next."""
    from bayesmodel.messages import _, plural

    lines = [_("Study in {file}").format(file=path), ""]
    roles = _roles()
    width = max(map(len, roles.values()))
    for role, name in proposal.roles.found.items():
        lines.append(f"  {roles[role]:{width}}  {name}  ({proposal.roles.reasons[role]})")
    taken = [each.column for each in proposal.determinants if not each.against]
    lines += [f"  {roles['determinants']:{width}}  {plural('{count} column', '{count} columns', len(taken))}", ""]
    lines += [f"  {note}" for note in proposal.notes]
    if questions:
        lines.append(plural("{count} question to answer in it:", "{count} questions to answer in it:", len(questions)))
        lines += [f"  {fault.where}" for fault in questions]
    else:
        lines.append(_("No question is left open. Look at the lines marked CHECK."))
    return [*lines, "", _("Then: bayesmodel check-data {file}").format(file=path)]


def _roles() -> dict[str, str]:
    """Return the roles of columns, in the language of the user."""
    from bayesmodel.messages import _

    return {
        "area": _("area"),
        "area_name": _("area name"),
        "wijk": _("wijk"),
        "gemeente": _("gemeente"),
        "gemeente_name": _("gemeente name"),
        "region": _("region"),
        "region_name": _("region name"),
        "count": _("count"),
        "population": _("population"),
        "period": _("period"),
        "determinants": _("determinants"),
    }
