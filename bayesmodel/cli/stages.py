"""The way of the data as the user sees it: read, check, fit, estimate and write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bayesmodel.counts import Counts, interpret_counts
from bayesmodel.sources import read_areas
from bayesmodel.study import Study


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
    from bayesmodel.inference.nuts import fit_model
    from bayesmodel.model.build import build_model
    from bayesmodel.outputs.results import refuse_unconverged, write_results
    from bayesmodel.outputs.whole import refuse_existing

    console = Console(highlight=False)
    refuse_existing(out, force=force)
    with _stage(console, "read and check"):
        counts = read_and_check(study)
    for note in counts.areas.notes + counts.notes:
        console.print(f"      {note}", markup=False)
    with _stage(console, "build the model"):
        built = build_model(counts)
    with _stage(console, "fit"), _sampling(console) as report:
        fit = fit_model(built, progress=report)
    refuse_unconverged(fit, accept=accept_unconverged)
    with _stage(console, "estimate and write"):
        written = write_results(fit, out, force=force, accept_unconverged=accept_unconverged)
    console.print(f"Results in {out}: {', '.join(path.name for path in written)}", markup=False, soft_wrap=True)


@contextmanager
def _stage(console: Console, name: str) -> Iterator[None]:
    """Print the name of a stage when it starts and the seconds it took when it ends."""
    begun = monotonic()
    console.print(f"[bold]{name}[/bold]")
    yield
    console.print(f"      done in {monotonic() - begun:.1f} s", style="dim")


@contextmanager
def _sampling(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Show a bar with the time left; gives the function that moves it: steps done, of how many."""
    columns = [
        TextColumn("      {task.completed:.0f} of {task.total:.0f} steps"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    ]
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("sampling", total=None, visible=False)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        yield report
