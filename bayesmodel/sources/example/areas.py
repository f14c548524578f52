"""Areas of the example country, as its publisher would deliver them: read and checked like any table."""

from __future__ import annotations

import pandas as pd

from bayesmodel.areas.table import AreaTable
from bayesmodel.counts.publish import publish
from bayesmodel.messages import _
from bayesmodel.sources.example.truth import ExampleTruth, example_truth
from bayesmodel.sources.read import areas_of
from bayesmodel.sources.text import TextTable
from bayesmodel.study import Study


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
    >>> from bayesmodel.sources.example import example_areas
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
    published = publish(truth.counts.to_numpy(), study.publication)
    frame = pd.concat(
        [
            country.places,
            country.population.astype(str),
            pd.Series(published, country.places.index, name=truth.counts.name),
            country.determinants.astype(str).mask(country.hidden, ""),
        ],
        axis=1,
    )
    return areas_of(study, TextTable(frame.reset_index(), (_("An invented country; no figure of it is real."),)))
