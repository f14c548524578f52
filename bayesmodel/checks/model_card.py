"""The model card: one page that says what was modelled, how it was computed, what came out and how it was checked.

It follows the Bayesian analysis reporting guidelines (Kruschke, 2021) point by point; what was not done is said too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bayesmodel.checks import card_texts as say
from bayesmodel.checks.cross_validation import CrossValidation
from bayesmodel.checks.hide_and_seek import HideAndSeek
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.checks.page import Section, markdown_of, page_of
from bayesmodel.checks.quick_check import QuickCheck
from bayesmodel.checks.sensitivity import Sensitivity
from bayesmodel.data import Status
from bayesmodel.data.publication import highest_hidden, lowest_hidden
from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.expectation import expectation_named, main_names
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.labels import engine_in_words
from bayesmodel.estimates.parameters import parameters
from bayesmodel.estimates.publication_check import remarks_of
from bayesmodel.estimates.quantities import aggregate
from bayesmodel.estimates.verdict_rule import VerdictClass
from bayesmodel.estimates.verdicts import verdicts
from bayesmodel.files import write_atomic
from bayesmodel.format import interval_name, percent
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import LANGUAGES, Language, _, number, speaking
from bayesmodel.model.build import BuiltModel, build_model
from bayesmodel.model.describe import describe
from bayesmodel.study.parts import areas_label

type Checked = QuickCheck | HideAndSeek | CrossValidation | Sensitivity | Multiverse
"""What a card can report on."""
Points = list[tuple[str, str]]
"""Of a step: the name of each point of the guidelines, and what is said of it."""
SURE = 1.96
"""Standard deviations on either side of the mean that hold 95 % of a normal prior."""
MOST_GAPS = 5
"""Determinants that are named for their gaps."""
ENDINGS = (".html", ".md")


@dataclass(frozen=True, eq=False, repr=False)
class ModelCard:
    """A model card in one language.

    Parameters
    ----------
    title : str
    sections : tuple of Section
        A preamble, six steps and remarks.
    language : {"nl", "en"}
    """

    title: str
    sections: tuple[Section, ...]
    language: Language

    @property
    def html(self) -> str:
        """The card as a page that needs no other file."""
        return page_of(self.title, self.sections, self.language)

    @property
    def markdown(self) -> str:
        """The card as Markdown."""
        return markdown_of(self.title, self.sections, self.language)

    def write(self, path: str | Path) -> Path:
        """Write the card to a file ending in .html or .md, whole or not at all.

        Raises
        ------
        UnknownNameError
            The ending is neither.
        OutputError
            The file cannot be written.
        """
        path = Path(path)
        write_atomic(path, self.html if ending_of_card(path) == ".html" else self.markdown)
        return path

    def __repr__(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        """Return the card for a notebook."""
        return self.html


def ending_of_card(path: Path) -> str:
    """Return the ending of the file of a card; `UnknownNameError` when it is neither .html nor .md."""
    if path.suffix.lower() not in ENDINGS:
        raise UnknownNameError(_("ending of a model card"), path.suffix or _("(none)"), ENDINGS)
    return path.suffix.lower()


def model_card(fit: Fit, *found: Checked, language: Language | None = None) -> ModelCard:
    """Make the model card of a fit: what was modelled, computed, found, decided and checked, and what was not.

    Parameters
    ----------
    fit : Fit
        The posterior.
    *found : QuickCheck, HideAndSeek, CrossValidation, Sensitivity or Multiverse
        What checks of this fit gave. Of a check that is not given the card says that it was not run,
        and by what it is.
    language : {"nl", "en"}, optional
        That of the study when left out.

    Returns
    -------
    ModelCard
        With ``.html``, ``.markdown`` and ``.write(path)``.

    Raises
    ------
    UnknownNameError
        There is no such language.

    Notes
    -----
    Kruschke (2021), Bayesian analysis reporting guidelines.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> print(model_card(invented_fit(), language="en").markdown.splitlines()[0])
    # Model card: invented
    """
    reader = language or fit.study.report.language
    if reader not in LANGUAGES:
        raise UnknownNameError(_("language"), str(reader), LANGUAGES)
    title = say.TITLE[reader].format(study=fit.study.name)
    with speaking(reader):
        built = build_model(fit.counts, fit.design)
        remarks = [str(remark) for remark in remarks_of(fit)]
        sections = (
            Section(say.PREAMBLE[reader], facts=dict(_goal(fit, reader))),
            Section(say.MODEL[reader], facts=dict(_model(fit, built, reader)), preformatted=describe(built)),
            Section(say.COMPUTATION[reader], facts=dict(_computed(fit, reader))),
            Section(say.FITS[reader], _checked(found, (QuickCheck, HideAndSeek, CrossValidation), reader)),
            Section(say.POSTERIOR[reader], facts=dict(_posterior(fit, reader)), tables=[_parameters(fit, reader)]),
            Section(say.DECISIONS[reader], facts=dict(_decided(fit, reader)), tables=[_verdicts(fit, reader)]),
            Section(say.SENSITIVITY[reader], _checked(found, (Sensitivity, Multiverse), reader)),
            Section(say.REPRODUCING[reader], facts=dict(_remade(fit, reader))),
            Section(say.REMARKS[reader], remarks or [say.NO_REMARKS[reader]]),
        )
    return ModelCard(title, sections, reader)


def _goal(fit: Fit, reader: Language) -> Points:
    """Return why and what for."""
    outcome = fit.study.outcome
    goal = say.GOAL[reader].format(
        count=outcome.count[reader],
        population=outcome.population[reader],
        year=outcome.year,
        area=fit.study.area,
    )
    return [
        (say.WHY_NAME[reader], say.WHY[reader]),
        (say.GOAL_NAME[reader], goal),
        (say.NOT_NAME[reader], say.NOT[reader]),
    ]


def _model(fit: Fit, built: BuiltModel, reader: Language) -> Points:
    """Return the data, the rule of the publisher, and likelihood and priors in words."""
    study = fit.study
    priors = say.PRIORS[reader].format(
        interval=_shares(built, SURE, reader), effects=", ".join((*study.effect_names, study.area))
    )
    if fit.design.names:
        priors += " " + _coefficients(built, reader)
    likelihood = say.LIKELIHOOD[reader].format(
        family=fit.family.name.capitalize(), link=fit.family.link.name, levels=", ".join(study.effect_names) or "-"
    )
    return [
        (say.DATA_NAME[reader], _data(fit, reader)),
        (say.RULE_NAME[reader], _rule(fit, reader)),
        (say.LEFT_OUT_NAME[reader], _left_out(fit, reader)),
        (say.DETERMINANTS_NAME[reader], _determinants(fit, reader)),
        (say.LIKELIHOOD_NAME[reader], likelihood),
        (say.PRIORS_NAME[reader], priors),
        (say.PRIOR_CHECK_NAME[reader], say.PRIOR_CHECK[reader]),
    ]


def _data(fit: Fit, reader: Language) -> str:
    """Return how many areas there are, and what is known of their counts."""
    study, counts = fit.study, fit.counts

    def of(*kinds: Status) -> str:
        return number(int(np.isin(counts.status, [str(kind) for kind in kinds]).sum()), ",", reader)

    groups = "; ".join(
        f"{level_label(study, str(name))[reader]}: {number(int(codes.nunique()), ',', reader)}"
        for name, codes in counts.areas.levels.items()
    )
    return say.DATA[reader].format(
        areas=number(len(counts), ",", reader),
        kind=areas_label(study.area)[reader],
        groups=f" ({groups})" if groups else "",
        vintage=study.outcome.vintage,
        people=number(int(counts.population.sum()), ",", reader),
        population=study.outcome.population[reader],
        shown=of(Status.EXACT, Status.ROUNDED),
        hidden=of(Status.SUPPRESSED),
        missing=of(Status.MISSING),
        empty=of(Status.ZERO),
    )


def _rule(fit: Fit, reader: Language) -> str:
    """Return what the publisher hides and rounds."""
    rule = fit.study.publication
    form = say.HIDDEN if highest_hidden(rule) >= 0 else say.NOTHING_HIDDEN
    texts = [form[reader].format(low=lowest_hidden(rule), high=highest_hidden(rule))]
    if rule.rounded_to > 1:
        texts.append(say.ROUNDED[reader].format(to=rule.rounded_to))
    if rule.raised_from:
        texts.append(say.RAISED[reader].format(low=rule.raised_from, limit=rule.hidden_below))
    return " ".join([*texts, say.NOT_FILLED_IN[reader]])


def _left_out(fit: Fit, reader: Language) -> str:
    """Return how many areas were left out, by reason."""
    reasons = fit.counts.areas.left_out["reason"].value_counts()
    if reasons.empty:
        return say.NONE_LEFT_OUT[reader]
    return "; ".join(f"{reason}: {number(int(count), ',', reader)}" for reason, count in reasons.items()) + "."


def _determinants(fit: Fit, reader: Language) -> str:
    """Return the determinants, and how many of their values are not known."""
    if not fit.design.names:
        return say.NO_DETERMINANTS[reader]
    labels, gaps = _labels(fit, reader), fit.counts.areas.determinants[list(fit.design.names)].isna().sum()
    told = say.DETERMINANTS[reader].format(
        number=number(len(labels), ",", reader), gaps=number(int(gaps.sum()), ",", reader)
    )
    if not gaps.any():
        return told
    worst = gaps[gaps > 0].nlargest(MOST_GAPS)
    named = "; ".join(f"{labels[str(name)]} {number(int(count), ',', reader)}" for name, count in worst.items())
    return f"{told} {say.GAPS[reader].format(named=named)}"


def _shares(built: BuiltModel, sds: float, reader: Language) -> str:
    """Return between which shares the use of a typical area lies a priori."""
    scale, mean = built.priors, built.family.link.mean
    ends = np.array([scale.intercept_mean - sds * scale.intercept_sd, scale.intercept_mean + sds * scale.intercept_sd])
    low, high = (percent(float(share), reader, 1) for share in np.clip(mean(ends), 0, 1))
    return say.BETWEEN[reader].format(low=low, high=high)


def _coefficients(built: BuiltModel, reader: Language) -> str:
    """Return what a prior of coefficients says about use."""
    if built.counts.study.model.priors.coefficient.kind != "normal":
        return say.HORSESHOE[reader]
    most = SURE * built.priors.coefficient_sd
    if built.family.link.name == "identity":
        return say.COEFFICIENT_POINTS[reader].format(points=number(100 * most, ".1f", reader))
    form = say.COEFFICIENT_ODDS if built.family.link.name == "logit" else say.COEFFICIENT_RATE
    return form[reader].format(factor=number(float(np.exp(most)), ".2f", reader))


def _computed(fit: Fit, reader: Language) -> Points:
    """Return software, convergence and precision."""
    made, sizes, verdict = fit.provenance, fit.posterior.sizes, fit.diagnostics
    versions = ", ".join(f"{name} {version}" for name, version in dict(made.get("versions", {})).items())
    figures = "; ".join(f"{name} {value} ({needed})" for name, value, needed in verdict.figures)
    state = say.CONVERGED if verdict.converged else say.NOT_CONVERGED
    draws = say.DRAWS[reader].format(
        draws=number(sizes["chain"] * sizes["draw"], ",", reader),
        chains=sizes["chain"],
        least=number(verdict.ess_min, ",.0f", reader),
        worst=verdict.worst,
    )
    software = say.SOFTWARE[reader].format(
        engine=engine_in_words(made, reader) or _("unknown"),
        versions=versions or _("unknown"),
        python=made.get("python") or _("unknown"),
    )
    return [
        (say.SOFTWARE_NAME[reader], software),
        (say.CONVERGENCE_NAME[reader], state[reader].format(figures=figures, problems="; ".join(verdict.problems))),
        (say.DRAWS_NAME[reader], draws),
    ]


def _posterior(fit: Fit, reader: Language) -> Points:
    """Return the use of all areas together, and what the table of parameters holds."""
    whole = aggregate(fit, {"all": list(fit.counts.areas.codes)}).summary().iloc[0]
    people = int(fit.counts.population.sum())
    counted = {name: float(whole[name]) for name in ("mean", "lower", "upper")}
    use = say.USE[reader].format(
        count=fit.study.outcome.count[reader],
        share=percent(counted["mean"] / max(people, 1), reader, 2),
        interval=interval_name(fit.study.report.interval, reader),
        **{name: number(value, ",.0f", reader) for name, value in counted.items()},
    )
    table = say.PARAMETERS[reader].format(
        link=fit.family.link.name, interval=interval_name(fit.study.report.interval, reader)
    )
    return [
        (say.USE_NAME[reader], use),
        (say.PARAMETERS_NAME[reader], table),
        (say.BAYES_NAME[reader], say.BAYES[reader]),
    ]


def _parameters(fit: Fit, reader: Language) -> pd.DataFrame:
    """Return the posterior of the parameters as readers see it."""
    table, labels = parameters(fit), _labels(fit, reader)
    names = [labels.get(str(name).removeprefix("beta[").removesuffix("]"), str(name)) for name in table.index]
    figures = {column: ",.0f" if column == "ess_bulk" else ".3f" for column in say.COLUMNS}
    return pd.DataFrame(
        {
            say.COLUMNS[column][reader]: [number(float(value), form, reader) for value in table[column]]
            for column, form in figures.items()
        },
        index=pd.Index(names, name=say.PARAMETER[reader]),
    )


def _decided(fit: Fit, reader: Language) -> Points:
    """Return the rule of verdicts, and what it is for."""
    study, names = fit.study, main_names(fit.study)
    rule = verdicts(fit, names[0]).rule
    shares = {"clear": rule.clear, "false": rule.false_discovery, "probable": rule.probable, "margin": rule.margin or 0}
    told = {name: percent(share, reader) for name, share in shares.items()}
    return [
        (say.WHY_DECIDE_NAME[reader], say.WHY_DECIDE[reader]),
        (say.MARGIN_NAME[reader], say.MARGIN[reader].format(**told)),
        (say.LISTS_NAME[reader], say.LISTS[reader].format(**told)),
        (say.VERDICTS_NAME[reader], say.VERDICTS[reader]),
        *(
            (name, expected_definition(study, expectation_named(study, name), "share").answers[reader])
            for name in names
        ),
    ]


def _verdicts(fit: Fit, reader: Language) -> pd.DataFrame:
    """Return how many areas have each verdict against each expectation, and the share of false ones to expect."""
    columns = {}
    for name in main_names(fit.study):
        found = verdicts(fit, name).counts
        columns[name] = [number(int(count), ",", reader) for count in found["areas"]]
        columns[say.FALSE[reader].format(name=name)] = [
            "" if np.isnan(rate) else percent(float(rate), reader, 1) for rate in found["false_discovery_rate"]
        ]
    return pd.DataFrame(
        columns, index=pd.Index([each.label[reader] for each in VerdictClass], name=say.VERDICT[reader])
    )


def _checked(found: Iterable[Checked], kinds: Sequence[type[Checked]], reader: Language) -> list[str]:
    """Return what each kind of check found, and of which it was not run."""
    given = list(found)
    said = [text for kind in kinds for each in given if isinstance(each, kind) for text in each.sentences(reader)]
    missing = [kind.__name__ for kind in kinds if not any(isinstance(each, kind) for each in given)]
    return said + [say.NOT_RUN[name][reader] for name in missing]


def _remade(fit: Fit, reader: Language) -> Points:
    """Return what is needed to do it again."""
    made = {name: fit.provenance.get(key) or _("unknown") for name, key in say.PROVENANCE.items()}
    return [
        (say.MADE_NAME[reader], say.MADE[reader].format(**made)),
        (say.REDO_NAME[reader], say.REDO[reader]),
        (say.SOURCE_NAME[reader], say.SOURCE[reader]),
    ]


def _labels(fit: Fit, reader: Language) -> dict[str, str]:
    """Return the name of each determinant for readers."""
    own = {each.column: each.label[reader] if each.label else each.column for each in fit.study.determinants}
    return {name: own.get(name, name) for name in fit.design.names}
