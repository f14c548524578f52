"""The study of the example country."""

from __future__ import annotations

from bayesmodel.messages import _
from bayesmodel.sources.example.traits import BLOCKS, traits
from bayesmodel.study import Label, Study
from bayesmodel.study.parts import Columns, Level, Model, Outcome, Publication
from bayesmodel.study.read import study_from


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
