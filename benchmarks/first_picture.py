"""The first picture of README and documentation: what is published, what is estimated, and how sure that is.

`make picture` fits a small invented country (about a minute) and writes docs/first-picture.png and, in Dutch,
docs/eerste-plaatje.png.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from bayesmodel import (
    Fit,
    Label,
    build_model,
    example_polygons,
    example_study,
    fit_model,
    interpret_counts,
    plots,
    read_areas,
    use,
)
from bayesmodel.messages import LANGUAGES, Language

DOCS = Path(__file__).resolve().parents[1] / "docs"
FILES = {"en": DOCS / "first-picture.png", "nl": DOCS / "eerste-plaatje.png"}
TITLES = (
    Label(nl="Gepubliceerd: gaten waar het\naantal klein is", en="Published: holes where\nthe count is small"),
    Label(nl="Geschat: elke wijk\n(% van de jongeren)", en="Estimated: every wijk\n(% of young people)"),
    Label(nl="Hoe zeker: 90%-interval\n(open: verborgen)", en="How sure: 90% interval\n(open: hidden)"),
)
UNIT = Label(nl="% van de jongeren met jeugdhulp", en="% of young people with youth care")


def draw(fit: Fit, language: Language) -> Figure:
    """Draw two maps of the country and the wijken of one gemeente with hidden counts."""
    figure, panels = pyplot.subplots(1, 3, figsize=(12, 4.4), width_ratios=(1, 1.55, 0.8), layout="constrained")
    polygons = example_polygons(fit.study)
    plots.area_map(use(fit, "actual", scale="share"), polygons, axes=panels[0], language=language)
    plots.area_map(use(fit, scale="share"), polygons, axes=panels[1], language=language)
    plots.forest(use(fit, scale="share", areas=members(fit)), axes=panels[2], language=language)
    for axes, title, below in zip(panels, TITLES, ("", "", UNIT[language]), strict=True):
        plain(axes, title[language], below, legend=axes is panels[1])
    return figure


def members(fit: Fit) -> list[str]:
    """Return the wijken of the gemeente of eight to fourteen that has most hidden counts."""
    gemeente = fit.counts.areas.levels["gemeente"]
    hidden = (fit.counts.frame["status"] == "suppressed").groupby(gemeente.to_numpy()).agg(["sum", "size"])
    chosen = hidden[hidden["size"].between(8, 14)]["sum"].idxmax()
    return list(gemeente.index[gemeente == chosen])


def plain(axes: Axes, title: str, below: str, *, legend: bool) -> None:
    """Keep of a picture what can be read at this size: its title, the words below it, the marks and one legend."""
    axes.set_title(title, fontsize=10, loc="left")
    axes.set_xlabel(below, fontsize=8)
    found = axes.get_legend()
    if found is not None and not legend:
        found.remove()
    elif found is not None:
        found.set_title(None)


def write(fit: Fit) -> None:
    """Write the picture in both languages, in few colours so that it stays small."""
    for language in LANGUAGES:
        buffer = BytesIO()
        figure = draw(fit, language)
        figure.savefig(buffer, dpi=130)
        pyplot.close(figure)
        Image.open(buffer).convert("RGB").quantize(96).save(FILES[language], optimize=True)


if __name__ == "__main__":
    write(fit_model(build_model(interpret_counts(read_areas(example_study(areas=300, gemeenten=40, regions=8))))))
