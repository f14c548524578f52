"""The house style: readable colours, a logo that only draws, a Word template without macros; all faults at once."""

from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from bayesmodel import plots, use
from bayesmodel.checks.page import Section, page_of
from bayesmodel.errors import DataError, OutputError
from bayesmodel.report.word import document_of
from bayesmodel.testing import invented_fit
from bayesmodel.theme import GRAPHIC, TEXT, Theme, contrast, darker, read_theme, theme, themed

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000 01f15c4890000000d49444154789c6360606060000000"
    "0500010a2db4870000000049454e44ae426082".replace(" ", "")
)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS, COLOURS)
def test_contrast_is_that_of_wcag(one, other):
    assert 1 <= contrast(one, other) <= 21.0001
    assert contrast(one, other) == contrast(other, one)
    assert contrast(one, one) == 1


@given(COLOURS)
def test_the_shade_that_is_proposed_is_readable(colour):
    assert contrast(darker(colour, TEXT)) >= TEXT


def test_the_colours_of_the_house_are_readable():
    assert contrast(theme().accent) >= TEXT
    assert contrast(theme().second) >= GRAPHIC


@pytest.fixture
def style(tmp_path):
    """Return a function that writes a style with files beside it, and reads it."""

    def made(text, **files):
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "style.toml").write_text(text, "utf-8")
        return read_theme(tmp_path / "style.toml")

    return made


def faults(raised):
    return [fault.where for fault in raised.value.faults]


def test_a_style_is_read_with_the_files_it_names(style):
    found = style(
        'accent = "#00539f"\nfont = "Verdana"\nlogo = "logo.png"\nlogo_text = "Gemeente X"\nword_template = "a.docx"',
        logo_png=PIXEL,
        a_docx=word(),
    )
    assert found.accent == "#00539f"
    assert found.logo == PIXEL
    assert found.template[:2] == b"PK"


def test_all_faults_come_at_once_with_what_to_do(style):
    with pytest.raises(DataError) as raised:
        style('accent = "#ffcc00"\nsecond = "red"\nfont = "a;}"\nlogo = "none.png"\nkleur = "x"\nword_template = 3')
    assert faults(raised) == ["kleur", "word_template", "accent", "second", "font", "logo_text", "logo"]
    assert "#907300" in str(raised.value)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect width="9" height="9" onload="alert(1)"/>',
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://evil.example/x.png"/>',
        '<a href="javascript:alert(1)"><rect/></a>',
        '<use href="https://evil.example/x.svg#a"/>',
        "<style>@import url(https://evil.example/x.css)</style>",
        '<rect style="fill:url(https://evil.example/x)"/>',
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(style, inside):
    with pytest.raises(DataError) as raised:
        style('logo = "logo.svg"\nlogo_text = "X"', logo_svg=DRAWING.format(inside))
    assert faults(raised) == ["logo"]


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + DRAWING.format("<text>&a;</text>"),
        '<?xml-stylesheet href="https://evil.example/x.css"?>' + DRAWING.format(""),
        DRAWING.format("<rect/>").encode("utf-16"),
        "<html><body/></html>",
        "GIF89a",
        b"\x00" * 9,
        b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000,
    ],
)
def test_what_is_no_logo_is_refused(style, content):
    with pytest.raises(DataError):
        style('logo = "logo.svg"\nlogo_text = "X"', logo_svg=content)


def test_a_drawing_is_a_logo_with_its_text(style):
    found = style(
        'logo = "logo.svg"\nlogo_text = "Gemeente \\"X\\" & Y"',
        logo_svg=DRAWING.format('<defs><linearGradient id="a"/></defs><rect fill="url(#a)" width="9" height="9"/>'),
    )
    assert 'alt="Gemeente &quot;X&quot; &amp; Y"' in found.image
    with themed(found):
        assert found.image in page_of("T", [], "nl")
        with pytest.raises(OutputError, match="png"):
            document_of("T", [], "nl")


def word(change=lambda document: None, kind=b"document", extra=None):
    """Return a Word file with a changed look, as a document or as a template."""
    document, content, packed = docx.Document(), BytesIO(), BytesIO()
    document.add_paragraph("Text of the template")
    document.sections[0].header.paragraphs[0].text = "Gemeente X"
    change(document)
    document.save(content)
    with ZipFile(content) as source, ZipFile(packed, "w") as target:
        for part in source.infolist():
            inside = source.read(part)
            target.writestr(part, inside.replace(b".document.main+xml", b"." + kind + b".main+xml"))
        if extra:
            target.writestr(extra, b"")
    return packed.getvalue()


def without_styles(document):
    for name in ("List Bullet", "Title", "Light Grid Accent 1"):
        element = document.styles[name].element
        element.getparent().remove(element)


@pytest.mark.parametrize("kind", [b"document", b"template"])
@pytest.mark.parametrize("change", [lambda document: None, without_styles])
def test_a_template_gives_its_look_and_not_its_text(kind, change):
    with themed(Theme(template=word(change, kind))):
        made = docx.Document(BytesIO(document_of("T", [Section("Heading", ["a text"])], "nl")))
    texts = [paragraph.text for paragraph in made.paragraphs]
    assert "Text of the template" not in texts
    assert texts[:3] == ["T", "Heading", "a text"]
    assert [paragraph.style.name for paragraph in made.paragraphs[:3]] == ["Title", "Heading 1", "List Bullet"]
    assert made.sections[0].header.paragraphs[0].text == "Gemeente X"


@pytest.mark.parametrize("content", [b"no zip", word(extra="word/vbaProject.bin"), PIXEL])
def test_other_files_and_macros_are_no_template(style, content):
    with pytest.raises(DataError) as raised:
        style('word_template = "a.docx"', a_docx=content)
    assert faults(raised) == ["word_template"]


def test_a_logo_stands_in_a_document_with_its_text():
    with themed(Theme(logo=PIXEL, logo_text="Gemeente X")):
        made = docx.Document(BytesIO(document_of("T", [], "nl")))
    assert b'descr="Gemeente X"' in made.sections[0].header.part.blob


def test_pictures_and_documents_take_the_colour():
    with themed(Theme(accent="#00539f")):
        picture = plots.caterpillar(use(invented_fit(), scale="share"), language="en")
        made = docx.Document(BytesIO(document_of("T", [], "nl")))
    colours = {to_hex(line.get_color()) for line in picture.axes[0].lines}
    assert "#00539f" in colours
    assert theme().accent not in colours
    assert str(made.styles["Heading 1"].font.color.rgb) == "00539F"
    assert b"4F81BD" not in made.styles["Light Grid Accent 1"].element.xml.encode()


@pytest.mark.parametrize("content", [b"accent = ", b"\xff\xfe", b""])
def test_a_file_that_cannot_be_read_is_refused_and_an_empty_one_is_plain(tmp_path, content):
    (tmp_path / "style.toml").write_bytes(content)
    if content:
        with pytest.raises(DataError):
            read_theme(tmp_path / "style.toml")
    else:
        assert read_theme(tmp_path / "style.toml") == Theme()
    with pytest.raises(DataError):
        read_theme(tmp_path / "none.toml")
