"""Ctrl-C before the program has begun: it ends at once, with code 130, as there is nothing to say or to clean up."""

import os
import signal
from types import FrameType


def _end(_number: int, _frame: FrameType | None) -> None:
    """End without a word; a traceback through half-imported modules would be all there is to show."""
    os._exit(130)


if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where a shell in the background has it ignored
    signal.signal(signal.SIGINT, _end)
