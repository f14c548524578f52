"""`bayesmodel check-boundaries FILE`: the areas of a file of polygons, who borders on whom, and what is an island."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bayesmodel.cli.options import Force

if TYPE_CHECKING:
    from bayesmodel.boundaries import Boundaries, Neighbours
    from bayesmodel.data.remark import Remark
    from bayesmodel.study import Study


def check_boundaries(
    polygons: Annotated[
        Path, typer.Argument(metavar="FILE", help="A GeoPackage, GeoJSON or shapefile.", show_default=False)
    ],
    study: Annotated[
        Path | None, typer.Option(help="The study whose areas they are to be: says which have no polygon.")
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="Column of the polygons with the codes; found by what is in it when left out.")
    ] = None,
    layer: Annotated[str | None, typer.Option(help="Layer of the file, where it has several.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="COLUMN=VALUE of the polygons to keep, such as water=NEE; may be repeated.")
    ] = None,
    tolerance: Annotated[float, typer.Option(help="Metres that neighbours may lie apart.", min=0)] = 15.0,
    neighbours: Annotated[Path | None, typer.Option(help="File for the pairs of neighbours, as csv.")] = None,
    simplified: Annotated[
        Path | None, typer.Option(help="File for shapes with fewer vertices: .gpkg or .geojson.")
    ] = None,
    metres: Annotated[float, typer.Option(help="How far off simplified shapes may be.", min=0)] = 100.0,
    force: Force = False,
) -> None:
    """Read a file of polygons, and say which areas it has, who borders on whom, and what is an island.

    Invalid shapes are repaired, rows of one code are merged, and coordinates are converted to RD New (EPSG:28992).
    """
    from bayesmodel.boundaries import neighbours_of, read_boundaries
    from bayesmodel.boundaries import simplified as with_fewer_vertices
    from bayesmodel.cli.console import reporter
    from bayesmodel.files import refuse_existing_file, write_atomic
    from bayesmodel.messages import _
    from bayesmodel.study import read_study

    for file in filter(None, (neighbours, simplified)):
        refuse_existing_file(file, force=force)
    kept = _kept(where or [])
    of = None if study is None else read_study(study)
    codes = None if of is None else _codes(of)
    with reporter().stage(_("read the polygons")):
        found = read_boundaries(polygons, code=code, codes=codes, layer=layer, where=kept)
        pairs = neighbours_of(found, tolerance)
    if neighbours is not None:
        write_atomic(neighbours, str(pairs.frame.to_csv(index=False, lineterminator="\n")))
    if simplified is not None:
        _write(with_fewer_vertices(found, metres), simplified)
    lines, held = _held_against(found, of, codes)
    odd = _odd(found, pairs, codes)
    lines += [_("Worth a look:"), *(f"- {each}" for each in odd)] if odd else []
    files = [_("Written: {file}").format(file=file) for file in (neighbours, simplified) if file is not None]
    said = [repr(found), "", *(f"  {text}" for text in [*pairs.sentences(), *lines]), *([""] if files else []), *files]
    reporter().answer("\n".join(said), _figures(found, pairs, odd) | held)


def _odd(found: Boundaries, pairs: Neighbours, codes: list[str] | None) -> list[Remark]:
    """Return remarks on the polygons: on those of the areas of a study, where there is one."""
    from bayesmodel.boundaries import neighbours_of, polygon_remarks

    if codes is None:
        return list(polygon_remarks(found, pairs))
    of_study = found.of(codes)
    return list(polygon_remarks(of_study, neighbours_of(of_study, pairs.tolerance)))


def _kept(where: list[str]) -> dict[str, str]:
    """Return columns and the values to keep."""
    from bayesmodel.errors import ArgumentError
    from bayesmodel.messages import _

    parts = [text.partition("=") for text in where]
    wrong = [text for text, (_column, equals, _value) in zip(where, parts, strict=True) if not equals]
    if wrong:
        raise ArgumentError(_("--where {found}: expected COLUMN=VALUE, such as water=NEE.").format(found=wrong[0]))
    return {column.strip(): value.strip() for column, _equals, value in parts}


def _codes(study: Study) -> list[str]:
    """Return the codes of the areas of a study."""
    from bayesmodel.io import read_areas

    return [str(code) for code in read_areas(study).codes]


def _held_against(found: Boundaries, study: Study | None, codes: list[str] | None) -> tuple[list[str], dict[str, Any]]:
    """Say which areas of a study have no polygon, and whether the polygons seem to be of another year."""
    from bayesmodel.errors import listed
    from bayesmodel.messages import _, number

    if study is None or codes is None:
        return [], {}
    lacking = [code for code in codes if code not in found.codes]
    strange = len(set(found.codes) - set(codes))
    said = _("Of the {areas} areas of the study {lacking} have no polygon{which}; polygons of no area: {strange}.")
    which = f" ({listed(lacking)})" if lacking else ""
    sizes = {"areas": number(len(codes)), "lacking": number(len(lacking)), "strange": number(strange)}
    lines = [said.format(which=which, **sizes)]
    if found.vintage not in (None, study.outcome.vintage):
        other = _(
            "By its name the file is of {found}, and the areas are of {vintage}: a code means another area there."
        )
        lines.append(other.format(found=found.vintage, vintage=study.outcome.vintage))
    return lines, {"without_polygon": lacking, "polygons_of_no_area": strange}


def _figures(found: Boundaries, pairs: Neighbours, odd: list[Remark]) -> dict[str, Any]:
    """Return what was found for a machine."""
    return {
        "areas": len(found),
        "without_shape": list(found.without_shape),
        "vintage": found.vintage,
        "notes": list(found.notes),
        "remarks": [str(each) for each in odd],
        "tolerance": pairs.tolerance,
        "neighbour_pairs": len(pairs),
        "components": pairs.component_sizes,
        "islands": [str(code) for code in pairs.islands],
    }


def _write(boundaries: Boundaries, file: Path) -> None:
    """Write shapes whole or not at all."""
    from bayesmodel.errors import OutputError
    from bayesmodel.files import write_atomic
    from bayesmodel.messages import _

    drivers = {".gpkg": "GPKG", ".geojson": "GeoJSON"}
    if file.suffix.lower() not in drivers:
        other = _("{file}: shapes are written as {kinds}.")
        raise OutputError(other.format(file=file, kinds=", ".join(drivers)))
    with TemporaryDirectory() as folder:
        draft = Path(folder) / f"shapes{file.suffix.lower()}"
        boundaries.shapes.reset_index().to_file(draft, driver=drivers[file.suffix.lower()])
        write_atomic(file, draft.read_bytes())
