"""The way of the data as the user sees it: read, check, fit, estimate and write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from bayesmodel.counts import Counts, interpret_counts
from bayesmodel.sources import read_areas
from bayesmodel.study import Study

if TYPE_CHECKING:
    from bayesmodel.inference import Verdict
    from bayesmodel.inference.nuts import Progress


def read_and_check(study: Study) -> Counts:
    """Read the tables of a study and interpret its counts.

    Parameters
    ----------
    study : Study
        The study to read for.

    Returns
    -------
    Counts
        Intervals, with notes on what was assumed.
    """
    return interpret_counts(read_areas(study))


def carry_out(study: Study, out: Path, *, force: bool, accept_unconverged: bool) -> None:
    """Go all the way from a study to a results folder, saying what happens.

    Parameters
    ----------
    study : Study
        What to analyse.
    out : Path
        The results folder.
    force : bool
        Whether older results may be replaced.
    accept_unconverged : bool
        Whether draws that did not converge may be written.

    Raises
    ------
    BayesModelError
        At any stage; nothing is written then.
    """
    from bayesmodel.inference import fit_model
    from bayesmodel.model import build_model
    from bayesmodel.outputs.results import refuse_unconverged, write_results
    from bayesmodel.outputs.whole import refuse_existing

    console = Console(highlight=False)
    refuse_existing(out, force=force)
    with _stage(console, "read and check"):
        counts = read_and_check(study)
    for note in counts.areas.notes + counts.notes:
        console.print(_indented(note))
    with _stage(console, "build the model"):
        built = build_model(counts)
    with _stage(console, "fit"), _sampling(console) as report:
        fit = fit_model(built, progress=report)
    refuse_unconverged(fit, accept=accept_unconverged)
    console.print(_indented(_judged(fit.verdict)))
    with _stage(console, "estimate and write"):
        written = write_results(fit, out, force=force, accept_unconverged=accept_unconverged)
    console.print(f"Results in {out}: {', '.join(path.name for path in written)}", markup=False, soft_wrap=True)


def _indented(text: str) -> Padding:
    """Return a text set under the name of its stage."""
    return Padding.indent(escape(text), 6)


def _judged(verdict: Verdict) -> str:
    """Return the figures of a verdict in a sentence."""
    state = "converged" if verdict.converged else "NOT converged"
    return (
        f"{state}: R-hat at most {verdict.rhat_max:.3f}, at least {verdict.ess_min:,.0f} effective draws, "
        f"{verdict.divergences} divergences"
    )


@contextmanager
def _stage(console: Console, name: str) -> Iterator[None]:
    """Print the name of a stage when it starts and the seconds it took when it ends."""
    begun = monotonic()
    console.print(f"[bold]{name}[/bold]")
    yield
    console.print(f"      done in {monotonic() - begun:.1f} s", style="dim")


@contextmanager
def _sampling(console: Console) -> Iterator[Progress]:
    """Show a bar with the time left; gives the function that moves it."""
    columns = [
        TextColumn("      {task.completed:.0f} of {task.total:.0f} draws, {task.fields[divergences]} divergent"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    ]
    with ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("sampling", total=None, visible=False, divergences=0)

        def report(done: int, total: int, divergences: int) -> None:
            bar.update(task, completed=done, total=total, divergences=divergences, visible=True)

        yield report
