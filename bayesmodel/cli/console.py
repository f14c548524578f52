"""Output of the program: results on stdout, as text or as one JSON object; messages on stderr, or not at all."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import isfinite, isnan
from time import monotonic
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from bayesmodel.messages import _, number

if TYPE_CHECKING:
    from bayesmodel.inference.nuts import Progress


@dataclass(frozen=True)
class Reporter:
    """How the program reports to the user.

    Parameters
    ----------
    quiet : bool
        Whether to print only results and errors.
    as_json : bool
        Whether to print results as one JSON object.
    """

    quiet: bool = False
    as_json: bool = False

    @property
    def messages(self) -> Console:
        """Where messages go: stderr, or nowhere."""
        return Console(stderr=True, highlight=False, quiet=self.quiet)

    def say(self, text: str, indent: int = 0) -> None:
        """Print a message."""
        self.messages.print(Padding.indent(escape(text), indent))

    def answer(self, shown: RenderableType, data: Mapping[str, Any]) -> None:
        """Print the result: `shown` as text, or `data` as JSON."""
        if self.as_json:
            print(as_json(data))
        else:
            Console(highlight=False).print(shown, markup=False, soft_wrap=isinstance(shown, str))

    def report_error(self, error: Mapping[str, Any]) -> None:
        """Print why the program stops: the ``message`` on stderr, and as JSON if requested."""
        Console(stderr=True, highlight=False).print(str(error["message"]), style="red", markup=False, soft_wrap=True)
        self.report_error_as_json(error)

    def report_error_as_json(self, error: Mapping[str, Any]) -> None:
        """Print why the program stops as one JSON object, if JSON was requested."""
        if self.as_json:
            print(as_json({"error": error}))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Print the name of a stage when it starts and the seconds it took when it ends; nothing with JSON."""
        begun = monotonic()
        console = Console(stderr=True, highlight=False, quiet=self.quiet or self.as_json)
        console.print(f"[bold]{escape(name)}[/bold]")
        yield
        took = _("done in {seconds} s").format(seconds=number(monotonic() - begun, ".1f"))
        console.print(f"      {took}", style="dim")

    @contextmanager
    def sampling(self) -> Iterator[Progress]:
        """Show a progress bar with the time left; yields the function that updates it."""
        done = _("{done} of {total} draws, {divergences} divergent")
        columns = [
            TextColumn("      {task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn(_("left")),
            TimeRemainingColumn(),
        ]
        console = self.messages
        with ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=None, visible=False)

            def report(completed: int, total: int, divergences: int) -> None:
                text = done.format(done=number(completed), total=number(total), divergences=number(divergences))
                bar.update(task, completed=completed, total=total, description=text, visible=True)

            yield report

    @contextmanager
    def counting(self) -> Iterator[Callable[[int, int], None]]:
        """Show a progress bar of tasks done; yields the function that updates it."""
        console = self.messages
        columns = [TextColumn("      {task.completed}/{task.total}"), BarColumn(), TimeElapsedColumn()]
        with ProgressBar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=None, visible=False)

            def report(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, visible=True)

            yield report


PLAIN = Reporter()
"""The default reporter."""

_speaking: ContextVar[Reporter] = ContextVar("voice", default=PLAIN)


def reporter() -> Reporter:
    """Return the reporter of this run."""
    return _speaking.get()


def use_reporter(chosen: Reporter) -> None:
    """Use a reporter from now on."""
    _speaking.set(chosen)


def as_json(data: Mapping[str, Any]) -> str:
    """Return data as JSON that is valid in every encoding of the output."""
    every_letter = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    return json.dumps(plain(data), ensure_ascii=not every_letter)


def plain(value: Any) -> Any:
    """Return a value as plain JSON: paths and enumerations as text, arrays as lists, NaN as null.

    Examples
    --------
    >>> from pathlib import Path
    >>> plain({"out": Path("results"), "share": float("nan"), "rows": (1, 2)})
    {'out': 'results', 'share': None, 'rows': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float) and not isfinite(value):
        return None if isnan(value) else str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
