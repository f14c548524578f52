"""Exit codes: what the program tells the shell, a script or a scheduler.

1 is none of them: Python exits with it when a program fails in a way that nobody foresaw, so a 1 is a fault of ours.
"""

from __future__ import annotations

from enum import IntEnum

from bayesmodel.errors import ConvergenceError, OutputError


class ExitCode(IntEnum):
    """How the program ended."""

    DONE = 0
    FAULT = 2
    NOT_CONVERGED = 3
    NOT_WRITTEN = 4
    INTERRUPTED = 130


def exit_code_of(error: BaseException) -> ExitCode:
    """Return the code a failure leaves with.

    Examples
    --------
    >>> exit_code_of(OutputError("the disk is full")).value
    4
    """
    match error:
        case ConvergenceError():
            return ExitCode.NOT_CONVERGED
        case OutputError():
            return ExitCode.NOT_WRITTEN
        case KeyboardInterrupt():
            return ExitCode.INTERRUPTED
        case _:
            return ExitCode.FAULT
