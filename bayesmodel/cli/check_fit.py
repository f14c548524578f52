"""`bayesmodel check`: a fit checked against its own data in seconds; with --full all checks, and a page."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bayesmodel.cli.options import FitOrFolder, Force, Unconverged

if TYPE_CHECKING:
    from bayesmodel.checks.hide_and_seek import HideAndSeek
    from bayesmodel.checks.page import Section
    from bayesmodel.checks.quick_check import QuickCheck


def check(
    fit: FitOrFolder,
    full: Annotated[
        bool, typer.Option("--full", help="Everything, with refits: minutes. Writes a page, by default to check.html.")
    ] = False,
    by: Annotated[
        str | None, typer.Option(help="Determinant to divide areas by, such as urbanity; size if left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File for a page with pictures and tables, ending in .html.")] = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Check a fit against its own data: how often intervals held, and whether the published country looks like it.

    Each area is left out and predicted from the others; countries are drawn from the model, and hidden and rounded as
    published. Whatever does not fit is said first.
    """
    from bayesmodel.checks.hide_and_seek import TITLE, hide_and_seek
    from bayesmodel.checks.page import Section, write_page
    from bayesmodel.checks.quick_check import check as checked
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import reading
    from bayesmodel.errors import ComparisonError
    from bayesmodel.files import refuse_other_than_html
    from bayesmodel.messages import _, language

    page = out or (Path("check.html") if full else None)
    if page is not None:
        refuse_other_than_html(page)
    with reading(fit, page, force=force, accept_unconverged=accept_unconverged) as loaded:
        with reporter().stage(_("leave out each area and predict it")), reporter().counting() as progress:
            result = checked(loaded, by, refit=full, progress=progress)
        sentences, sections = list(result.sentences(language())), list[Section]()
        data = _data(result, page) | {"sentences": sentences}
        if page is not None:
            sections += result.sections(language())
        if full:
            with reporter().stage(_("hide known counts and seek them")), reporter().counting() as progress:
                try:
                    part, records = _recovered(hide_and_seek(loaded, progress=progress))
                except ComparisonError as error:  # too few counts to hide: what was found is kept
                    why = _("Known counts were not hidden and sought. {why}").format(why=error)
                    part, records = Section(TITLE[language()], [why]), []
            sentences += part.texts
            data |= {"hide_and_seek": records, "sentences": sentences}
            sections.append(part)
        if page is not None:
            with reporter().stage(_("write the page")):
                write_page(page, result.title_in(language()), sections, language())
        lines = [f"- {sentence}" for sentence in sentences]
        if page is not None:
            lines.append(_("Page with pictures: {file}").format(file=page))
        reporter().answer("\n".join(lines), data)


def _recovered(found: HideAndSeek) -> tuple[Section, list[dict[Hashable, Any]]]:
    """Return the section of the page on hide and seek, and its table as data."""
    from bayesmodel.messages import language

    return found.section(language()), found.frame.reset_index().to_dict(orient="records")


def _data(result: QuickCheck, page: Path | None) -> dict[str, Any]:
    """Return the results as data."""
    return {
        "concerns": result.concerns,
        "coverage": result.frame.reset_index().to_dict(orient="records"),
        "predictive": result.predictive.frame.to_dict(orient="records"),
        "page": page,
    }
