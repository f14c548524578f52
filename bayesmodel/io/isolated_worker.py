"""The process of `bayesmodel.io.isolated`: run as a file, so that it imports nothing but the library it needs."""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress


def main(path: str, memory: int) -> None:
    """Write the sheets of a spreadsheet, or why there are none, on the standard output."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such bound
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    from python_calamine import CalamineError, CalamineWorkbook

    found: object
    try:
        book = CalamineWorkbook.from_path(path)
        shown = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith(".Visible")]
        sheets = {name: book.get_sheet_by_name(name) for name in shown}
        found = {
            name: (sheet.to_python(skip_empty_area=False), list(sheet.merged_cell_ranges or ()))
            for name, sheet in sheets.items()
        }
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        found = str(error)
    sys.stdout.buffer.write(pickle.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
