"""House style: one theme for pictures, pages and documents; a user's own colours, letters, logo and Word template."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from bayesmodel.errors import DataError, Fault
from bayesmodel.files import not_a_file, shortened
from bayesmodel.html import embedded
from bayesmodel.messages import _, number

TEXT, GRAPHIC = 4.5, 3.0
"""Least contrast with white by WCAG 2.2 AA: of text (1.4.3), and of marks that one must see (1.4.11)."""
MOST_BYTES = 2_000_000
"""Of a logo: it is in every page."""
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = frozenset(
    f"{SVG}{name}"
    for name in (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "path", "rect", "circle", "ellipse"),
        *("line", "polyline", "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath"),
        *("mask", "pattern", "style"),
    )
)
"""Elements of an svg that only draw; a logo with any other is refused."""
NOTES = ("http://www.w3.org/1999/02/22-rdf", "http://creativecommons.org/", "http://purl.org/dc/", "http://sodipodi.")
"""How the names begin of what drawing programs note in an svg for themselves."""
OUTSIDE = re.compile(r"url\((?!\s*['\"]?#)|@import|javascript:", re.IGNORECASE)
"""What fetches or runs something, in a style or an attribute of an svg."""


@dataclass(frozen=True)
class Theme:
    """The look of pictures, pages and documents.

    Colours of classes on maps and of steps of a waterfall are not part of it: they were chosen for colour-blind readers
    and grey prints.

    Parameters
    ----------
    accent : str
        Colour ``#rrggbb`` of headings, links and buttons, and of what was published in pictures.
    second : str
        Colour of what is hidden in pictures, where marks differ in shape too.
    font : str
        Name of the letters; those of the system, of the picture or of the Word template when empty.
    logo : bytes
        A png or an svg, or nothing.
    logo_text : str
        What the logo shows, for who cannot see it.
    template : bytes
        A Word document (.docx or .dotx) whose styles, margins, headers and footers are taken; its text is not.
    """

    accent: str = "#0072B2"
    second: str = "#D55E00"
    font: str = ""
    logo: bytes = b""
    logo_text: str = ""
    template: bytes = b""

    @property
    def logo_is_png(self) -> bool:
        """Whether the logo is a png, which Word can show; an svg it cannot."""
        return self.logo.startswith(PNG)

    @property
    def image(self) -> str:
        """The logo as html with its text alternative; nothing where there is none."""
        if not self.logo:
            return ""
        return embedded(self.logo, "png" if self.logo_is_png else "svg+xml", self.logo_text, "logo")

    @property
    def css(self) -> str:
        """Colour and letters as properties that a style sheet uses.

        Examples
        --------
        >>> Theme(font="Verdana").css
        ':root{--accent:#0072B2;--font:"Verdana",system-ui,sans-serif}'
        """
        first = f'"{self.font}",' if self.font else ""
        return f":root{{--accent:{self.accent};--font:{first}system-ui,sans-serif}}"


PLAIN = Theme()
_now: ContextVar[Theme] = ContextVar("theme", default=PLAIN)


def theme() -> Theme:
    """Return the theme in which everything is drawn and written now."""
    return _now.get()


@contextmanager
def themed(chosen: Theme) -> Iterator[None]:
    """Draw and write in a theme for a while.

    Examples
    --------
    >>> from bayesmodel.theme import Theme, theme, themed
    >>> with themed(Theme(accent="#00539f")):
    ...     theme().accent
    '#00539f'
    """
    before = _now.set(chosen)
    try:
        yield
    finally:
        _now.reset(before)


def contrast(colour: str, other: str = "#ffffff") -> float:
    """Return the contrast of two colours by WCAG: from 1, the same, to 21, black on white.

    (L1 + 0.05) / (L2 + 0.05), with L the relative luminance of the lighter and of the darker one.

    Parameters
    ----------
    colour, other : str
        ``#rrggbb``.

    Examples
    --------
    >>> round(contrast("#000000"), 1), round(contrast("#777777"), 2)
    (21.0, 4.48)
    """
    dark, light = sorted(map(_luminance, (colour, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour (sRGB)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def read_theme(path: str | Path) -> Theme:
    r"""Read a house style from a file: colours, letters, logo and Word template.

    Parameters
    ----------
    path : str or Path
        Toml with any of the keys ``accent``, ``second``, ``font``, ``logo``, ``logo_text`` and ``word_template``; files
        are beside it, or named by a whole path.

    Returns
    -------
    Theme

    Raises
    ------
    DataError
        It cannot be read, a colour is too light to be read on white, a logo could run something or has no
        ``logo_text``, or the template is no Word document: all faults at once.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "style.toml")
    ...     _size = path.write_text('accent = "#00539f"\nfont = "Verdana"\n', encoding="utf-8")
    ...     read_theme(path).font
    'Verdana'
    """
    path, where = Path(path), _("The house style")
    if (problem := not_a_file(path)) is not None:
        raise DataError(where, [Fault(str(path), problem, _("a text file"), _("Name another file."))])
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        advice = _('Write it in UTF-8, such as: accent = "#00539f".')
        raise DataError(where, [Fault(str(path), str(error), _("toml"), advice)]) from None
    faults = [*_faults(content)]
    found: dict[str, Any] = {key: content[key] for key in ("accent", "second", "font", "logo_text") if key in content}
    for key, name, check in (("logo", "logo", _logo_fault), ("word_template", "template", _template_fault)):
        if isinstance(content.get(key), str):
            read = _read(path.parent / content[key], key, check)
            if isinstance(read, Fault):
                faults.append(read)
            else:
                found[name] = read
    if faults:
        raise DataError(where, faults)
    return Theme(**found)


KEYS = ("accent", "second", "font", "logo", "logo_text", "word_template")


def _faults(content: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the values of a file of style, without opening the files it names."""
    for key, value in content.items():
        if key not in KEYS:
            yield Fault(shortened(key), shortened(key), " / ".join(KEYS), _("Take one of these, or leave it out."))
        elif not isinstance(value, str):
            yield Fault(key, shortened(value), _("a text"), _("Put it between double quotes."))
    for key, least in (("accent", TEXT), ("second", GRAPHIC)):
        if isinstance(colour := content.get(key), str):
            yield from _colour_faults(key, colour, least)
    if isinstance(font := content.get("font"), str) and not re.fullmatch(r"[\w -]{1,60}", font):
        expected = _("the name of a font: letters, digits, spaces and hyphens")
        yield Fault("font", shortened(font), expected, _('Such as: font = "Verdana".'))
    if content.get("logo") and not str(content.get("logo_text", "")).strip():
        advice = _('Say what it shows, for who cannot see it: logo_text = "Gemeente Almere".')
        yield Fault("logo_text", _("nothing"), _("the text of the logo"), advice)


