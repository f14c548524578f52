"""The seal of a saved fit: a digest behind its last byte, looked at before any library opens the file.

Libraries in C read changed bytes as other numbers, end in an error of their own, or take the whole program down.
NetCDF readers do not look beyond the end that the file states, so a sealed file opens in all of them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from bayesmodel.errors import FitFileError
from bayesmodel.messages import _

MARK = b"\nbayesmodel sha256 "
"""What the seal begins with; the digest follows."""
SIZE = len(MARK) + hashlib.sha256().digest_size
HDF5 = b"\x89HDF\r\n\x1a\n"
"""First bytes of a NetCDF file."""


def seal(path: Path) -> None:
    """Add the digest of all bytes of a file behind them."""
    with path.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        file.seek(0, 2)
        file.write(MARK + digest)


def check_seal(path: Path) -> None:
    """Refuse a file whose bytes are not those that were sealed.

    Parameters
    ----------
    path : Path
        A file that is there.

    Raises
    ------
    FitFileError
        The file was changed or cut off since it was saved, it never had a seal, or it cannot be read.
    """
    try:
        sealed = _sealed(path)
    except OSError as error:
        raise FitFileError(_("{path} cannot be read ({why}).").format(path=path, why=error.strerror or error)) from None
    if sealed is None:
        other = _(
            "{path} has no checksum at its end: it was cut off, made by another program, or saved by a version of "
            "bayesmodel before the checksum. Take it from its source again, or fit again with `bayesmodel run` or "
            "`bayesmodel fit`."
        )
        raise FitFileError(other.format(path=path))
    if not sealed:
        changed = _(
            "{path} was changed since it was saved: its checksum does not fit its content, so its numbers may not be "
            "relied on. Take it from its source again, or fit again."
        )
        raise FitFileError(changed.format(path=path))


def _sealed(path: Path) -> bool | None:
    """Whether the seal fits the content; None where there is none."""
    with path.open("rb") as file:
        if file.read(len(HDF5)) != HDF5:
            raise FitFileError(_("{path} is no NetCDF file.").format(path=path))
        content = file.seek(0, 2) - SIZE
        if content < len(HDF5):
            return None
        file.seek(content)
        found = file.read(SIZE)
        if not found.startswith(MARK):
            return None
        file.seek(0)
        digest = hashlib.sha256()
        while content > 0 and (block := file.read(min(content, 1 << 20))):
            digest.update(block)
            content -= len(block)
        return found == MARK + digest.digest()
