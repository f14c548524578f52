"""`bayesmodel explain-locally`: what determinants of a region add to a fit of the country that stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bayesmodel.cli.options import AcceptUnconverged, FitOrFolder, Force, Gemeente, Within
from bayesmodel.messages import Language

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesmodel.estimates.local_explanation import LocalExplanation


def explain_locally(
    fit: FitOrFolder,
    table: Annotated[
        Path, typer.Option(help="Table with a row per area: csv, xlsx, ods or parquet.", show_default=False)
    ],
    determinants: Annotated[
        list[str],
        typer.Option(help="Columns of the table that may explain; several with commas.", show_default=False),
    ],
    code: Annotated[
        str | None, typer.Option(help="Column of the table with the codes; found by what is in it when left out.")
    ] = None,
    missing: Annotated[
        list[str] | None, typer.Option(help='Symbols that mean not known, beside "." and an empty cell; with commas.')
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of a spreadsheet.")] = None,
    gemeente: Gemeente = None,
    within: Within = None,
    out: Annotated[Path, typer.Option(help="Folder for tables and picture; made whole or not at all.")] = Path(
        "local-explanation"
    ),
    report_language: Annotated[
        Language | None, typer.Option(help="Language of tables and picture; that of the study when left out.")
    ] = None,
    force: Force = False,
    accept_unconverged: AcceptUnconverged = False,
) -> None:
    """Show what determinants that are known of some areas only add to a fit of the whole country.

    The fit stays as it is. Of each determinant: the difference in use that goes with it, and whether areas that are
    left out are predicted better with it. Of each area: how much of what the national model does not explain goes with
    the determinants, in percentage points and as a number of people. Areas without a value are left out and listed.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.fit_output import group_asked, reading
    from bayesmodel.estimates.explain_locally import explain_locally as explained
    from bayesmodel.files import atomic_folder, refuse_existing
    from bayesmodel.messages import _
    from bayesmodel.plots import local_explanation, save
    from bayesmodel.study.parts import Determinant, TableForm
    from bayesmodel.tables.local_tables import write_local_tables

    refuse_existing(out, force=force)
    symbols = (".", *_split(missing or []))
    parts = [Determinant(column=name, missing_symbols=symbols) for name in _split(determinants)]
    with reading(fit, None, force=force, accept_unconverged=accept_unconverged) as loaded:
        group = group_asked(loaded, gemeente, within)
        with reporter().stage(_("explain locally")):
            result = explained(loaded, table, parts, group, code=code, form=TableForm(sheet=sheet))
        language = report_language or loaded.study.report.language
        with reporter().stage(_("write")), atomic_folder(out, force=force) as draft:
            write_local_tables(result, draft, language)
            save(local_explanation(result, language=language), draft / "areas.png")
            files = sorted(path.name for path in draft.iterdir())
        data = {
            "folder": out,
            "files": files,
            "determinants": result.summary().to_dict(orient="index"),
            "gains": result.gains.to_dict(orient="index"),
            "share": result.share.summary().iloc[0].to_dict(),
            "areas": result.areas().reset_index().to_dict(orient="records"),
            "left_out": result.determinants.left_out["reason"].to_dict(),
            "remarks": list(result.determinants.remarks),
        }
        reporter().answer(_shown(result, out), data)


def _split(texts: list[str]) -> list[str]:
    """Return names that were given with commas, or one by one."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def _shown(result: LocalExplanation, out: Path) -> RenderableType:
    """Return the determinants with what they add, and the conclusions."""
    from rich.console import Group

    from bayesmodel.cli.fit_output import between, shown, written
    from bayesmodel.estimates.local_explanation import GAINS, Gain
    from bayesmodel.format import interval_name
    from bayesmodel.messages import _, language

    table, reader = result.summary(), language()
    label = result.effects.definition.label[reader]
    columns = {
        _("points per sd"): written(table["mean"], "+.2f"),
        interval_name(result.study.report.interval): between(table, "+.2f"),
        _("sd in the table"): written(table["sd"], ".3g"),
        _("gain (nats)"): written(table["gain"], "+.1f"),
        _("standard error"): written(table["error"], ".1f"),
        _("what the gain says"): [GAINS[Gain(verdict)][reader] for verdict in table["verdict"]],
    }
    top = shown(label[:1].upper() + label[1:], {_("determinant"): table["name"].tolist()}, columns)
    files = _("Tables and picture in {folder}").format(folder=out)
    return Group(top, "", *result.sentences(reader), *result.determinants.remarks, files)
