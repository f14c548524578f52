"""The model in words and formulas: what it says, with which priors, over which dims, and how it will be sampled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayesmodel.errors import MissingFeatureError, OutputError
from bayesmodel.messages import _, language, number, plural
from bayesmodel.study.model_parts import TailPrior

if TYPE_CHECKING:
    from graphviz import Digraph

    from bayesmodel.model.build import BuiltModel
from bayesmodel.model.design import FARTHEST
from bayesmodel.model.priors import EXCESS, SPECIAL_RATIO, SPECIAL_SHARE
from bayesmodel.study.model_parts import SPACE

COUNTS = {
    "binomial": "Y_i ~ Binomial(n_i, p_i)",
    "poisson": "Y_i ~ Poisson(n_i p_i)",
    "negative-binomial": "Y_i ~ NegativeBinomial(mean n_i p_i, shape 1 / dispersion^2)",
    "beta-binomial": "Y_i ~ BetaBinomial(n_i, mean p_i, size 1 / dispersion^2)",
    "normal-share": "Y_i / n_i ~ Normal(p_i, dispersion)",
}


def describe(built: BuiltModel) -> str:
    """Return the equations, priors, dims and sampling choices of a built model as text.

    Examples
    --------
    >>> from bayesmodel import build_model, example_study, interpret_counts, read_areas
    >>> built = build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2))))
    >>> print(describe(built).splitlines()[0])
    Model of example: binomial, 60 areas (wijk)
    """
    study = built.counts.study
    sections = [
        [
            _("Model of {study}: {family}, {areas} ({area})").format(
                study=study.name,
                family=built.family.name,
                areas=plural("{count} area", "{count} areas", len(built.counts)),
                area=study.area,
            )
        ],
        ["", _("Observation"), *_observation(built)],
        ["", _("Linear predictor"), *_predictor(built)],
        ["", _("Priors (on the scale of the link)"), *_priors(built)],
        ["", _("Dims"), *(f"  {name}: {number(len(codes))}" for name, codes in built.coords.items())],
        ["", _("Sampling"), *_sampling(built)],
    ]
    return "\n".join(line for section in sections for line in section)


def draw_graph(built: BuiltModel) -> Digraph:
    """Return PyMC's picture of the model, to show in a notebook or to render to a file.

    Parameters
    ----------
    built : BuiltModel
        As `build_model` returns it.

    Returns
    -------
    Digraph
        Its ``source`` is text; rendering it needs graphviz's program `dot`.

    Raises
    ------
    MissingFeatureError
        The library graphviz is not installed.
    OutputError
        Its program `dot` is not installed.

    Examples
    --------
    >>> from bayesmodel import build_model, draw_graph, example_study, interpret_counts, read_areas
    >>> built = build_model(interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2))))
    >>> draw_graph(built).render("model", format="svg")  # doctest: +SKIP
    'model.svg'
    """
    import pymc as pm

    try:
        picture: Digraph = pm.model_to_graphviz(built.pymc)
    except ImportError as error:
        if "dot" in str(error):
            absent = _("The picture needs graphviz's program `dot`; install the system package graphviz.")
            raise OutputError(absent) from None
        raise MissingFeatureError(_("A picture of the model"), "graph") from None
    return picture


def _observation(built: BuiltModel) -> list[str]:
    """Return what is observed, in lines."""
    counts = built.counts
    wide = int((counts.observed & (counts.upper > counts.lower)).sum())
    silent = int((~counts.observed).sum())
    window = _("summed over the window; a known count has lower = upper")
    sizes = _("{known} known, {windows} windows, {silent} that say nothing (predicted)").format(
        known=number(int(counts.observed.sum()) - wide), windows=number(wide), silent=number(silent)
    )
    observed = COUNTS[built.family.name]
    if built.family.gaussian:
        observed = _("{formula}, rounded to whole people").format(formula=observed)
    lines = [f"  {observed}", f"  log P(lower_i <= Y_i <= upper_i), {window}", f"  {sizes}"]
    if counts.weights is not None:
        base = counts.study.publication.rounded_to
        said = _(
            "rounded at random: each count k of a window weighs by P(published so | k), 1 - |k - published| / {base}"
        )
        lines.insert(2, "  " + said.format(base=base))
    return lines


def _predictor(built: BuiltModel) -> list[str]:
    """Return the linear predictor, in lines."""
    study, design = built.counts.study, built.design
    terms = ["intercept"]
    if design.names:
        terms.append("x_i' beta")
    terms += [f"effect_{name}[i]" for name in study.random_effects]
    if built.family.area_effect:
        terms.append(f"effect_{study.area}[i]")
    left = {"logit": "logit p_i", "log": "log p_i", "identity": "p_i"}[built.family.link.name]
    lines = [f"  {left} = {' + '.join(terms)}"]
    lines += [f"  effect_{name} ~ Normal(0, sd_{name})" for name in study.effect_names]
    if built.space is not None:
        said = _("effect_space ~ sd_space x intrinsic autoregression over {areas} in {parts}, of unit typical variance")
        areas = plural("{count} area with neighbours", "{count} areas with neighbours", len(built.space.connected))
        parts = plural("{count} component", "{count} components", len(built.space.sizes))
        lines.append("  " + said.format(areas=areas, parts=parts))
        alone = len(built.space.areas) - len(built.space.connected)
        if alone:
            islands = plural("{count} area without neighbours", "{count} areas without neighbours", alone)
            lines.append("  " + _("of {areas}: Normal(0, sd_space)").format(areas=islands))
    own = f"Normal(0, sd_{study.area})"
    if SPECIAL_SHARE in built.area_parameters:
        special = f"{SPECIAL_SHARE} Normal(0, {SPECIAL_RATIO:g} sd_{study.area})"
        lines.append(f"  effect_{study.area} ~ (1 - {SPECIAL_SHARE}) {own} + {special}")
    elif built.family.area_effect:
        lines.append(f"  effect_{study.area} ~ {own}")
    if study.model.estimates_overdispersion or study.model.excess_dispersion:
        excess = float(np.median(built.clusters.variance * np.maximum(built.counts.population, 1)))
        said = _("overdispersion {factor}: its variance is larger by {excess} / people")
        if study.model.estimates_overdispersion:
            said = _("overdispersion 1 + {name}: its variance is larger by {excess} {name} / people")
        factor = number(1 + study.model.excess_dispersion, "g")
        lines.append("  " + said.format(factor=factor, excess=number(excess, ".3g"), name=EXCESS))
    if design.names:
        over = _("people") if study.model.standardise == "population" else _("areas")
        scaled = _("x: {determinants}, transformed, mean 0 and sd 1 over {over}")
        named = plural("{count} determinant", "{count} determinants", len(design.names) - len(design.curved))
        lines.append("  " + scaled.format(determinants=named, over=over))
    if design.curved:
        squares = plural("and the square of {count} of them", "and the squares of {count} of them", len(design.curved))
        farthest = number(FARTHEST, "g")
        lines.append("  " + _("{squares}, up to {farthest} sds").format(squares=squares, farthest=farthest))
    incomplete = int(design.incomplete.sum())
    if incomplete:
        gaps = plural(
            "{count} area misses a determinant: integrated out, leaving variance beta' S beta",
            "{count} areas miss a determinant: integrated out, leaving variance beta' S beta",
            incomplete,
        )
        lines.append("  " + gaps)
    return lines


def _priors(built: BuiltModel) -> list[str]:
    """Return the priors, in lines."""
    study, scale = built.counts.study, built.priors
    priors = study.model.priors
    lines = [f"  intercept ~ {_normal(scale.intercept_mean, scale.intercept_sd)}"]
    if built.design.names and priors.coefficient.kind == "normal":
        lines.append(f"  beta ~ {_normal(0, scale.coefficient_sd)}")
    elif built.design.names:
        expected = priors.coefficient.expected_nonzero
        horseshoe = _("beta ~ regularised horseshoe, {expected} expected to matter, slab sd {sd}")
        lines.append("  " + horseshoe.format(expected=number(expected, "g"), sd=number(scale.coefficient_sd, ".3g")))
    sizes = {group.name: len(group.codes) for chain in built.chains for group in chain}
    sizes |= {} if built.space is None else {SPACE: len(built.counts)}
    sds = {name: priors.of_level(name, sizes[name]) for name in study.random_effects}
    if built.family.area_effect:
        sds[study.area] = priors.sd_of.get(study.area, priors.sd)
    lines += [_tail(f"sd_{name}", prior, scale.scale) for name, prior in sds.items()]
    lines += [_tail(name, getattr(priors, name), 1.0) for name in built.area_parameters[1:]]
    if not built.family.area_effect:
        lines.append(_tail("dispersion", priors.sd, scale.scale if built.family.gaussian else 1.0))
    return lines


def _normal(mean: float, sd: float) -> str:
    """Return a normal prior; in Dutch, whose numbers have a comma, a semicolon separates them."""
    return f"Normal({number(mean, '.3g')}{'; ' if language() == 'nl' else ', '}{number(sd, '.3g')})"


def _tail(name: str, prior: TailPrior, scale: float) -> str:
    """Return an exponential prior as the probability it gives to large values."""
    said = _("{name} ~ Exponential with P({name} > {limit}) = {probability}")
    limit, probability = number(prior.exceeds * scale, ".3g"), number(prior.probability, "g")
    return "  " + said.format(name=name, limit=limit, probability=probability)


def _sampling(built: BuiltModel) -> list[str]:
    """Return how the effects will be sampled, in lines."""
    study, lines = built.counts.study, []
    for name, weight in built.geometry.centring.items():
        if name == "area" and study.inference.density == "compiled":
            if built.family.area_effect or built.design.incomplete.any():
                lines.append("  " + _("{name}: integrated out, and drawn afterwards").format(name=study.area))
        elif name != "area" or built.family.area_effect:
            low, middle, high = np.quantile(weight, [0.05, 0.5, 0.95])
            said = _("{name}: centred for {middle:.0%} (5 % to 95 % of them: {low:.0%} to {high:.0%})")
            shown = study.area if name == "area" else name
            lines.append("  " + said.format(name=shown, middle=middle, low=low, high=high))
    return lines
