"""What local determinants add to a national model that stays as it is: of each, of each area, and of all together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

import pandas as pd

from bayesmodel.errors import listed
from bayesmodel.estimates.definition import Definition, Kind, titled, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.local_determinants import LocalDeterminants
from bayesmodel.estimates.result import Result
from bayesmodel.format import between, interval_name, percent
from bayesmodel.inference.certificate import Certificate
from bayesmodel.messages import Language, number
from bayesmodel.study import Label, Study

TOGETHER = "together"
"""Name of all local determinants together."""


class Gain(StrEnum):
    """What a gain in predicted probability of counts that are left out says of determinants."""

    ADDS = "adds"
    INCONCLUSIVE = "inconclusive"
    WORSE = "worse"


GAINS = {
    Gain.ADDS: Label(nl="voegt iets toe", en="adds something"),
    Gain.INCONCLUSIVE: Label(nl="niet te zeggen", en="inconclusive"),
    Gain.WORSE: Label(nl="voorspelt slechter", en="predicts worse"),
}
"""What each says to readers."""
WHOLE = Label(
    nl="Van de verschillen tussen deze {areas} die het landelijke model niet verklaart, hangt {share} ({interval}: "
    "{bounds}) samen met de lokale kenmerken. Hoeveel beter {number} {areas} te voorspellen zijn die om de beurt "
    "worden weggelaten: {gain} nats (standaardfout {error}): {verdict}.",
    en="Of the differences between these {areas} that the national model does not explain, {share} ({interval}: "
    "{bounds}) goes with the local determinants. How much better {number} {areas} are predicted that are left out in "
    "turn: {gain} nats (standard error {error}): {verdict}.",
)
FROZEN = Label(
    nl="Het landelijke model is niet veranderd. Een samenhang is geen gevolg van het kenmerk.",
    en="The national model has not changed. An association is not a causal effect of the determinant.",
)
LEFT_OUT = Label(
    nl="Niet gebruikt: {number} regels of {areas} ({codes}).", en="Not used: {number} rows or {areas} ({codes})."
)
_POINTS = Label(nl="procentpunt", en="percentage points")
COEFFICIENTS = Definition(
    "local.coefficients",
    Label(nl="coëfficiënten van lokale kenmerken", en="coefficients of local determinants"),
    Label(
        nl="Wat doet een standaardafwijking van dit lokale kenmerk op de schaal van het model?",
        en="What does a standard deviation of this local determinant do on the scale of the model?",
    ),
    "gamma",
    Label(nl="schaal van de link", en="scale of the link"),
)
EFFECTS = Definition(
    "local.effects",
    Label(nl="samenhang van lokale kenmerken met het gebruik", en="association of local determinants with use"),
    Label(
        nl="Hoeveel procentpunt hoger is het gebruik waar dit lokale kenmerk een standaardafwijking hoger is, naast "
        "wat het landelijke model verwacht? Een samenhang, geen gevolg van het kenmerk.",
        en="How many percentage points higher is use where this local determinant is a standard deviation higher, "
        "beside what the national model expects? An association, not a causal effect of the determinant.",
    ),
    "100 (E[p | z + 1] - E[p | z])",
    _POINTS,
)
OWN = Definition(
    "difference.local_own",
    Label(nl="eigen verschil", en="own difference"),
    Label(
        nl="Hoe ver ligt het onderliggende gebruik van wat landelijke kenmerken en groepen doen verwachten?",
        en="How far is underlying use from what national determinants and groups lead one to expect?",
    ),
    "100 (p - E[p | x, u])",
    _POINTS,
)
EXPLAINED = Definition(
    "difference.local_explained",
    Label(nl="daarvan met de lokale kenmerken", en="of which with the local determinants"),
    Label(
        nl="Welk deel van het eigen verschil hangt samen met de lokale kenmerken?",
        en="What part of the own difference goes with the local determinants?",
    ),
    "100 (E[p | x, u, z] - E[p | x, u])",
    _POINTS,
)
REST = Definition(
    "difference.local_rest",
    Label(nl="wat overblijft", en="what is left"),
    Label(
        nl="Wat blijft over van het eigen verschil, naast de lokale kenmerken?",
        en="What is left of the own difference, beside the local determinants?",
    ),
    "100 (p - E[p | x, u, z])",
    _POINTS,
)
SHARE = Definition(
    "local.share",
    Label(nl="aandeel in de eigen verschillen", en="share of the own differences"),
    Label(
        nl="Welk deel van de eigen verschillen tussen deze gebieden, gewogen naar mensen, hangt samen met de lokale "
        "kenmerken?",
        en="What part of the own differences between these areas, weighted by people, goes with the local "
        "determinants?",
    ),
    "Cov(explained, own) / Var(own)",
    Label(nl="aandeel, hoogstens 1", en="share, at most 1"),
)


@dataclass(frozen=True, eq=False, repr=False)
class LocalExplanation(Result):
    """What local determinants add to a frozen national model.

    Parameters
    ----------
    determinants : LocalDeterminants
        As they entered, with the codes that were left out.
    coefficients : Estimate
        Draws (chain, draw, determinant), on the scale of the link, per standard deviation of a determinant.
    effects : Estimate
        Draws (chain, draw, determinant): percentage points of use per standard deviation of a determinant, in an
        average area.
    own : Estimate
        Draws (chain, draw, area): underlying use minus what the national determinants and the groups of the area lead
        one to expect, in percentage points.
    explained : Estimate
        Draws (chain, draw, area): the part of `own` that goes with the local determinants, in percentage points.
    share : Estimate
        Draws (chain, draw): the share of the variance of `own` that goes with the local determinants.
    gains : DataFrame
        Per determinant (added to the others), and of all together: ``gain`` in log-probability of counts that are left
        out (nats), its ``error``, and what it says, ``verdict``.
    points : DataFrame
        The gain of all together per area with a count: ``gain``.
    certificate : Certificate
        Of the draws, the poorest of the models that were compared.
    """

    shown_rows: ClassVar[int] = 20

    determinants: LocalDeterminants
    coefficients: Estimate
    effects: Estimate
    own: Estimate
    explained: Estimate
    share: Estimate
    gains: pd.DataFrame
    points: pd.DataFrame
    certificate: Certificate

    @property
    def study(self) -> Study:
        """The study of the national fit."""
        return self.effects.study

    @property
    def rest(self) -> Estimate:
        """What is left of `own` (chain, draw, area), in percentage points."""
        draws = self.own.draws - self.explained.draws
        return Estimate(draws.assign_attrs(self.own.draws.attrs), REST, self.study)

    @property
    def explained_count(self) -> Estimate:
        """The part of each area that goes with the local determinants, as a number of people (chain, draw, area)."""
        draws = self.explained.draws * self.explained.draws["people"] / 100
        definition = replace(EXPLAINED, name="local.explained_count", unit=unit_of(self.study, "count"))
        return Estimate(draws.assign_attrs(self.explained.draws.attrs), definition, self.study)

    def summary(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the determinants.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per determinant: ``name``, ``mean, lower, upper`` of the difference in use in percentage points per
            standard deviation, that deviation in the units of the table (``sd``), and the gain of adding it to the
            others: ``gain, error, verdict``.
        """
        table = self.effects.summary(prob, kind)
        attributes, table = table.attrs, table[["mean", "lower", "upper"]]
        table.insert(0, "name", self.effects.draws["determinant_name"].to_numpy())
        table["sd"] = self.determinants.raw.std(ddof=0).reindex(table.index).to_numpy()
        table = table.join(self.gains.drop(index=TOGETHER))
        table.attrs = attributes
        return table

    def areas(self, prob: float | None = None, kind: Kind | None = None) -> pd.DataFrame:
        """Summarise the areas.

        Parameters
        ----------
        prob, kind
            Of the interval, as in `Estimate.summary`.

        Returns
        -------
        DataFrame
            One row per area: ``name``, ``people``, ``status``, and with ``_lower`` and ``_upper``: ``own``,
            ``explained`` and ``rest`` in percentage points, and ``explained_count``, a number of people.
        """
        draws = self.own.draws
        first = {"name": self.own.names.to_numpy(), "people": draws["people"], "status": draws["status"]}
        table = pd.DataFrame(first, index=self.own.index)
        parts = {"own": self.own, "explained": self.explained, "rest": self.rest}
        for name, estimate in (parts | {"explained_count": self.explained_count}).items():
            summary = estimate.summary(prob, kind)
            columns = {"mean": name, "lower": f"{name}_lower", "upper": f"{name}_upper"}
            table = table.join(summary[list(columns)].rename(columns=columns))
        table.attrs = summary.attrs
        return table

    def tables(self) -> tuple[pd.DataFrame, ...]:
        """Return the determinants and the areas, those of which most is explained first."""
        areas = self.areas()
        return self.summary(), areas.loc[areas["explained"].abs().sort_values(ascending=False, kind="stable").index]

    def sentences(self, language: Language | None = None) -> tuple[str, ...]:
        """Return the conclusions in sentences, by default in the language of the study."""
        reader = language or self.study.report.language
        areas, row, gain = (
            self.study.areas_label[reader],
            self.share.summary().iloc[0],
            self.gains.loc[TOGETHER].to_dict(),
        )
        said = WHOLE[reader].format(
            areas=areas,
            share=percent(row["mean"], reader, 0),
            interval=interval_name(self.study.report.interval, reader),
            bounds=between(percent(row["lower"], reader, 0), percent(row["upper"], reader, 0), reader),
            gain=number(gain["gain"], ".1f", reader),
            error=number(gain["error"], ".1f", reader),
            number=len(self.points),
            verdict=GAINS[Gain(gain["verdict"])][reader],
        )
        sentences = [said, FROZEN[reader]]
        codes = self.determinants.left_out.index.astype(str).tolist()
        if codes:
            sentences.append(LEFT_OUT[reader].format(number=len(codes), areas=areas, codes=listed(codes)))
        return tuple(sentences)

    def notes(self) -> tuple[str, ...]:
        """Return the sentences, and remarks on the determinants."""
        return (*self.sentences(), *self.determinants.remarks)

    @property
    def title(self) -> str:
        """What this is, with its unit and interval."""
        return titled(self.effects.definition, self.study.report)

    def __repr__(self) -> str:
        return "\n".join([super().__repr__(), *self.notes()])
