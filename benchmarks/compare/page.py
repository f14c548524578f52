"""The page: what was measured, as a table and a picture in docs/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

COLUMNS = {
    "entrant": "",
    "cold_seconds": "cold (s)",
    "cold_cpu_seconds": "of the processor",
    "warm_seconds": "warm (s)",
    "fit_seconds": "of which fitting",
    "warm_cpu_seconds": "of the processor",
    "ess_min": "least effective draws",
    "ess_per_cpu_second": "per processor second",
    "peak_mb": "peak (MB)",
    "mean_difference": "means differ by at most (sd)",
    "sd_ratio": "sds, least and most",
}
INTRODUCTION = """# Side by side

`python -m benchmarks.compare` makes this page. Every program gets the same invented country, the same determinants
(none missing), the same model and, where it takes them, the same priors, and goes from command to saved result.
*Cold*: nothing compiled yet; what this package compiles serves every case of a family, so that only the first of them
is cold. *Warm*: a new process that finds what that one compiled. *Least effective draws*: the smallest bulk effective
size of intercept, coefficients, sds and effects of gemeenten and regions; per second of the processor, warm, imports
and all. Means and sds are held against a run of four times as many draws, in its posterior sds.
glmmTMB, GPBoost and lme4 give a maximum and no draws, and for sds no uncertainty; lme4 is in its fastest mode. brms
starts at 0, because its default start fails on these data.

*hidden*: counts under 10 are hidden. *rounded*: every count is a multiple of five, those of 7 and under hidden, as CBS
publishes.

Named and not run, as they need an R of 4.3 or newer and another model: RSTr (Gibbs samplers in C++ for spatial and
spatiotemporal CAR models, with a restriction against smoothing too much and suppression of unreliable estimates) and
bage (rates by age, sex, area and time on TMB, with data models, counts rounded at random among them). Neither takes
counts hidden because they are small.

A run may measure only some rows anew; the others stay as an earlier run left them, perhaps on another machine of this
kind.
"""


def write_page(rows: Sequence[dict[str, Any]], about: dict[str, Any], folder: Path) -> None:
    """Write ``benchmarks.md`` and ``benchmarks.png``.

    Parameters
    ----------
    rows : sequence of dict
        As `contest` gives them.
    about : dict
        Of the run: size, limit, machine, load.
    folder : Path
    """
    lines = [INTRODUCTION, _about(about), "![Seconds from command to result](benchmarks.png)", ""]
    for case in dict.fromkeys(row["case"] for row in rows):
        chosen = [row for row in rows if row["case"] == case]
        lines += [f"## {case}", "", *_table([row for row in chosen if not row["problem"]]), ""]
        lines += [f"- {row['entrant']}: {row['problem']}." for row in chosen if row["problem"]]
        lines.append("")
    (folder / "benchmarks.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    draw(rows, folder / "benchmarks.png")


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw the processor seconds of every entrant in every case, warm filled and cold open, on a logarithmic scale."""
    from matplotlib.figure import Figure

    done = [row for row in rows if not row["problem"]]
    cases = list(dict.fromkeys(row["case"] for row in rows))
    names = list(dict.fromkeys(row["entrant"] for row in done))
    figure = Figure(figsize=(9, 1.5 + 0.6 * len(cases)), layout="constrained")
    axes = figure.subplots()
    for place, name in enumerate(names):
        mine = [row for row in done if row["entrant"] == name]
        heights = [cases.index(row["case"]) + 0.09 * (place - len(names) / 2) for row in mine]
        marker = "osD^vPX*"[place % 8]
        axes.plot([row["warm_cpu_seconds"] for row in mine], heights, marker, color=f"C{place}", label=name, ms=6)
        colds = [row.get("cold_cpu_seconds") for row in mine]
        axes.plot(colds, heights, marker, color=f"C{place}", mfc="none", ms=6)
    axes.set(
        xscale="log",
        xlabel="seconds of the processor, from command to result (filled: warm, open: cold)",
        yticks=range(len(cases)),
    )
    axes.set_yticklabels(cases)
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100, 200], ["1", "2", "5", "10", "20", "50", "100", "200"], minor=False)
    axes.minorticks_off()
    seconds = [row[key] for row in done for key in ("warm_cpu_seconds", "cold_cpu_seconds") if key in row]
    axes.set_xlim(0.8 * min(seconds), 1.25 * max(seconds))
    axes.invert_yaxis()
    axes.grid(axis="x", color="0.9")
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(path, dpi=110)


def _about(about: dict[str, Any]) -> str:
    """Say when and where it was measured."""
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    loads = [row["load"] for row in about["rows"] if "load" in row]
    load = f"{min(loads)} to {max(loads)} (noted for {len(loads)} of {len(about['rows'])} runs)"
    where = f"{about['areas']:,} wijken, {about['cores']} cores, {about['memory_gib']} GiB, load {load}"
    shared = "others worked on the machine too: compare within a case, distrust differences under 1.5"
    return f"Last measured on {about['date']}, by `{about['command']}`: {where} ({shared}). {versions}.\n"


def _table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Return the lines of one table."""
    if not rows:
        return ["Nobody finished."]
    head = ["| " + " | ".join(COLUMNS.values()) + " |", "|" + "---|" * len(COLUMNS)]
    return head + ["| " + " | ".join(_cell(row, name) for name in COLUMNS) + " |" for row in rows]


def _cell(row: dict[str, Any], name: str) -> str:
    """Return one cell as text."""
    if name == "sd_ratio":
        low, high = row.get("sd_ratio_min"), row.get("sd_ratio_max")
        return "-" if low is None else f"{low:.2f} to {high:.2f}"
    value = row.get(name)
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
