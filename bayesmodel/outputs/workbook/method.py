"""How the results were made, in lines of a name and a text, for the sheet of the method."""

from __future__ import annotations

from collections.abc import Mapping

from bayesmodel.counts.rules import highest_hidden, lowest_hidden
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.title import KINDS
from bayesmodel.messages import Language, number, speaking
from bayesmodel.outputs.tables import Tables
from bayesmodel.outputs.words import engine_in_words
from bayesmodel.study import Label, Study

Lines = list[tuple[str, str]]

FAMILIES: Mapping[str, Label] = {
    "binomial": Label(nl="binomiaal, met een eigen effect per gebied", en="binomial, with an effect of each area"),
    "poisson": Label(nl="Poisson, met een eigen effect per gebied", en="Poisson, with an effect of each area"),
    "beta-binomial": Label(nl="bèta-binomiaal", en="beta-binomial"),
    "negative-binomial": Label(nl="negatief-binomiaal", en="negative binomial"),
    "normal-share": Label(nl="normaal verdeeld aandeel", en="normally distributed share"),
}

IDLE = Label(nl=", niet in het model", en=", not in the model")
REMARKS = Label(nl="Aandachtspunten", en="Worth a look")
"""Heading of what may not be meant in the data."""


def method(tables: Tables) -> dict[str, Lines]:
    """Return how the results were made, by heading."""
    language = tables.language
    with speaking(language):
        remarked = [(remark.where, str(remark)) for remark in tables.remarks]
        return {
            Label(nl="Gegevens", en="Data")[language]: _data(tables.fit.study, language),
            Label(nl="Model", en="Model")[language]: _model(tables),
            Label(nl="Betrouwbaarheid van de trekkingen", en="Reliability of the draws")[language]: _draws(tables),
            **({REMARKS[language]: remarked} if remarked else {}),
            Label(nl="Herkomst", en="Provenance")[language]: _provenance(tables),
        }


def _data(study: Study, language: Language) -> Lines:
    """Return what was counted and how it was published."""
    rule, outcome = study.publication, study.outcome
    highest = highest_hidden(rule)
    nl = (
        "Aantallen van {lowest} tot en met {highest} zijn verborgen"
        if highest >= 0
        else "Er zijn geen aantallen verborgen"
    )
    en = "Counts from {lowest} up to and including {highest} are hidden" if highest >= 0 else "No counts are hidden"
    if rule.rounded_to > 1:
        nl, en = f"{nl}; de andere zijn afgerond op {rule.rounded_to}", f"{en}; others are rounded to {rule.rounded_to}"
    return [
        (Label(nl="geteld", en="counted")[language], outcome.count[language]),
        (Label(nl="van alle", en="of all")[language], outcome.population[language]),
        (Label(nl="jaar", en="year")[language], str(outcome.year)),
        (Label(nl="jaar van de grenzen", en="year of the boundaries")[language], str(outcome.vintage)),
        (
            Label(nl="publicatieregel", en="publication rule")[language],
            Label(nl=f"{nl}.", en=f"{en}.")[language].format(lowest=lowest_hidden(rule), highest=highest),
        ),
    ]


def _model(tables: Tables) -> Lines:
    """Return what the model says."""
    fit, language = tables.fit, tables.language
    study = fit.study
    levels = [
        f"{level_label(study, name)[language]} ({number(fit.counts.areas.levels[name].nunique())})"
        + ("" if name in study.effect_names else IDLE[language])
        for name in study.level_names
    ]
    determinants = [
        determinant.label[language] if determinant.label else determinant.column for determinant in study.determinants
    ]
    hidden = Label(
        nl="Een verborgen of afgerond aantal is in het model een interval: de kans op elk aantal waar het voor kan "
        "staan telt mee. Er is niets ingevuld.",
        en="A hidden or rounded count is an interval in the model: the probability of every count that it can stand "
        "for takes part. Nothing was filled in.",
    )
    missing = Label(
        nl="Ontbrekende kenmerken zijn met hun onzekerheid in het model opgenomen.",
        en="Missing determinants are taken into the model with their uncertainty.",
    )
    kind = study.report.interval_kind
    return [
        (Label(nl="verdeling", en="distribution")[language], FAMILIES[study.model.family][language]),
        (Label(nl="niveaus", en="levels")[language], ", ".join(levels) or "-"),
        (Label(nl="kenmerken", en="determinants")[language], "; ".join(determinants) or "-"),
        (Label(nl="verborgen aantallen", en="hidden counts")[language], hidden[language]),
        (Label(nl="ontbrekende kenmerken", en="missing determinants")[language], missing[language]),
        (
            Label(nl="interval", en="interval")[language],
            f"{number(100 * study.report.interval, 'g')}%, {KINDS[kind][language]}",
        ),
        (Label(nl="marge", en="margin")[language], f"{number(100 * study.report.margin, 'g')}%"),
    ]


def _draws(tables: Tables) -> Lines:
    """Return how well the draws converged."""
    verdict, language = tables.fit.verdict, tables.language
    state = (
        Label(nl="geconvergeerd", en="converged")
        if verdict.converged
        else Label(nl="NIET GECONVERGEERD", en="NOT CONVERGED")
    )
    if verdict.certificate is None:
        how = (Label(nl="grootste R-hat", en="largest R-hat")[language], number(verdict.rhat_max or 0.0, ".3f"))
    else:
        shape = number(verdict.certificate.pareto_k, ".2f")
        how = (Label(nl="Pareto k van de gewichten", en="Pareto k of the weights")[language], shape)
    return [
        (Label(nl="oordeel", en="verdict")[language], "; ".join([state[language], *verdict.problems])),
        how,
        (
            Label(nl="effectieve trekkingen", en="effective draws")[language],
            Label(nl="minstens ", en="at least ")[language] + number(verdict.ess_min, ",.0f"),
        ),
        (Label(nl="divergenties", en="divergences")[language], number(verdict.divergences)),
    ]


def _provenance(tables: Tables) -> Lines:
    """Return when and with what the fit was made."""
    made = tables.fit.provenance
    versions = ", ".join(f"{name} {version}" for name, version in made.get("versions", {}).items())
    found = {
        Label(nl="gemaakt", en="made"): made.get("made"),
        Label(nl="manier", en="engine"): engine_in_words(made, tables.language),
        Label(nl="startgetal", en="seed"): made.get("seed"),
        Label(nl="vingerafdruk van de gegevens", en="fingerprint of the data"): made.get("data_sha256"),
        Label(nl="programma's", en="software"): versions,
    }
    return [(name[tables.language], str(value)) for name, value in found.items() if value not in (None, "")]
