"""The model card: one page on what was modelled, how it was computed, the results and how they were checked.

It follows the Bayesian analysis reporting guidelines (Kruschke, 2021) point by point, and lists what was not done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from bayesmodel.checks import card_texts as texts
from bayesmodel.checks.cross_validation import CrossValidation
from bayesmodel.checks.hide_and_seek import HideAndSeek
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.checks.page import Section, markdown_of, page_of
from bayesmodel.checks.quick_check import QuickCheck
from bayesmodel.checks.sensitivity import Sensitivity
from bayesmodel.data import Status
from bayesmodel.data.publication import highest_hidden, lowest_hidden
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.estimates.definition import level_label
from bayesmodel.estimates.disclosure import not_for_publication
from bayesmodel.estimates.expectation import expectation_named, main_names
from bayesmodel.estimates.expected import expected_definition
from bayesmodel.estimates.labels import engine_in_words
from bayesmodel.estimates.parameters import overdispersion_in_words, parameters
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

type Checked = QuickCheck | HideAndSeek | CrossValidation | Sensitivity | Multiverse
"""Results of checks that a card can report."""
Points = list[tuple[str, str]]
"""The points of one step of the guidelines: name and text."""
SURE = 1.96
"""Standard deviations on either side of the mean that contain 95 % of a normal prior."""
MOST_GAPS = 5
"""At most this many determinants are listed for their missing values."""
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
        """The card as a self-contained html page."""
        return page_of(self.title, self.sections, self.language)

    @property
    def markdown(self) -> str:
        """The card as Markdown."""
        return markdown_of(self.title, self.sections, self.language)

    def write(self, path: str | Path) -> Path:
        """Write the card atomically to a file ending in .html or .md.

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
    """Return the file ending of a card; raise `UnknownNameError` if it is neither .html nor .md."""
    if path.suffix.lower() not in ENDINGS:
        raise UnknownNameError(_("ending of a model card"), path.suffix or _("(none)"), ENDINGS)
    return path.suffix.lower()


