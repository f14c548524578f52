"""Exit codes: what the program tells the shell, a script or a scheduler.

1 is not among them: Python exits with it on an unexpected failure, so a 1 is a bug in this program.
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
    """Return the exit code of a failure.

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
