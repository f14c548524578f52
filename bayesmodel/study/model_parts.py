"""Parts of a study: the model (family, priors, space) and how its posterior is drawn."""

from __future__ import annotations

from math import log
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from bayesmodel.messages import _
from bayesmodel.study.parts import FamilyName, Part, Positive, Seed, Share


class CoefficientPrior(Part):
    """Prior of the coefficients, per standard deviation of the determinant, on the scale of the link."""

    kind: Literal["normal", "horseshoe"] = "normal"
    sd: Positive = 0.5
    expected_nonzero: Positive = 5.0


FEW_GROUPS = 5
"""Groups below which a level tells little of how much groups differ."""


class TailPrior(Part):
    """Exponential (penalised-complexity) prior of a standard deviation: P(sd > exceeds) = probability."""

    exceeds: Positive = 1.0
    probability: Share = 0.05


class Priors(Part):
    """All priors, on the scale of the link (logit or log; the share is scaled to it)."""

    intercept_mean: float | None = Field(default=None, description="link of the crude share when left out")
    intercept_sd: Positive = 1.5
    coefficient: CoefficientPrior = CoefficientPrior()
    sd: TailPrior = TailPrior()
    sd_few: TailPrior = Field(
        default=TailPrior(exceeds=0.5), description="of levels of fewer than 5 groups; sd where that is tighter"
    )
    sd_of: dict[str, TailPrior] = Field(default_factory=dict, description="overrides per level or for the area")
    special_share: TailPrior = Field(
        default=TailPrior(exceeds=0.1), description="of the share of special areas, in a two-part area effect"
    )
    excess_dispersion: TailPrior = Field(
        default=TailPrior(), description="of what is above 1 of an overdispersion that is estimated"
    )

    def of_level(self, name: str, groups: int) -> TailPrior:
        """Return the prior of the standard deviation of a level of so many groups.

        Examples
        --------
        >>> Priors().of_level("regio", 3).exceeds, Priors().of_level("regio", 42).exceeds
        (0.5, 1.0)
        """
        own = self.sd_of.get(name)
        if own is not None or groups >= FEW_GROUPS:
            return own or self.sd
        return max(self.sd_few, self.sd, key=lambda prior: -log(prior.probability) / prior.exceeds)


SPACE = "space"
"""Name of the effect of areas that border on each other."""


class Space(Part):
    """Which areas border on each other: effects of neighbours are then alike (BYM2).

    Neighbours are found in the polygons of `[boundaries]`, or listed in a csv file with the columns `code` and
    `neighbour`, as `bayesmodel check-boundaries --neighbours` writes it. An area without neighbours has an effect that
    depends on no other, of the same sd, so that it varies as much as other areas do (as in R-INLA); with `islands`
    "none" it has no such effect (as in BUGS).
    """

    neighbours: str | None = Field(default=None, description="csv file of pairs; found in the polygons when left out")
    tolerance: Annotated[float, Field(ge=0, le=10_000)] = Field(
        default=15.0, description="metres that the polygons of neighbours may lie apart"
    )
    islands: Literal["independent", "none"] = Field(
        default="independent", description="effect of an area without neighbours"
    )


WITH_AREA_EFFECT = ("poisson", "binomial")
"""Families with an effect of the area."""
MOST_OVERDISPERSION = 5


def _overdispersion(value: object) -> object:
    """Return what a study says of overdispersion; one message for all that it cannot be."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if value == "estimated" or (number and 1 <= value <= MOST_OVERDISPERSION):  # type: ignore[operator]
        return value
    said = _('{value}, which is neither "estimated" nor a number from 1 (none) to {most}')
    raise ValueError(said.format(value=value, most=MOST_OVERDISPERSION))


class Model(Part):
    """The family, its priors, the scale of the determinants, and whether areas that border on each other are alike.

    With a `two-part` effect of the area a small share of areas is special: their own effect is drawn with an sd six
    times that of the others, so that an institution is not shrunk to its surroundings. Families without an effect of
    the area (beta-binomial, negative-binomial, normal-share) have no such part. With effects of `space` it is `normal`
    when nothing is said: Laplace does not take both. `overdispersion` is the variance of a count over that of chance,
    above 1 where people who use care come in clusters, such as families: "estimated" with the rest, or a number, 1 for
    none. Families without an effect of the area have a dispersion of their own in its place.
    """

    family: FamilyName = "poisson"
    area_effect: Literal["two-part", "normal"] = "two-part"
    overdispersion: Annotated[float | Literal["estimated"], BeforeValidator(_overdispersion)] = Field(
        default="estimated", description="of families with an effect of the area"
    )
    standardise: Literal["areas", "population"] = "population"
    priors: Priors = Priors()
    space: Space | None = Field(default=None, description="effects of areas that border on each other")

    @property
    def estimates_overdispersion(self) -> bool:
        """Whether the overdispersion is estimated."""
        return self.overdispersion == "estimated" and self.family in WITH_AREA_EFFECT

    @property
    def excess_dispersion(self) -> float:
        """What is above 1 of an overdispersion that is not estimated."""
        return 0.0 if self.overdispersion == "estimated" else self.overdispersion - 1

    @model_validator(mode="after")
    def _overdispersion_of_a_family(self) -> Model:
        if self.excess_dispersion and self.family not in WITH_AREA_EFFECT:
            said = _("overdispersion: {family} has a dispersion of its own; leave it out, or take poisson or binomial")
            raise ValueError(said.format(family=self.family))
        return self

    @model_validator(mode="before")
    @classmethod
    def _one_part_with_space(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("space") is not None:
            return {"area_effect": "normal"} | values
        return values


DRAWS = {"nuts": 1500, "laplace": 250}
"""Draws of each of four chains when nothing is said: docs/decisions/draws-of-an-engine.md."""


class Inference(Part):
    """How the posterior is drawn.

    `nuts` runs chains; `laplace` draws from Gaussians and certifies them by importance weights: seconds instead of
    minutes. Where that is not good enough the fit goes on with NUTS from there and says so; with `fallback` "none" it
    stops with the verdict on what Laplace found. It gives `chains` times `draws` independent draws, a thousand
    when nothing is said, which tell as much as four times as many of a chain; `tune`, `target_accept`, `density` and
    `parameterisation` are about NUTS only.
    """

    engine: Literal["nuts", "laplace"] = "nuts"
    fallback: Literal["nuts", "none"] = Field(default="nuts", description="what goes on where laplace is refused")
    chains: Annotated[int, Field(ge=2, le=1_000)] = 4
    tune: Annotated[int, Field(ge=50, le=1_000_000)] | None = Field(
        default=None, description="chosen from the data when left out"
    )
    draws: Annotated[int, Field(ge=50, le=1_000_000)] | None = Field(
        default=None, description="per chain: 1,500 of nuts and 250 of laplace when left out"
    )
    target_accept: Share | None = Field(default=None, description="chosen from the data when left out")
    density: Literal["compiled", "graph"] = "compiled"
    seed: Seed = 20170101
    parameterisation: Literal["auto", "centred", "non-centred"] = "auto"

    @property
    def draws_per_chain(self) -> int:
        """Draws of each chain: those asked for, or as many as the engine needs."""
        return self.draws if self.draws is not None else DRAWS[self.engine]
