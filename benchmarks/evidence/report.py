"""What leaves: the map page of the file of 2017 in a real browser, all its reports, and attacks on the local page."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from bayesmodel import (
    Fit,
    aggregate,
    build_model,
    country_of,
    fit_model,
    interpret_counts,
    map_page,
    read_areas,
    read_study,
    write_reports,
)
from bayesmodel.report.local_pages import LocalSite
from bayesmodel.report.local_server import LocalServer
from bayesmodel.testing import invented_fit
from benchmarks.evidence.guard import of_the_guard
from benchmarks.evidence.record import SHARED
from benchmarks.evidence.study_2017 import STUDY
from benchmarks.local_page_attacks import CANARY, OUTSIDE, attacks_on, tried
from benchmarks.map_keyboard import STEPS, failed_steps

POLYGONS = SHARED / "cbs_wijkgrenzen" / "wijk_2017_approx.geojson"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SETS, SIZES = 60, (1, 2, 5, 12, 40, 300)
"""Random sets whose intervals are compared, and how many areas they hold."""
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


def figures() -> dict[str, Any]:
    """Return every figure of this subject."""
    return {**of_the_map(), **of_the_reports(), **of_the_local_page(), **of_the_guard(fit_2017())}


@cache
def fit_2017() -> Fit:
    """Return the fit of the study of 2017, by Laplace."""
    counts = interpret_counts(read_areas(read_study(STUDY)))
    inference = counts.study.inference.model_copy(update={"engine": "laplace"})
    return fit_model(build_model(counts.with_study(counts.study.model_copy(update={"inference": inference}))))


@contextmanager
def browser() -> Iterator[Any]:
    """Open a browser."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as started:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        yield started.chromium.launch(executable_path=path, args=options)


def of_the_map() -> dict[str, Any]:
    """Return size, time to make and to open, time and error of sets, and what the tests of accessibility find."""
    from pytest_playwright_axe.axe import MIN_AXE_PATH

    fit = fit_2017()
    begun, used = perf_counter(), _processor()
    made = map_page(fit, POLYGONS)
    with TemporaryDirectory() as folder, browser() as opened:
        path = made.write(Path(folder) / "map.html")
        found: dict[str, Any] = {
            "map_areas": len(fit.counts),
            "map_mb": round(path.stat().st_size / 1e6, 2),
            "map_made_seconds": round(perf_counter() - begun, 1),
            "map_made_cpu_seconds": round(_processor() - used, 1),
        }
        page = opened.new_page(viewport={"width": 1400, "height": 1000})
        begun = perf_counter()
        page.goto(path.as_uri())
        page.wait_for_function("document.body.dataset.ready === 'yes'")
        found["map_open_seconds"] = round(perf_counter() - begun, 2)
        found |= _sets(fit, page)
        page.evaluate("choose([0])")
        page.evaluate(MIN_AXE_PATH.read_text("utf-8"))
        violations = page.evaluate(
            f"axe.run(document, {RULES}).then((result) => result.violations.map((each) => each.id))"
        )
        page.goto("about:blank")
        page.goto(path.as_uri())
        page.wait_for_function("document.body.dataset.ready === 'yes'")
        passed = len(STEPS) - len(failed_steps(page))
        return found | {
            "axe_violations": len(violations),
            "keyboard_steps": len(STEPS),
            "keyboard_steps_passed": passed,
        }


def _sets(fit: Fit, page: Any) -> dict[str, Any]:
    """Return how long sets take, and how far the ends of their intervals are from those of Python (points)."""
    rng = np.random.default_rng(17)
    apart, slowest = list[float](), 0.0
    lived = np.flatnonzero(fit.counts.population > 0)
    for nth in range(SETS):
        areas = rng.choice(lived, SIZES[nth % len(SIZES)], replace=False).tolist()
        found = page.evaluate(
            "(areas) => { const begun = performance.now(); const sum = addedUp(areas, held());"
            " return {...sum, ms: performance.now() - begun}; }",
            areas,
        )
        codes = {"set": [str(fit.counts.areas.codes[area]) for area in areas]}
        python = aggregate(fit, codes, "difference.underlying.determinants", "points").samples[:, 0]
        ends = np.array(found["difference"][1:])
        apart.append(float(np.abs(ends - np.quantile(python, [0.05, 0.95])).max()))
        slowest = max(slowest, found["ms"])
    return {
        "lasso_sets": SETS,
        "lasso_ms": round(slowest, 1),
        "lasso_max_error_pp": round(max(apart), 3),
        "lasso_error_pp_nine_in_ten": round(float(np.quantile(apart, 0.9)), 3),
    }


def of_the_reports() -> dict[str, Any]:
    """Return how long all gemeenten take as web pages, one alone, and their sizes."""
    fit = fit_2017()
    begun = perf_counter()
    country = country_of(fit, "gemeente", POLYGONS)
    estimating = perf_counter() - begun
    codes = [str(code) for code in country.groups.codes]
    with TemporaryDirectory() as folder:
        used = _processor()
        write_reports(country, codes[:5], Path(folder) / "few")
        alone = (_processor() - used) / 5
        begun = perf_counter()
        made = write_reports(country, codes, Path(folder) / "all")
        seconds = perf_counter() - begun
        sizes = [(made.folder / name).stat().st_size for name in made.made]
    return {
        "country_seconds": round(estimating, 1),
        "report_cpu_seconds": round(alone, 2),
        "reports_made": len(made.made),
        "reports_seconds": round(seconds, 1),
        "report_mb_max": round(max(sizes) / 1e6, 2),
        "cores_used": len(os.sched_getaffinity(0)),
    }


def of_the_local_page() -> dict[str, Any]:
    """Return how many attacks on the running local page were tried, and how many of them were stopped."""
    country = country_of(invented_fit())
    with TemporaryDirectory() as name:
        folder = Path(name, "results")
        folder.mkdir()
        Path(name, OUTSIDE).write_text(CANARY, "utf-8")
        for kept in ("fit.nc", "provenance.json"):
            (folder / kept).write_text(CANARY, "utf-8")
        (folder / "link.csv").symlink_to(Path(name, OUTSIDE))
        (folder / "linked").symlink_to(name, target_is_directory=True)
        with LocalServer(LocalSite(country, folder)) as server:
            stopped = [attack.stopped(tried(server, attack)) for attack in attacks_on(server)]
    return {"local_page_attacks_tried": len(stopped), "local_page_attacks_stopped": sum(stopped)}


def _processor() -> float:
    """Return the processor seconds of this process."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
