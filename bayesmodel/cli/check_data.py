"""Before a fit: `bayesmodel check-data` shows what is in the data, `bayesmodel model` the equations and priors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bayesmodel.cli.options import Force, StudyFile

if TYPE_CHECKING:
    from bayesmodel.data import Counts


def check_data(
    study: StudyFile,
    out: Annotated[Path | None, typer.Option(help="File for the report too, as Markdown.")] = None,
    trail: Annotated[
        Path | None,
        typer.Option(help="File (csv) for every step by which what else is published narrowed a count."),
    ] = None,
    force: Force = False,
) -> None:
    """Read the tables of a study and report what is in them and what was assumed, without fitting.

    Faults of the data end the program with code 2, all of them in one message. What can be, but may not be meant, is
    listed under "Worth a look", and ends it with 0.
    """
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.data_report import as_markdown, data_report, for_terminal
    from bayesmodel.cli.stages import read_and_check
    from bayesmodel.files import refuse_existing_file, write_atomic
    from bayesmodel.study import read_study

    for file in filter(None, (out, trail)):
        refuse_existing_file(file, force=force)
    counts = read_and_check(read_study(study))
    sections = data_report(counts)
    if out is not None:
        write_atomic(out, as_markdown(counts.study.name, sections))
    if trail is not None:
        write_atomic(trail, counts.trail.to_csv(index=False, lineterminator="\n"))
    reporter().answer(for_terminal(sections), _figures(counts))


def _figures(counts: Counts) -> dict[str, Any]:
    """Return the report as data."""
    from bayesmodel.data.published_windows import published_windows

    areas = counts.areas
    return {
        "study": counts.study.name,
        "areas": len(counts),
        "status": {str(name): int(size) for name, size in counts.frame["status"].value_counts().items()},
        "stands_for": [
            {"published": window.published, "lower": window.lower, "upper": window.upper}
            for window in published_windows(counts.study.publication)
        ],
        "levels": {str(name): int(codes.nunique()) for name, codes in areas.levels.items()},
        "not_known": {str(name): int(gaps) for name, gaps in areas.determinants.isna().sum().items()},
        "narrowed": int(counts.trail["area"].nunique()) if len(counts.trail) else 0,
        "left_out": areas.left_out["reason"].to_dict(),
        "totals": counts.totals.astype(object).where(counts.totals.notna(), None).to_dict(orient="records"),
        "notes": [*areas.notes, *counts.notes],
        "remarks": [remark.plain() for remark in counts.remarks],
    }


def model(study: StudyFile) -> None:
    """Print the model of a study: equations, priors and sizes; nothing is fitted."""
    from bayesmodel.cli.console import reporter
    from bayesmodel.cli.stages import read_and_check
    from bayesmodel.model.build import build_model
    from bayesmodel.study import read_study

    built = build_model(read_and_check(read_study(study)))
    sizes = {name: len(codes) for name, codes in built.coords.items()}
    reporter().answer(str(built), {"family": built.family.name, "sizes": sizes, "model": str(built)})
