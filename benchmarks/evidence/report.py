"""What leaves: the map page of the file of 2017 in a real browser, all its reports, and attacks on the local page."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from subprocess import run
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
    write_tables,
)
from bayesmodel.estimates.groups import groups_of
from bayesmodel.report.local_pages import LocalSite
from bayesmodel.report.local_server import LocalServer
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.results_folder import FORMATS
from bayesmodel.testing import invented_fit
from benchmarks.evidence.guard import of_the_guard
from benchmarks.evidence.record import SHARED
from benchmarks.evidence.study_2017 import STUDY
from benchmarks.formats import READERS, disagreements, map_disagreements, report_disagreements
from benchmarks.hostile_names import hostile_fit, in_browser, in_reports, in_tables
from benchmarks.local_page_attacks import CANARY, OUTSIDE, attacks_on, tried
from benchmarks.map_keyboard import STEPS, failed_steps

POLYGONS = SHARED / "cbs_wijkgrenzen" / "wijk_2017_approx.geojson"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
THREE = ("GM0014", "GM0034", "GM0093")
"""Groningen, Almere and Terschelling, a small rural gemeente with hidden counts."""
SETS = {"pair": (100, 2, 2), "team": (150, 3, 15), "lasso": (50, 16, 100)}
"""Kinds of sets of neighbours whose intervals are compared: how many, and the least and most areas of each."""
ENDS = (0.05, 0.95)
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


def figures() -> dict[str, Any]:
    """Return every figure of this subject."""
    return {
        **of_the_map(),
        **of_the_reports(),
        **of_the_exports(),
        **of_hostile_names(),
        **of_the_local_page(),
        **of_the_guard(fit_2017()),
    }


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
        page.wait_for_selector("body[data-ready=yes]", state="attached")
        found["map_open_seconds"] = round(perf_counter() - begun, 2)
        found |= _sets(fit, page, made.content["shapes"]["centres"])
        page.evaluate("choose([0])")
        page.evaluate(MIN_AXE_PATH.read_text("utf-8"))
        violations = page.evaluate(
            f"axe.run(document, {RULES}).then((result) => result.violations.map((each) => each.id))"
        )
        page.goto("about:blank")
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-ready=yes]", state="attached")
        passed = len(STEPS) - len(failed_steps(page))
        return found | {
            "axe_violations": len(violations),
            "keyboard_steps": len(STEPS),
            "keyboard_steps_passed": passed,
        }


def _sets(fit: Fit, page: Any, centres: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Return how long sets take, and how far the ends of their intervals are from those of Python (points).

    And how well those of Python are known: the standard error of its quantiles, as it has a thousand draws.
    """
    apart, known, slowest = dict[str, list[float]](), list[float](), 0.0
    rng = np.random.default_rng(17)
    for kind, areas in _sets_of(fit, centres):
        found = page.evaluate(
            "(areas) => { const begun = performance.now(); const sum = addedUp(areas, held());"
            " return {...sum, ms: performance.now() - begun}; }",
            areas,
        )
        codes = {"set": [str(fit.counts.areas.codes[area]) for area in areas]}
        python = aggregate(fit, codes, "difference.underlying.determinants", "points").samples[:, 0]
        ends = np.array(found["difference"][1:])
        apart.setdefault(kind, []).append(float(np.abs(ends - np.quantile(python, ENDS)).max()))
        again = np.quantile(rng.choice(python, (200, len(python))), ENDS, axis=1)
        known.append(float(again.std(axis=1).max()))
        slowest = max(slowest, found["ms"])
    every = [each for kind in apart.values() for each in kind]
    return {
        "lasso_sets": {kind: len(each) for kind, each in apart.items()},
        "lasso_ms": round(slowest, 1),
        "lasso_max_error_pp": round(max(every), 3),
        "lasso_max_error_pp_by_kind": {kind: round(max(each), 3) for kind, each in apart.items()},
        "lasso_error_pp_nine_in_ten": round(float(np.quantile(every, 0.9)), 3),
        "lasso_standard_error_pp_of_python": round(float(np.median(known)), 3),
        "lasso_standard_error_pp_of_python_at_most": round(max(known), 3),
    }