def model_card(fit: Fit, *results: Checked, language: Language | None = None) -> ModelCard:
    """Make the model card of a fit: what was modelled, computed, found, decided and checked, and what was not done.

    Parameters
    ----------
    fit : Fit
        The posterior.
    *results : QuickCheck, HideAndSeek, CrossValidation, Sensitivity or Multiverse
        Results of checks of this fit. For a check that is not given, the card states that it was not run, and how to
        run it.
    language : {"nl", "en"}, optional
        Defaults to the study's.

    Returns
    -------
    ModelCard
        With ``.html``, ``.markdown`` and ``.write(path)``.

    Raises
    ------
    UnknownNameError
        There is no such language.
    ComparisonError
        A result is of no check that belongs on a card, or a quick check is of other counts than the fit.

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
    _check_results(fit, results)
    title = texts.TITLE[reader].format(study=fit.study.name)
    with speaking(reader):
        built = build_model(fit.counts, fit.design)
        remarks = [str(remark) for remark in remarks_of(fit)]
        sections = (
            Section(texts.PREAMBLE[reader], facts=dict(_goal(fit, reader))),
            Section(texts.MODEL[reader], facts=dict(_model(fit, built, reader)), preformatted=describe(built)),
            Section(texts.COMPUTATION[reader], facts=dict(_computed(fit, reader))),
            Section(texts.FITS[reader], _checked(results, (QuickCheck, HideAndSeek, CrossValidation), reader)),
            Section(texts.POSTERIOR[reader], facts=dict(_posterior(fit, reader)), tables=[_parameters(fit, reader)]),
            Section(texts.DECISIONS[reader], facts=dict(_decided(fit, reader)), tables=[_verdicts(fit, reader)]),
            Section(texts.SENSITIVITY[reader], _checked(results, (Sensitivity, Multiverse), reader)),
            Section(texts.REPRODUCING[reader], facts=dict(_remade(fit, reader))),
            Section(texts.REMARKS[reader], remarks or [texts.NO_REMARKS[reader]]),
        )
    return ModelCard(title, sections, reader)


def _check_results(fit: Fit, results: Iterable[object]) -> None:
    """Raise if something given is no result of a check, or a quick check of other counts than those of the fit."""
    kinds = get_args(Checked.__value__)
    for result in results:
        if not isinstance(result, kinds):
            message = _("A card takes results of checks ({kinds}); found a {found}.")
            names = ", ".join(kind.__name__ for kind in kinds)
            raise ComparisonError(message.format(kinds=names, found=type(result).__name__))
        if isinstance(result, QuickCheck) and not result.fit.counts.frame.equals(fit.counts.frame):
            raise ComparisonError(_("The quick check is of another fit, with other counts: run `check` on this fit."))


def _goal(fit: Fit, reader: Language) -> Points:
    """Return the reasons and the goal."""
    outcome = fit.study.outcome
    goal = texts.GOAL[reader].format(
        count=outcome.count[reader],
        population=outcome.population[reader],
        year=outcome.year,
        area=fit.study.area,
    )
    return [
        (texts.WHY_NAME[reader], texts.WHY[reader].format(areas=fit.study.areas_label[reader])),
        (texts.GOAL_NAME[reader], goal),
        (texts.NOT_NAME[reader], texts.NOT[reader]),
    ]


def _model(fit: Fit, built: BuiltModel, reader: Language) -> Points:
    """Return the data, the publication rule, and likelihood and priors in words."""
    study = fit.study
    priors = texts.PRIORS[reader].format(
        interval=_shares(built, SURE, reader),
        effects=", ".join((*study.random_effects, study.area)),
        area=study.area,
        areas=study.areas_label[reader],
    )
    if fit.design.names:
        priors += " " + _coefficients(built, reader)
        if fit.design.curved:
            priors += " " + texts.COEFFICIENT_SQUARES[reader]
    likelihood = texts.LIKELIHOOD[reader].format(
        family=fit.family.name.capitalize(),
        link=fit.family.link.name,
        levels=", ".join(study.random_effects) or "-",
        area=study.area,
    )
    if study.model.estimates_overdispersion:
        likelihood += texts.ESTIMATED_OVERDISPERSION[reader].format(factor=overdispersion_in_words(fit, reader))
    elif study.model.excess_dispersion:
        likelihood += texts.OVERDISPERSION[reader].format(factor=overdispersion_in_words(fit, reader))
    return [
        (texts.DATA_NAME[reader], _data(fit, reader)),
        (texts.RULE_NAME[reader], _rule(fit, reader)),
        (texts.LEFT_OUT_NAME[reader], _left_out(fit, reader)),
        (texts.DETERMINANTS_NAME[reader], _determinants(fit, reader)),
        (texts.LIKELIHOOD_NAME[reader], likelihood),
        (texts.PRIORS_NAME[reader], priors),
        (texts.PRIOR_CHECK_NAME[reader], texts.PRIOR_CHECK[reader]),
    ]


def _data(fit: Fit, reader: Language) -> str:
    """Return the numbers of areas, by the status of their counts."""
    study, counts = fit.study, fit.counts

    def of(*kinds: Status) -> str:
        return number(int(np.isin(counts.status, [str(kind) for kind in kinds]).sum()), ",", reader)

    groups = "; ".join(
        f"{level_label(study, str(name))[reader]}: {number(int(codes.nunique()), ',', reader)}"
        for name, codes in counts.areas.levels.items()
    )
    return texts.DATA[reader].format(
        areas=number(len(counts), ",", reader),
        kind=study.areas_label[reader],
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
    form = texts.HIDDEN if highest_hidden(rule) >= 0 else texts.NOTHING_HIDDEN
    sentences = [form[reader].format(low=lowest_hidden(rule), high=highest_hidden(rule))]
    if rule.rounded_to > 1:
        rounded = texts.ROUNDED_AT_RANDOM if rule.rounding == "random" else texts.ROUNDED
        sentences.append(rounded[reader].format(to=rule.rounded_to))
    if rule.raised_from:
        sentences.append(texts.RAISED[reader].format(low=rule.raised_from, limit=rule.hidden_below))
    return " ".join([*not_for_publication(fit.counts, reader), *sentences, texts.NOT_FILLED_IN[reader]])


def _left_out(fit: Fit, reader: Language) -> str:
    """Return how many areas were left out, by reason."""
    reasons = fit.counts.areas.left_out["reason"].astype(str)
    if reasons.empty:
        return texts.NONE_LEFT_OUT[reader]
    by = dict[str, int]()
    for rule in fit.study.exclusions:  # a reason has the value of its own area, and the limit
        form = rf"(?:^|; ){re.escape(rule.column)} is [^;]*\b{re.escape(f'{rule.at_most:g}')}(?=; |$)"
        limit = number(rule.at_most, ",.6g", reader)
        by[texts.LEFT_OUT_BY[reader].format(column=rule.column, limit=limit)] = int(reasons.str.contains(form).sum())
        reasons = reasons.str.replace(form, "", regex=True)
    by |= {str(reason): int(count) for reason, count in reasons[reasons != ""].value_counts().items()}
    return "; ".join(f"{reason}: {number(count, ',', reader)}" for reason, count in by.items() if count) + "."


def _determinants(fit: Fit, reader: Language) -> str:
    """Return the determinants, and how many of their values are missing."""
    if not fit.design.names:
        return texts.NO_DETERMINANTS[reader]
    labels, gaps = _labels(fit, reader), fit.counts.areas.determinants[list(fit.study.determinant_names)].isna().sum()
    listed, curved = number(len(gaps), ",", reader), [labels[fit.design.names[place]] for place in fit.design.curved]
    sentences = []
    if curved:
        sentences = [texts.CURVED[reader].format(number=number(len(curved), ",", reader), named="; ".join(curved))]
    if not gaps.any():
        return " ".join([texts.ALL_KNOWN[reader].format(number=listed), *sentences])
    sentence = texts.DETERMINANTS[reader].format(number=listed, gaps=number(int(gaps.sum()), ",", reader))
    worst = gaps[gaps > 0].nlargest(MOST_GAPS)
    named = "; ".join(f"{labels[str(name)]} {number(int(count), ',', reader)}" for name, count in worst.items())
    return " ".join([sentence, texts.GAPS[reader].format(named=named), *sentences])


def _shares(built: BuiltModel, sds: float, reader: Language) -> str:
    """Return the prior interval of the use of a typical area, as shares."""
    scale, mean = built.priors, built.family.link.mean
    ends = np.array([scale.intercept_mean - sds * scale.intercept_sd, scale.intercept_mean + sds * scale.intercept_sd])
    low, high = (percent(float(share), reader, 1) for share in np.clip(mean(ends), 0, 1))
    if mean(ends)[1] > 1:  # rates have no upper limit
        high = texts.OR_MORE[reader].format(share=percent(1.0, reader))
    return texts.BETWEEN[reader].format(low=low, high=high)


def _coefficients(built: BuiltModel, reader: Language) -> str:
    """Return what the prior of the coefficients implies for use."""
    if built.counts.study.model.priors.coefficient.kind != "normal":
        return texts.HORSESHOE[reader]
    most = SURE * built.priors.coefficient_sd
    if built.family.link.name == "identity":
        return texts.COEFFICIENT_POINTS[reader].format(points=number(100 * most, ".1f", reader))
    form = texts.COEFFICIENT_ODDS if built.family.link.name == "logit" else texts.COEFFICIENT_RATE
    return form[reader].format(factor=number(float(np.exp(most)), ".2f", reader))


def _computed(fit: Fit, reader: Language) -> Points:
    """Return software, convergence and precision."""
    provenance, sizes = fit.provenance, fit.posterior.sizes
    diagnostics = replace(fit.diagnostics, worst=_named(fit, fit.diagnostics.worst, reader))
    versions = ", ".join(f"{name} {version}" for name, version in dict(provenance.get("versions", {})).items())
    figures = "; ".join(f"{name} {value} ({needed})" for name, value, needed in diagnostics.figures)
    state = texts.CONVERGED if diagnostics.converged else texts.NOT_CONVERGED
    draws = texts.DRAWS[reader].format(
        draws=number(sizes["chain"] * sizes["draw"], ",", reader),
        chains=sizes["chain"],
        least=number(diagnostics.ess_min, ",.0f", reader),
        worst=diagnostics.worst,
    )
    software = texts.SOFTWARE[reader].format(
        engine=engine_in_words(provenance, reader) or _("unknown"),
        versions=versions or _("unknown"),
        python=provenance.get("python") or _("unknown"),
    )
    return [
        (texts.SOFTWARE_NAME[reader], software),
        (
            texts.CONVERGENCE_NAME[reader],
            state[reader].format(figures=figures, problems="; ".join(diagnostics.problems)),
        ),
        (texts.DRAWS_NAME[reader], draws),
    ]


def _named(fit: Fit, quantity: str, reader: Language) -> str:
    """Return a quantity of the posterior, such as ``beta[4]``, with the name of its determinant, group or area."""
    found = re.fullmatch(r"(\w+)\[(\d+)\]", quantity)
    if found is None or found[1] not in fit.posterior:
        return quantity
    labels = [str(label) for dim in fit.posterior[found[1]].dims[2:] for label in fit.posterior.indexes[dim]]
    position = int(found[2])
    if position >= len(labels):
        return quantity
    return f"{found[1]}[{_labels(fit, reader).get(labels[position], labels[position])}]"


def _posterior(fit: Fit, reader: Language) -> Points:
    """Return the use of all areas together, and what is in the table of parameters."""
    country = aggregate(fit, {"all": list(fit.counts.areas.codes)}, "use.actual").summary().iloc[0]
    people = int(fit.counts.population.sum())
    counted = {name: float(country[name]) for name in ("mean", "lower", "upper")}
    use = texts.USE[reader].format(
        count=fit.study.outcome.count[reader],
        share=percent(counted["mean"] / max(people, 1), reader, 2),
        interval=interval_name(fit.study.report.interval, reader),
        **{name: number(value, ",.0f", reader) for name, value in counted.items()},
    )
    table = texts.PARAMETERS[reader].format(
        link=fit.family.link.name, interval=interval_name(fit.study.report.interval, reader)
    )
    return [
        (texts.USE_NAME[reader], use),
        (texts.PARAMETERS_NAME[reader], table),
        (texts.BAYES_NAME[reader], texts.BAYES[reader]),
    ]


def _parameters(fit: Fit, reader: Language) -> pd.DataFrame:
    """Return the posterior of the parameters, formatted."""
    table, labels = parameters(fit), _labels(fit, reader)
    names = [labels.get(str(name).removeprefix("beta[").removesuffix("]"), str(name)) for name in table.index]
    figures = {column: ",.0f" if column == "ess_bulk" else ".3f" for column in texts.COLUMNS}
    return pd.DataFrame(
        {
            texts.COLUMNS[column][reader]: [number(float(value), form, reader) for value in table[column]]
            for column, form in figures.items()
        },
        index=pd.Index(names, name=texts.PARAMETER[reader]),
    )


def _decided(fit: Fit, reader: Language) -> Points:
    """Return the verdict rule and its purpose."""
    study, names = fit.study, main_names(fit.study)
    rule = verdicts(fit, names[0]).rule
    shares = {"clear": rule.clear, "false": rule.false_discovery, "probable": rule.probable, "margin": rule.margin or 0}
    percentages = {name: percent(share, reader) for name, share in shares.items()}
    return [
        (texts.WHY_DECIDE_NAME[reader], texts.WHY_DECIDE[reader].format(area=study.area)),
        (texts.MARGIN_NAME[reader], texts.MARGIN[reader].format(**percentages)),
        (texts.LISTS_NAME[reader], texts.LISTS[reader].format(**percentages)),
        (texts.VERDICTS_NAME[reader], texts.VERDICTS[reader]),
        *(
            (name, expected_definition(study, expectation_named(study, name), "share").answers[reader])
            for name in names
        ),
    ]


def _verdicts(fit: Fit, reader: Language) -> pd.DataFrame:
    """Return the number of areas with each verdict for each expectation, and the expected share of false ones."""
    columns = {}
    for name in main_names(fit.study):
        counts = verdicts(fit, name).counts
        columns[name] = [number(int(count), ",", reader) for count in counts["areas"]]
        columns[texts.FALSE[reader].format(name=name)] = [
            "" if np.isnan(rate) else percent(float(rate), reader, 1) for rate in counts["false_discovery_rate"]
        ]
    return pd.DataFrame(
        columns, index=pd.Index([verdict.label[reader] for verdict in VerdictClass], name=texts.VERDICT[reader])
    )


def _checked(results: Iterable[Checked], kinds: Sequence[type[Checked]], reader: Language) -> list[str]:
    """Return the results of each kind of check, and which kinds were not run."""
    given = list(results)
    sentences = [
        text for kind in kinds for result in given if isinstance(result, kind) for text in result.sentences(reader)
    ]
    missing = [kind.__name__ for kind in kinds if not any(isinstance(result, kind) for result in given)]
    return sentences + [texts.NOT_RUN[name][reader] for name in missing]


def _remade(fit: Fit, reader: Language) -> Points:
    """Return what is needed to reproduce the fit."""
    provenance = {name: fit.provenance.get(key) or _("unknown") for name, key in texts.PROVENANCE.items()}
    return [
        (texts.MADE_NAME[reader], texts.MADE[reader].format(**provenance)),
        (texts.REDO_NAME[reader], texts.REDO[reader]),
        (texts.SOURCE_NAME[reader], texts.SOURCE[reader]),
    ]


def _labels(fit: Fit, reader: Language) -> dict[str, str]:
    """Return the display name of each determinant."""
    own = {item.column: item.label[reader] if item.label else item.column for item in fit.study.determinants}
    own |= {f"{name}^2": texts.SQUARE[reader].format(name=label) for name, label in own.items()}
    return {name: own.get(name, name) for name in fit.design.names}
