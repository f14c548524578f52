"""Pictures by name: each kind draws what its estimate is, and says what it needs."""

import json
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.messages import speaking
from bayesmodel.plots.registry import PICTURES, PlotRequest, picture
from bayesmodel.study.parts import BoundaryFile

NEEDS = {"forest": ("WK000100",), "comparison": ("WK000100", "GM0002"), "waterfall": ("WK000102",)}


@pytest.mark.parametrize("kind", [kind for kind in PICTURES if not kind.startswith("chains")])
def test_every_kind_is_drawn_in_the_language_asked(fit, shapes, kind):
    request = PlotRequest(areas=NEEDS.get(kind, ()), polygons=shapes, language="en")
    label = picture(fit, kind, request).get_label()
    assert "Source: invented" in label


def test_use_or_its_difference_from_the_expectation_asked(fit, look_at):
    for to, what, factor in ((None, "use.underlying", 100), ("gemeente", "difference.underlying.gemeente", 1)):
        seen = look_at(picture(fit, "forest", PlotRequest(("WK000100", "GM0002"), expectation=to)))
        table = factor * aggregate(fit, ["WK000100", "GM0002"], what, None).summary()
        assert np.allclose(np.sort(seen.segments()[:, 0, 0]), np.sort(table["lower"]))


def test_places_are_highlighted_or_chosen(fit, look_at):
    assert [
        text.get_text() for text in look_at(picture(fit, "caterpillar", PlotRequest(("WK000100",)))).axes.texts
    ] == ["Wijk 000100"]
    assert len(look_at(picture(fit, "ranks", PlotRequest(("WK000100", "WK000101")))).names) == 2


ZOOMED = ["caterpillar", "ranks", "funnel", "shrinkage", "observed-expected", "map-actual", "map-expected"]


@pytest.mark.parametrize("kind", [*ZOOMED, "map-difference", "map-verdict", "forest"])
def test_a_picture_of_one_gemeente_says_so_however_it_is_asked(fit, shapes, kind):
    within = picture(fit, kind, PlotRequest(within="Gemeente 0002", polygons=shapes, language="en")).get_label()
    assert within.startswith("Gemeente 0002: ")
    if kind != "forest":
        label = picture(fit, kind, PlotRequest(("gm0002",), polygons=shapes, language="en")).get_label()
        assert label == within


def test_verdicts_on_a_map_of_one_gemeente_are_those_among_all(fit, shapes, look_at):
    codes = [code for code in fit.counts.areas.codes if code.startswith("WK0002")]
    classes = verdicts(fit).classes[codes]
    seen = look_at(picture(fit, "map-verdict", PlotRequest(within="GM0002", polygons=shapes, language="en")))
    missing = fit.counts.frame.loc[codes, "status"] == "missing"
    for verdict, number in classes[~missing.to_numpy()].value_counts().items():
        assert f"{verdict} ({number})" in seen.legend


@pytest.mark.parametrize("kind", NEEDS)
def test_a_picture_of_named_places_asks_for_them(fit, kind):
    with pytest.raises(ComparisonError, match="give at least"):
        picture(fit, kind)


@pytest.mark.parametrize("kind", ["forest", "caterpillar", "shrinkage", "special", "map-actual", "funnel"])
@pytest.mark.parametrize("areas", [("WK000300",), ("WK000300", "WK000100")])
def test_places_where_nobody_lives_are_refused_by_name(fit, kind, areas):
    with pytest.raises(ComparisonError, match="WK000300"):
        picture(fit, kind, PlotRequest(areas))


@pytest.mark.parametrize(
    ("kind", "request_", "named"),
    [
        ("variance", PlotRequest(("WK000100",)), "areas"),
        ("effects", PlotRequest(within="GM0002"), "--gemeente"),
        ("chains-trace", PlotRequest(("WK000100",), expectation="gemeente"), "areas and an expectation"),
        ("shrinkage", PlotRequest(expectation="gemeente"), "--expectation"),
    ],
)
def test_what_a_picture_would_ignore_is_refused(fit, kind, request_, named):
    with speaking("en"), pytest.raises(ComparisonError, match=f"{kind} is the same with or without .*{named}"):
        picture(fit, kind, request_)


def test_unknown_kinds_are_helped(fit):
    with pytest.raises(UnknownNameError, match="Did you mean map-verdict"):
        picture(fit, "map-verdicts")


def test_a_map_of_a_study_with_tables_asks_for_polygons(fit):
    study = fit.study.model_copy(update={"example": None})
    other = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))
    with pytest.raises(ComparisonError, match="--polygons"):
        picture(other, "map-actual")


@pytest.mark.parametrize("kind", ["rank", "energy"])
def test_diagnostics_are_those_of_arviz(fit, kind):
    from matplotlib import pyplot

    energy = np.random.default_rng(1).normal(size=fit.tree["posterior"]["intercept"].shape)
    stats = xr.Dataset({"energy": (("chain", "draw"), energy)})
    sampled = replace(fit, tree=xr.DataTree.from_dict({"posterior": fit.posterior, "sample_stats": stats}))
    figure = picture(sampled, f"chains-{kind}", PlotRequest(language="en"))
    assert len(figure.axes) >= (2 if kind == "energy" else 4)
    assert "R-hat at most 1.000" in figure.get_label()
    assert pyplot.get_fignums() == []


def test_a_map_draws_the_polygons_that_the_study_names(fit, shapes, tmp_path):
    """Relative to its folder, and without an option."""
    (tmp_path / "wijken.geojson").write_text(json.dumps(shapes), "utf-8")
    update = {"boundaries": BoundaryFile(path="wijken.geojson"), "folder": str(tmp_path)}
    named = replace(fit, counts=fit.counts.with_study(fit.study.model_copy(update=update)))
    with_option = picture(fit, "map-verdict", PlotRequest(polygons=shapes, language="en"))
    assert picture(named, "map-verdict", PlotRequest(language="en")).get_label() == with_option.get_label()
