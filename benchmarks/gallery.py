"""`python -m benchmarks.gallery`: draw the pictures of docs/pictures.md, of the invented country only."""

from __future__ import annotations

import sys
from pathlib import Path

from bayesmodel import (
    Fit,
    build_model,
    draw_prior,
    example_study,
    fit_model,
    interpret_counts,
    plots,
    read_areas,
    study_from,
)
from bayesmodel.messages import Language

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
DOTS = 90
HIDDEN, LARGE = "WK500402", "WK500403"
"""A wijk whose count is hidden, and one of many young people."""
PICTURES: dict[str, tuple[tuple[str, ...], str | None, Language]] = {
    "forest": (("WK500400", "WK500401", HIDDEN, LARGE, "GM5004"), None, "nl"),
    "comparison": ((LARGE, HIDDEN), None, "en"),
    "caterpillar": ((HIDDEN, LARGE), "determinants", "nl"),
    "ranks": ((), "determinants", "en"),
    "waterfall": ((HIDDEN,), None, "nl"),
    "funnel": ((), None, "en"),
    "shrinkage": ((), None, "nl"),
    "observed-expected": ((), "gemeente", "en"),
    "special": ((), None, "en"),
    "variance": ((), None, "nl"),
    "effects": ((), None, "en"),
    "map-actual": ((), None, "nl"),
    "map-difference": ((), None, "en"),
    "map-verdict": ((), None, "nl"),
}
"""Kind of picture: places, expectation, language."""


def country() -> Fit:
    """Return a fit of 300 invented wijken."""
    chosen = example_study(areas=300, gemeenten=40, regions=5).model_dump()
    chosen["inference"] |= {"target_accept": 0.98, "tune": 800}
    return fit_model(build_model(interpret_counts(read_areas(study_from(chosen)))))


def main() -> int:
    """Draw every picture, print its name and size; return the exit code."""
    fit = country()
    if not fit.diagnostics.converged:
        print(repr(fit), file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    drawn = {
        kind: plots.picture(fit, kind, plots.PlotRequest(places, to, language=language))
        for kind, (places, to, language) in PICTURES.items()
    }
    drawn["prior-posterior"] = plots.prior_posterior(fit, draw_prior(build_model(fit.counts)), language="en")
    for kind, figure in drawn.items():
        path = plots.save(figure, FOLDER / f"{kind}.png", dots=DOTS)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
