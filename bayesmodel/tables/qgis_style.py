"""Styles for QGIS: rules with a label, a filter and a fill, spelled as QGIS keeps them (QML)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

import pandas as pd

from bayesmodel.data import CONCEALED, Status
from bayesmodel.estimates.expectation import main_names
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.plots.axes import Display
from bayesmodel.plots.map_sheet import BLANK, HIDDEN, Classes, centred_classes, sequential_classes
from bayesmodel.plots.maps import COLOURS
from bayesmodel.plots.style import GREY, INK
from bayesmodel.study import Label
from bayesmodel.tables.collect import Tables
from bayesmodel.tables.per_level import PREDICTED

Pattern = Literal["solid", "dotted", "hatched", "blank"]
DOTS = "#b8b8b8"
PREDICTED_LABEL = Label(nl="niet geleverd, dus voorspeld", en="not delivered, and so predicted")
OUTSIDE = Label(nl="niet in de studie", en="not in the study")
Options = Mapping[str, str]


@dataclass(frozen=True)
class Rule:
    """One line of a legend.

    Parameters
    ----------
    label : str
    where : str
        Which features, as an expression of QGIS; all when empty.
    colour : str
        Of the fill.
    pattern : {"solid", "dotted", "hatched", "blank"}
        A plain fill; one with dots over it; only hatching, over the fill of another rule; only a dotted outline.
    """

    label: str
    where: str
    colour: str
    pattern: Pattern = "solid"


@dataclass(frozen=True)
class QgisStyle:
    """A style of a layer.

    Parameters
    ----------
    name : str
    description : str
        What it shows.
    rules : tuple of Rule
        In the order of the legend.
    aliases : mapping of str to str
        Headings of fields: QGIS takes them from the file itself only from GDAL 3.7 on.
    """

    name: str
    description: str
    rules: tuple[Rule, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def qml(self) -> str:
        """The style as QGIS reads it.

        Examples
        --------
        >>> style = QgisStyle("all", "", (Rule("a < b", "", "#ececec"),))
        >>> "a &lt; b" in style.qml
        True
        """
        rules = "".join(_rule(self.name, number, rule) for number, rule in enumerate(self.rules))
        symbols = "".join(_symbol(number, rule) for number, rule in enumerate(self.rules))
        aliases = "".join(
            f"<alias field={quoteattr(name)} name={quoteattr(alias)}/>" for name, alias in self.aliases.items()
        )
        key = uuid5(NAMESPACE_URL, self.name)
        return (
            '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">'
            '<qgis version="3.22.0" styleCategories="Symbology|Fields">'
            '<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">'
            f'<rules key="{{{key}}}">{rules}</rules><symbols>{symbols}</symbols></renderer-v2>'
            f"<aliases>{aliases}</aliases><layerGeometryType>2</layerGeometryType></qgis>"
        )


def styles_of(tables: Tables, name: str) -> list[QgisStyle]:
    """Return the styles of the layer of a table: verdicts, differences, and use; the first is the one to open with.

    Colours, limits and patterns are those of the pictures. What was not delivered has a dotted outline and no fill, a
    hidden count is hatched over the colour of its estimate.

    Parameters
    ----------
    tables : Tables
    name : str
        Of the area or of a level.

    Returns
    -------
    list of QgisStyle

    Examples
    --------
    >>> from bayesmodel.tables.collect import tables_of
    >>> from bayesmodel.testing import invented_fit
    >>> [style.name for style in styles_of(tables_of(invented_fit(), "en"), "regio")][1:4]
    ['verdict_gemeente', 'difference_determinants_points', 'difference_gemeente_points']
    """
    study, language = tables.fit.study, tables.language
    frame, labels = tables.frames[name], {column.name: column.header(language) for column in tables.columns(name)}
    main = main_names(study, groups=name != study.area)
    styles = []
    for column in (f"verdict_{given}" for given in main):
        rules = [Rule(each.label[language], f"\"{column}\" = '{each}'", *_look(each)) for each in VerdictClass]
        styles.append(QgisStyle(column, labels[column], tuple(_marked(tables, name, column, rules)), labels))
    for column in (*(f"difference_{given}_points" for given in main), "underlying_share"):
        values = frame[column].dropna()
        if values.empty:
            continue
        classes, factor = _classes(tables, column, values)
        rules = list(_graduated(column, classes, factor))
        styles.append(QgisStyle(column, labels[column], tuple(_marked(tables, name, column, rules)), labels))
    return styles


def outside_style(tables: Tables) -> QgisStyle:
    """Return the style of polygons without an area in the study."""
    return QgisStyle("outside", OUTSIDE[tables.language], (Rule(OUTSIDE[tables.language], "", "white", "blank"),))


def _look(verdict: VerdictClass) -> tuple[str, Pattern]:
    """Return colour and pattern of a verdict: *inconclusive* is dotted, so that it is not taken for a class."""
    return COLOURS[verdict], "dotted" if verdict is VerdictClass.INCONCLUSIVE else "solid"


def _classes(tables: Tables, column: str, values: pd.Series) -> tuple[Classes, float]:
    """Return the classes of a column, and by what its values are multiplied in their limits."""
    study, language = tables.fit.study, tables.language
    if column == "underlying_share":
        return sequential_classes(100 * values, Display(study, language, "share")), 100.0
    return centred_classes(values, 0.0, Display(study, language, "points")), 1.0


def _graduated(column: str, classes: Classes, factor: float) -> Iterator[Rule]:
    """Yield a rule for each class, the highest first; a value on a limit belongs to the class above it."""
    limits = [None, *(float(limit) / factor for limit in classes.limits), None]
    found = []
    for (low, high), colour, label in zip(pairwise(limits), classes.colours, classes.labels, strict=True):
        ends = [f'"{column}" >= {low!r}'] if low is not None else []
        ends += [f'"{column}" < {high!r}'] if high is not None else []
        found.append(Rule(label, " AND ".join(ends) or f'"{column}" IS NOT NULL', colour))
    yield from reversed(found)


def _marked(tables: Tables, name: str, column: str, rules: Iterable[Rule]) -> Iterator[Rule]:
    """Yield rules for what was delivered, then those of what was not, of hidden counts, and of what has no value."""
    language = tables.language
    areas = name == tables.fit.study.area
    missing = f"\"status\" = '{Status.MISSING}'" if areas else f"\"flags\" LIKE '%{PREDICTED}%'"
    for rule in rules:
        yield Rule(rule.label, f"({rule.where}) AND NOT ({missing})", rule.colour, rule.pattern)
    yield Rule(PREDICTED_LABEL[language], missing, "white", "blank")
    yield Rule(BLANK[language], f'"{column}" IS NULL AND NOT ({missing})', "white", "blank")
    if areas:
        codes = ", ".join(f"'{each}'" for each in CONCEALED)
        yield Rule(HIDDEN[language], f'"status" IN ({codes})', INK, "hatched")


def _rule(style: str, number: int, rule: Rule) -> str:
    """Return a rule as an element."""
    key = uuid5(NAMESPACE_URL, f"{style} {number}")
    where = f" filter={quoteattr(rule.where)}" if rule.where else ""
    return f'<rule key="{{{key}}}" symbol="{number}" label={quoteattr(rule.label)}{where}/>'


def _symbol(number: int, rule: Rule) -> str:
    """Return the fill of a rule as an element."""
    name = str(number)
    fill = {"color": _rgb(rule.colour), "style": "solid", "outline_color": _rgb(GREY), "outline_width": "0.1"}
    if rule.pattern == "blank":
        fill |= {"style": "no", "outline_style": "dot", "outline_width": "0.2"}
    layers = [_layer("SimpleFill", fill)]
    if rule.pattern == "hatched":
        line = _nested(name, "line", _layer("SimpleLine", {"line_color": _rgb(rule.colour), "line_width": "0.15"}))
        layers = [_layer("LinePatternFill", {"angle": "45", "distance": "1.6", "line_width": "0.15"}, line)]
    if rule.pattern == "dotted":
        dot = {"name": "circle", "size": "0.4", "color": _rgb(DOTS), "outline_style": "no"}
        point = _nested(name, "marker", _layer("SimpleMarker", dot), layer=1)
        layers.append(_layer("PointPatternFill", {"distance_x": "1.4", "distance_y": "1.4"}, point))
    return f'<symbol type="fill" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{"".join(layers)}</symbol>'


def _nested(parent: str, kind: str, layer_element: str, layer: int = 0) -> str:
    """Return the symbol that a pattern repeats."""
    return f'<symbol type="{kind}" name="@{parent}@{layer}" alpha="1" clip_to_extent="1">{layer_element}</symbol>'


def _layer(kind: str, options: Options, inside: str = "") -> str:
    """Return a layer of a symbol as an element."""
    listed: Sequence[str] = [
        f'<Option name="{name}" type="QString" value={quoteattr(value)}/>' for name, value in options.items()
    ]
    return (
        f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{"".join(listed)}</Option>'
        f"{inside}</layer>"
    )


def _rgb(colour: str) -> str:
    """Return a colour as QGIS writes it.

    Examples
    --------
    >>> _rgb("#fbb860"), _rgb("white")
    ('251,184,96,255', '255,255,255,255')
    """
    if colour == "white":
        colour = "#ffffff"
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return ",".join(map(str, (*parts, 255)))