def _colour_faults(key: str, colour: str, least: float) -> Iterator[Fault]:
    """Yield what is wrong with a colour: its form, or too little contrast with white."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        yield Fault(key, shortened(colour), _("a colour as #rrggbb"), _('Such as: {key} = "#00539f".').format(key=key))
    elif (has := contrast(colour)) < least:
        found = _("{colour}, with a contrast of {has} on white").format(colour=colour, has=f"{has:.1f}")
        expected = _("at least {least} to 1, as WCAG 2.2 AA asks").format(least=f"{least:.1f}")
        advice = _("Take a darker one; of the same hue {darker} has enough.").format(darker=darker(colour, least))
        yield Fault(key, found, expected, advice)


def darker(colour: str, least: float) -> str:
    """Return the lightest darker shade of a colour with enough contrast on white.

    Examples
    --------
    >>> darker("#ffcc00", 4.5), contrast("#907300") > 4.5
    ('#907300', True)
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    shades = (
        "#" + "".join(f"{round(part * left / 255):02x}" for part in (red, green, blue)) for left in range(255, -1, -1)
    )
    return next(shade for shade in shades if contrast(shade) >= least)


def _read(path: Path, key: str, check: Any) -> bytes | Fault:
    """Return the content of a file, or what is wrong with it."""
    if (problem := not_a_file(path)) is not None:
        return Fault(key, f"{shortened(path)}: {problem}", _("a file"), _("Name another file."))
    content = path.read_bytes()
    fault: Fault | None = check(content, path.name)
    return content if fault is None else fault


def _logo_fault(content: bytes, name: str) -> Fault | None:
    """Return what is wrong with a logo: too large, neither png nor svg, or an svg that does more than draw."""
    advice = _("Save the logo as png, or as plain svg without scripts, links and styles from elsewhere.")
    if len(content) > MOST_BYTES:
        found = _("{name}: {megabytes} MB").format(name=name, megabytes=number(len(content) / 1e6, ".1f"))
        expected = _("at most {megabytes} MB").format(megabytes=MOST_BYTES // 1_000_000)
        return Fault("logo", found, expected, _("Make it smaller: it is in every page."))
    if content.startswith(PNG):
        return None
    expected = _("a png, or an svg that only draws")
    try:
        text = content.decode("utf-8-sig")
        if refused := next((each for each in ("<!DOCTYPE", "<!ENTITY", "<?xml-stylesheet") if each in text), None):
            return Fault("logo", f"{name}: {refused}", expected, advice)  # before it is parsed: entities may grow
        root = ET.fromstring(text)
    except (ET.ParseError, ValueError):
        return Fault("logo", name, expected, advice)
    if root.tag != f"{SVG}svg":
        return Fault("logo", f"{name}: <{shortened(root.tag)}>", expected, advice)
    beyond = next(filter(None, map(_beyond_drawing, root.iter())), None)
    return None if beyond is None else Fault("logo", f"{name}: {shortened(beyond)}", expected, advice)


def _beyond_drawing(element: ET.Element) -> str | None:
    """Return what in an element of an svg does more than draw, such as a script or an address; None if nothing does."""
    if element.tag not in DRAWN and not element.tag.removeprefix("{").startswith(NOTES):
        return f"<{element.tag.removeprefix(SVG)}>"
    if OUTSIDE.search(element.text or ""):
        return f"<{element.tag.removeprefix(SVG)}>"
    for name, value in element.attrib.items():
        plain = name.rpartition("}")[2].lower()
        if plain.startswith("on") or (plain == "href" and not value.startswith("#")):
            return f"{plain}="
        if OUTSIDE.search(value):
            return f"{plain}="
    return None


def _template_fault(content: bytes, name: str) -> Fault | None:
    """Return what is wrong with a Word template: no Word document, or one with macros."""
    from io import BytesIO
    from zipfile import BadZipFile, ZipFile

    expected = _("a Word document or template without macros (.docx or .dotx)")
    advice = _("Save it in Word as .dotx.")
    try:
        with ZipFile(BytesIO(content)) as packed:
            parts = set(packed.namelist())
    except BadZipFile:
        return Fault("word_template", name, expected, advice)
    if "word/document.xml" not in parts or any(part.endswith("vbaProject.bin") for part in parts):
        return Fault("word_template", name, expected, advice)
    return None
