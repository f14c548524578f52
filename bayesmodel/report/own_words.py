"""What a gemeente itself says in its report: its explanation and whom to ask, read from a file and kept there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bayesmodel.errors import DataError, Fault
from bayesmodel.files import not_a_file, shortened
from bayesmodel.messages import _

KEYS = ("explanation", "contact")


@dataclass(frozen=True)
class OwnWords:
    """The explanation of one group, and whom to ask.

    Parameters
    ----------
    explanation, contact : str
        Either may be empty.
    """

    explanation: str = ""
    contact: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        r"""The explanation, a paragraph for each part between empty lines.

        Examples
        --------
        >>> OwnWords("One.\n\nTwo,\non two lines.").paragraphs
        ('One.', 'Two, on two lines.')
        """
        parts = (" ".join(part.split()) for part in self.explanation.split("\n\n"))
        return tuple(part for part in parts if part)


def read_own_words(path: str | Path, codes: Sequence[str]) -> Mapping[str, OwnWords]:
    r"""Read the explanations of groups from a file: a section for each code.

    Parameters
    ----------
    path : str or Path
        Toml: ``[GM0034]`` with ``explanation`` and ``contact``, both texts and both optional.
    codes : sequence of str
        Codes of the groups that there are.

    Returns
    -------
    mapping of str to OwnWords
        By code.

    Raises
    ------
    DataError
        It cannot be read, or holds codes or keys that mean nothing: all of them at once.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "toelichting.toml")
    ...     _size = path.write_text('[GM0034]\ncontact = "onderzoek@almere.nl"\n', encoding="utf-8")
    ...     read_own_words(path, ["GM0034"])["GM0034"].contact
    'onderzoek@almere.nl'
    """
    path = Path(path)
    where = _("The file of explanations")
    if (problem := not_a_file(path)) is not None:
        raise DataError(where, [Fault(str(path), problem, _("a text file"), _("Name another file."))])
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        advice = _("Write it in UTF-8, texts between double quotes, or between three of them over several lines.")
        raise DataError(where, [Fault(str(path), str(error), _("toml"), advice)]) from None
    known, faults, found = set(codes), list[Fault](), dict[str, OwnWords]()
    for code, words in content.items():
        if code not in known:
            advice = _("Take a code that the results have, or leave it out.")
            faults.append(Fault(f"[{code}]", shortened(code), _("the code of a group"), advice))
        elif not isinstance(words, dict) or set(words) - set(KEYS) or not all(map(_is_text, words.values())):
            advice = _("Write explanation and contact under it, each a text.")
            faults.append(Fault(f"[{code}]", shortened(words), " / ".join(KEYS), advice))
        else:
            found[code] = OwnWords(**words)
    if faults:
        raise DataError(where, faults)
    return found


def _is_text(value: object) -> bool:
    """Return whether a value is a text."""
    return isinstance(value, str)
