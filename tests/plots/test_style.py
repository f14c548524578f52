"""The look: the same whatever the user's settings, words in the file, and colours that differ in grey."""

import subprocess
import sys
from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from bayesmodel.errors import MissingFeatureError, OutputError, UnknownNameError
from bayesmodel.estimates.use import use
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.inference.fit import Fit
from bayesmodel.plots.interval_plots import forest
from bayesmodel.plots.map_sheet import DIVERGING, SEQUENTIAL
from bayesmodel.plots.picture_file import save
from bayesmodel.plots.style import house_style


@pytest.fixture
def picture(fit):
    return forest(use(fit, scale="share", areas=["WK000100", "WK000102"]))


def test_the_users_settings_neither_leak_in_nor_change(fit, look_at):
    with mpl.rc_context({"axes.facecolor": "black", "font.size": 30}):
        seen = look_at(forest(use(fit, scale="share")))
        assert seen.axes.get_facecolor() == (1, 1, 1, 1)
        assert mpl.rcParams["font.size"] == 30


def test_no_picture_needs_pyplot():
    code = (
        "import sys, bayesmodel; from bayesmodel.testing import invented_fit; "
        "bayesmodel.use(invented_fit(), scale='share').plot(); print('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_without_matplotlib_the_message_says_what_to_install(fit, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingFeatureError, match=r"bayesmodel-sae\[plots\]"):
        forest(use(fit, scale="share"))


def test_a_users_own_axes_get_the_caption_and_the_text_alternative(fit):
    figure = Figure(layout="constrained")
    left, right = figure.subplots(1, 2)
    assert forest(use(fit, scale="share"), axes=left) is figure
    assert "90% kans" in left.get_xlabel().replace("\n", " ")
    assert "Wijk 000100" in left.get_label()
    assert right.get_xlabel() == ""


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_text_alternative_is_in_the_file(picture, kind, tmp_path):
    path = save(picture, tmp_path / f"picture.{kind}")
    content = path.read_bytes()
    if kind == "png":
        with Image.open(path) as image:
            assert image.info["Description"] == picture.get_label()
    elif kind == "svg":
        assert b'role="img" aria-labelledby="alt"' in content
        assert picture.get_label() in content.decode()
    else:
        assert b"/Subject" in content
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert save(picture, path).read_bytes() == content, "the same picture is the same file"


def test_files_that_cannot_be(picture, tmp_path):
    with pytest.raises(UnknownNameError, match=r"ending of a picture .\.jpg."):
        save(picture, tmp_path / "picture.jpg")
    with pytest.raises(OutputError, match="Nothing was left behind"):
        save(picture, tmp_path / "absent" / "picture.png")


def test_a_notebook_shows_picture_and_text_alternative(picture):
    shown = picture._repr_html_()
    assert shown.startswith('<img alt="Wat is het niveau van het gebruik, gecorrigeerd voor toeval?')
    assert "data:image/png;base64," in shown


def test_draws_that_did_not_converge_are_called_so(fit, look_at):
    verdict = Diagnostics(rhat_max=1.3, ess_min=20.0, divergences=0, bfmi_min=1.0, worst="intercept")
    bad = Fit(fit.counts, fit.design, fit.tree, verdict, fit.provenance)
    seen = look_at(forest(use(bad, scale="share")))
    assert seen.title.startswith("NIET GECONVERGEERD")
    assert "NIET GECONVERGEERD" in seen.caption
    assert seen.figure.get_label().startswith("NIET GECONVERGEERD")


def lightness(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 116 * (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]) ** (1 / 3) - 16


@pytest.mark.parametrize("colours", [DIVERGING, SEQUENTIAL])
def test_classes_differ_in_grey(colours):
    assert min(abs(lightness(one) - lightness(other)) for one, other in combinations(colours, 2)) > 10


def test_the_look_is_left_behind():
    before = mpl.rcParams["axes.titlelocation"]
    with house_style():
        assert mpl.rcParams["axes.titlelocation"] == "left"
    assert mpl.rcParams["axes.titlelocation"] == before
