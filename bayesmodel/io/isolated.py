"""The older, binary spreadsheets, read in a process of its own whose memory is bounded.

How large their sheets are is not known before they are read, and the library ends the process that asks for too much.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

from bayesmodel.files import shortened
from bayesmodel.io.packed import unreadable
from bayesmodel.io.text_table import CELLS, too_large
from bayesmodel.messages import _

BINARY = (".xls", ".xlsb")
MEMORY = 80 * CELLS
"""Bytes that the process may use."""
SECONDS = 120

WORKER = Path(__file__).with_name("apart_worker.py")


def read_apart(path: Path) -> dict[str, tuple[list[list[Any]], list[Any]]]:
    """Read the sheets of a binary spreadsheet that are not hidden.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict of str to tuple
        Cells row by row and merged ranges, by the name of the sheet.

    Raises
    ------
    DataError
        The file is no spreadsheet, is damaged, or takes more memory or time than a table of areas.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(WORKER), str(path), str(MEMORY)],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise too_large(path.name, _("a file that takes minutes to read"), _("a spreadsheet with a table")) from None
    if done.returncode:
        if b"panicked" in done.stderr:
            raise unreadable(path, _("it is damaged"))
        raise too_large(path.name, _("a file that needs more memory than any table of areas"), _("a spreadsheet"))
    # nothing but what was written above
    found = pickle.loads(done.stdout)
    if isinstance(found, str):
        raise unreadable(path, shortened(found))
    return dict(found)
