"""The example country as a study and as its publisher would deliver it, and a small world of all that is hard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from bayesmodel.data.area_table import AreaTable
from bayesmodel.data.interpret import publish
from bayesmodel.example.polygons import example_polygons
from bayesmodel.example.traits import BLOCKS, traits
from bayesmodel.example.truth import ExampleTruth, example_truth
from bayesmodel.io.read import areas_of
from bayesmodel.io.text_table import TextTable
from bayesmodel.messages import _
from bayesmodel.study import Label, Study
from bayesmodel.study.model_parts import Model
from bayesmodel.study.parts import Columns, Level, Outcome, Publication
from bayesmodel.study.toml_file import study_from


def example_study(areas: int = 2918, gemeenten: int = 388, regions: int = 42, seed: int = 2017) -> Study:
    """Return the study of an invented country, which needs no file and no download.

    Parameters
    ----------
    areas, gemeenten, regions : int
        How many wijken, gemeenten and jeugdzorgregio's; the defaults are the size of the Netherlands in 2017.
    seed : int
        Another seed is another country.

    Returns
    -------
    Study
        That of ``data/example/study.toml``, for the size and seed asked. A country of one gemeente has no determinants
        of the gemeente.

    Raises
    ------
    StudyError
        The sizes do not nest: regions <= gemeenten <= areas.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> study.outcome.year, len(study.determinants), study.publication.hidden_below
    (2017, 21, 10)
    """
    return study_from(
        {
            "name": "example",
            "outcome": Outcome(
                count=Label(
                    nl="jongeren met jeugdhulp in een verzonnen voorbeeldland",
                    en="young people with youth care in an invented example country",
                ),
                population=Label(
                    nl="jongeren in een verzonnen voorbeeldland", en="young people in an invented example country"
                ),
                year=2017,
                vintage=2017,
            ),
            "example": {"areas": areas, "gemeenten": gemeenten, "regions": regions, "seed": seed},
            "columns": Columns(
                area="wijk_code", area_name="wijk_naam", count="jongeren_met_jeugdhulp", population="jongeren"
            ),
            "levels": (
                Level(
                    name="gemeente",
                    column="gemeente_code",
                    name_column="gemeente_naam",
                    label=Label(nl="gemeente", en="municipality"),
                    within="jeugdzorgregio",
                ),
                Level(
                    name="jeugdzorgregio",
                    column="jeugdzorgregio_code",
                    name_column="jeugdzorgregio_naam",
                    label=Label(nl="jeugdzorgregio", en="youth-care region"),
                ),
            ),
            # the process that made the country; the default, Poisson, predicts real countries better
            "model": Model(family="binomial"),
            "publication": Publication(hidden_below=10, hidden_symbols=(".",), missing_symbols=("x",)),
            "blocks": BLOCKS,
            "determinants": [
                trait.determinant for trait in traits() if gemeenten > 1 or trait.determinant.level is None
            ],
        },
        subject=_("The example country"),
    )


def example_areas(study: Study) -> AreaTable:
    """Return the areas of the example country of a study, with the counts its publication rule leaves.

    Parameters
    ----------
    study : Study
        One with an ``[example]``. Of its determinants and levels those that are listed are taken.

    Returns
    -------
    AreaTable
        Deterministic by the seed of the example; its first note says that the country is invented.

    Raises
    ------
    StudyError
        The study has tables, not an example.
    DataError
        The study speaks of columns the example country does not have.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> from bayesmodel.example import example_areas
    >>> areas = example_areas(example_study(areas=60, gemeenten=8, regions=2))
    >>> len(areas), areas.levels["jeugdzorgregio"].nunique()
    (60, 2)
    """
    return published_areas(example_truth(study))


def published_areas(truth: ExampleTruth) -> AreaTable:
    """Return a truth as it would be published: small counts hidden, some determinants of small areas not known.

    Parameters
    ----------
    truth : ExampleTruth
        As it was made, or with effects and counts drawn afresh.

    Returns
    -------
    AreaTable
    """
    study, country = truth.study, truth.country
    # counts that are drawn afresh are rounded afresh
    rounding = np.random.default_rng([study.example.seed if study.example else 0, int(truth.counts.sum())])
    published = publish(truth.counts.to_numpy(), study.publication, rounding)
    frame = pd.concat(
        [
            country.places,
            country.population.astype(str),
            pd.Series(published, country.places.index, name=truth.counts.name),
            country.determinants.astype(str).mask(country.hidden, ""),
        ],
        axis=1,
    )
    table = TextTable(frame.reset_index(), (_("An invented country; no figure of it is real."),))
    return areas_of(study, table, example_polygons)


DETERMINANTS = ("eenoudergezin", "bijstand")

SEED = 97
"""A seed whose country has one hidden count, and one unknown determinant in another wijk."""


def small_world() -> AreaTable:
    """Return seven wijken in three gemeenten in two regions, one of them an island.

    Returns
    -------
    AreaTable
        With two determinants, one value of which is not known. One count is hidden (``.``), one was not delivered
        (``x``, the last wijk).

    Examples
    --------
    >>> from bayesmodel.example import small_world
    >>> world = small_world()
    >>> world.published.tolist()
    ['13', '70', '260', '.', '288', '84', 'x']
    >>> world.determinants.isna().sum().to_dict()
    {'eenoudergezin': 0, 'bijstand': 1}
    """
    study = example_study(areas=7, gemeenten=3, regions=2, seed=SEED)
    determinants = tuple(item for item in study.determinants if item.column in DETERMINANTS)
    areas = example_areas(study.model_copy(update={"determinants": determinants}))
    published = areas.published.copy()
    published.iloc[-1] = "x"
    return replace(areas, published=published)
