"""`bayesmodel plot FIT KIND [PLACE...]`: a picture of a fit, in a file."""

from pathlib import Path
from typing import Annotated

import typer

from bayesmodel.cli.options import Expectation, FitOrFolder, Force, Gemeente, Unconverged, Within


def kinds() -> list[str]:
    """Return the kinds of pictures there are, for completion in the shell."""
    from bayesmodel.outputs.plots.kinds import KINDS

    return list(KINDS)


def plot(
    fit: FitOrFolder,
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="What to draw; see above.", show_default=False, autocompletion=kinds),
    ],
    places: Annotated[
        list[str] | None,
        typer.Argument(metavar="PLACE", help="Areas or groups of a level, by code or by name.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(help="The picture: a file ending in .png, .svg or .pdf.")] = Path("picture.png"),
    to: Expectation = None,
    gemeente: Gemeente = None,
    within: Within = None,
    polygons: Annotated[
        Path | None, typer.Option(help="For a map: a GeoPackage, GeoJSON or shapefile. The example has its own.")
    ] = None,
    code: Annotated[
        str | None, typer.Option(help="Column of the polygons with the codes; found by what is in it when left out.")
    ] = None,
    force: Force = False,
    accept_unconverged: Unconverged = False,
) -> None:
    """Draw a picture of a fit, with its text alternative in the file.

    Of places by name: forest (intervals), comparison (is one higher than the other), waterfall (what use is made of).

    Of all areas, or of those in one place (--gemeente, or the place itself): caterpillar (in order; areas are named),
    ranks, funnel (who differs more than is ordinary), shrinkage (from published to estimated), observed-expected.

    Of the model: variance (at which level), effects (of determinants).

    On a map: map-actual, map-expected, map-difference, map-verdict (where may something be said).

    Of the chains, as ArviZ draws them: chains-trace, chains-rank, chains-energy, chains-ess.

    The picture speaks the language of the study, or that of --language.
    """
    from bayesmodel.cli.reading import group_asked, reading
    from bayesmodel.cli.voice import voice
    from bayesmodel.messages import _, language
    from bayesmodel.outputs.plots import Asked, picture, save
    from bayesmodel.outputs.plots.save import kind_of_file

    kind_of_file(out)
    with reading(fit, out, force=force, accept_unconverged=accept_unconverged) as loaded:
        group = group_asked(loaded, gemeente, within)
        asked = Asked(tuple(places or ()), to, polygons, code, language(), group)
        with voice().stage(_("draw")):
            drawn = picture(loaded, kind, asked)
            save(drawn, out)
        said = _("Picture in {file}").format(file=out)
        voice().answer(said, {"file": out, "kind": kind, "text_alternative": drawn.get_label()})