def _sets_of(fit: Fit, centres: Sequence[tuple[int, int]]) -> Iterator[tuple[str, list[int]]]:
    """Yield the kind and the areas of neighbours, of every gemeente with several wijken, and of random sets."""
    rng = np.random.default_rng(17)
    lived = fit.counts.population > 0
    placed = np.flatnonzero(lived & (np.array(centres)[:, 0] >= 0))
    places = np.array(centres, dtype=float)[placed]
    for kind, (number, least, most) in SETS.items():
        for middle in rng.choice(len(placed), number, replace=False):
            nearest = np.argsort(np.square(places - places[middle]).sum(axis=1), kind="stable")
            yield kind, placed[nearest[: rng.integers(least, most + 1)]].tolist()
    for rows in groups_of(fit.counts, "gemeente").rows_of_each:
        if lived[rows].sum() > 1:
            yield "gemeente", rows[lived[rows]].tolist()
    for size in rng.integers(2, 301, 50):
        yield "random", rng.choice(np.flatnonzero(lived), size, replace=False).tolist()


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
        begun, used = perf_counter(), _processor(resource.RUSAGE_CHILDREN)
        made = write_reports(country, codes, Path(folder) / "all")
        seconds, worked = perf_counter() - begun, _processor(resource.RUSAGE_CHILDREN) - used
        sizes = [(made.folder / name).stat().st_size for name in made.made]
    return {
        "country_seconds": round(estimating, 1),
        "report_cpu_seconds": round(alone, 2),
        "reports_made": len(made.made),
        "reports_seconds": round(seconds, 1),
        "reports_cpu_seconds": round(worked),
        "report_mb_max": round(max(sizes) / 1e6, 2),
        "cores_used": len(os.sched_getaffinity(0)),
    }


def of_the_exports() -> dict[str, Any]:
    """Return how many formats hold the same cells as the tables, and how Word documents open."""
    differ, facts = compared_tables(fit_2017())
    in_reports, opened = compared_reports(fit_2017())
    differ |= in_reports
    agree = sum(number == 0 for number in differ.values())
    return {"formats_compared": len(differ), "formats_agree": agree, **facts, "docx_opened": opened}


def compared_tables(fit: Fit) -> tuple[dict[str, int], dict[str, Any]]:
    """Return in how many cells each format of the tables and the map page differ from them; sizes and time."""
    tables = tables_of(fit)
    with TemporaryDirectory() as folder:
        out = Path(folder) / "tables"
        used = _processor()
        write_tables(fit, out, FORMATS, polygons=POLYGONS)
        seconds = _processor() - used
        differ = {form: sum(len(disagreements(out, tables, name, form)) for name in tables.frames) for form in READERS}
        megabytes = {path.name: round(path.stat().st_size / 1e6, 2) for path in out.iterdir()}
    differ["map.html"] = len(map_disagreements(map_page(fit, POLYGONS).content, tables))
    return differ, {
        "formats_cells": int(sum(frame.size + len(frame) for frame in tables.frames.values())),
        "formats_cpu_seconds": round(seconds, 1),
        "geopackage_mb": megabytes["tables.gpkg"],
        "long_csv_mb": megabytes["long.csv"],
        "long_parquet_mb": megabytes["long.parquet"],
    }


def compared_reports(fit: Fit) -> tuple[dict[str, int], int]:
    """Return in how many cells reports of three gemeenten differ from the tables, and how many documents open well."""
    country = country_of(fit, "gemeente", POLYGONS)
    with TemporaryDirectory() as name:
        folder = Path(name) / "reports"
        write_reports(country, THREE, folder, ("html", "docx"))
        wrong = [
            cell
            for code in THREE
            for cell in report_disagreements(country, code, folder / f"{code}.html", folder / f"{code}.docx")
        ]
        differ = {f"report.{kind}": sum(cell[0] == kind for cell in wrong) for kind in ("html", "docx")}
        return differ, sum(opens_well(folder / f"{code}.docx") for code in THREE)


def opens_well(path: Path) -> bool:
    """Return whether LibreOffice opens a Word document, and it has headings, described pictures and header rows."""
    import docx
    from docx.oxml.ns import qn

    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    run(command, check=True, capture_output=True, timeout=180)
    read = docx.Document(str(path))
    headings = [each for each in read.paragraphs if str(each.style.name).startswith("Heading")]
    described = [len(shape._inline.docPr.get("descr") or "") > 40 for shape in read.inline_shapes]
    headed = [table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in read.tables]
    made = path.with_suffix(".pdf").read_bytes()[:5] == b"%PDF-"
    return made and len(headings) > 5 and all(described) and all(headed) and len(described) > 1 and len(headed) > 1


def of_hostile_names() -> dict[str, Any]:
    """Return how many names were tried in how many outputs, and how many came out as text and nothing else."""
    fit = hostile_fit()
    with TemporaryDirectory() as folder, browser() as opened:
        reports = Path(folder) / "reports"
        attempts = [*in_tables(fit, Path(folder) / "tables"), *in_reports(fit, reports)]
        attempts += in_browser(fit, reports, opened)
    return {"injection_cases": len(attempts), "injection_escaped": sum(each.escaped for each in attempts)}


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


def _processor(whose: int = resource.RUSAGE_SELF) -> float:
    """Return the processor seconds of this process, or of those that it started and that have ended."""
    return sum(resource.getrusage(whose)[:2])
