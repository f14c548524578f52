"""Publication check: expected numbers are those of the family with own effects anew, and the true rule is named."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel import PublicationCheck, publication_check, publish
from bayesmodel.data import Counts, Status
from bayesmodel.data.publication import intervals, published_cells
from bayesmodel.data.remark import RemarkKind
from bayesmodel.errors import ComparisonError
from bayesmodel.estimates.linear_predictor import flat, special_share, without_own_effect
from bayesmodel.estimates.publication_check import publication_remarks
from bayesmodel.inference.diagnostics import Diagnostics
from bayesmodel.messages import speaking
from bayesmodel.study.parts import Publication
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.workbook.guide import method
from bayesmodel.testing import invented_fit

PLAIN = Publication(hidden_below=10, hidden_symbols=(".",), missing_symbols=("",))
RAISED = PLAIN.model_copy(update={"raised_from": 8})


def world(true, read, seed=1, family="poisson", areas=1200):
    """A fit whose counts are drawn from one of its draws, published by one rule and read by another."""
    fit = invented_fit(family, areas=areas, draws=50)
    rng, people = np.random.default_rng(seed), fit.counts.population
    eta = without_own_effect(fit, np.arange(areas))[seed] + rng.normal(0, 0.14, areas)
    drawn = np.minimum(rng.poisson(people * np.exp(eta)), people)
    missing = fit.counts.status == Status.MISSING
    cells = pd.Series(np.where(missing, "", publish(drawn, true)), fit.counts.areas.codes)
    study = fit.study.model_copy(update={"publication": read})
    table = replace(fit.counts.areas, study=study, published=cells)
    found = published_cells(cells, read)
    masks = {"hidden": found.hidden, "missing": found.missing, "zero": found.zero}
    return replace(fit, counts=Counts(table, *intervals(found.numbers, people, read, **masks)))


@pytest.fixture(scope="module")
def heaped():
    return world(RAISED, PLAIN)


def test_the_rule_that_the_numbers_point_to_is_named(heaped):
    check = publication_check(heaped)
    assert isinstance(check, PublicationCheck)
    assert check.better
    assert check.better[0].raised_from in (7, 8, 9)
    table = check.summary()
    assert table.loc["10", "verdict"] == "more"
    assert table.loc["10", "published"] == (heaped.counts.areas.published == "10").sum()
    assert table.loc["hidden", "published"] == (heaped.counts.status == Status.SUPPRESSED).sum()
    assert abs(table.loc["10", "expected_better"] - table.loc["10", "published"]) < 20
    assert check.rules_table.index[0] == f"hidden_below = 10, raised_from = {check.better[0].raised_from}"


@pytest.mark.parametrize("rule", [PLAIN, RAISED], ids=["plain", "raised"])
@pytest.mark.parametrize("seed", range(1, 4))
def test_under_the_true_rule_no_other_is_named(rule, seed):
    fit = world(rule, rule, seed)
    check = publication_check(fit)
    assert check.better == ()
    assert "expected_better" not in check.summary()
    assert publication_remarks(fit) == ()
    assert "no other publication rule" in check.conclusion()


def test_a_rule_that_raises_where_nothing_is_raised_is_found_as_well():
    check = publication_check(world(PLAIN, RAISED, areas=4000))
    assert check.better[0].raised_from in (0, 9)
    assert check.summary().loc["10", "verdict"] == "fewer"


@pytest.mark.parametrize("family", ["binomial", "poisson", "beta-binomial", "negative-binomial", "normal-share"])
def test_expected_numbers_are_those_of_counts_drawn_from_the_family(family):
    fit = invented_fit(family, areas=64, draws=250)
    check = publication_check(fit)
    rows = np.flatnonzero((fit.counts.population > 0) & (fit.counts.status != Status.MISSING))
    rng, people = np.random.default_rng(3), fit.counts.population[rows]
    eta = without_own_effect(fit, rows)
    spread = flat(fit, "dispersion")[:, None] if "dispersion" in fit.posterior else np.ones((len(eta), 1))
    if family != "normal-share":
        own = flat(fit, "sd_wijk")[:, None] if "sd_wijk" in fit.posterior else 0.0
        left = np.einsum("sj,pjk,sk->sp", flat(fit, "beta"), fit.design.covariances, flat(fit, "beta"))
        eta = eta + np.sqrt(own**2 + left[:, fit.design.pattern[rows]]) * rng.normal(size=eta.shape)
    else:
        left = np.einsum("sj,pjk,sk->sp", flat(fit, "beta"), fit.design.covariances, flat(fit, "beta"))
        spread = np.sqrt(spread**2 + left[:, fit.design.pattern[rows]])
    drawn = fit.family.draw(rng, np.broadcast_to(people, eta.shape), eta, np.broadcast_to(spread, eta.shape))
    numbers = np.array([(drawn == count).sum(axis=1).mean() for count in range(16)])
    # a mean over a thousand draws of numbers of at most a few areas
    assert check.expected[:16] == pytest.approx(numbers, abs=0.25)
    assert check.replicates.mean(axis=0)[:16] == pytest.approx(numbers, abs=0.35)


def test_special_areas_are_drawn_with_their_wider_effect():
    fit = invented_fit("poisson", areas=400)
    share = fit.posterior["special_share"] * 0 + 0.5
    wide = replace(fit, tree=fit.tree.copy())
    wide.tree["posterior"] = wide.tree["posterior"].to_dataset().assign(special_share=share)
    assert special_share(wide).mean() == 0.5
    # areas of three hundred, of which about 34 are expected, seldom have 12 to 15: with six times the sd they do
    assert publication_check(wide).expected[12:16].sum() > 1.2 * publication_check(fit).expected[12:16].sum()


def test_intervals_hold_the_numbers_of_data_made_by_the_model():
    inside = []
    for seed in range(6):
        table = publication_check(world(PLAIN, PLAIN, seed, areas=400)).summary(prob=0.9)
        inside += ((table["published"] >= table["lower"]) & (table["published"] <= table["upper"])).tolist()
    # 72 numbers, of which 90 % or somewhat more (they are whole) should lie inside; sd .03
    assert np.mean(inside) > 0.8


def test_the_order_of_areas_and_one_impossible_area_change_no_conclusion(heaped):
    large = int(np.argmax(heaped.counts.population))
    there = np.arange(len(heaped.counts)) == large
    published = heaped.counts.areas.published.where(~there, ".")
    lower, upper = (np.where(there, bound, old) for bound, old in ((0, heaped.counts.lower), (9, heaped.counts.upper)))
    status = np.where(there, str(Status.SUPPRESSED), heaped.counts.status)
    counts = Counts(replace(heaped.counts.areas, published=published), lower, upper, status)
    odd = publication_check(replace(heaped, counts=counts))
    assert odd.better[0] == publication_check(heaped).better[0]


def test_what_points_elsewhere_is_said_everywhere_in_both_languages(heaped):
    (said,) = publication_remarks(heaped)
    assert said.kind is RemarkKind.HEAP
    assert "point to another publication rule" in said.text.en
    assert "wijst op een andere publicatieregel" in said.text.nl
    tables = tables_of(heaped, "en")
    assert said in tables.remarks
    lines = dict(method(tables)["Data"])
    assert lines["publication check"] == said.text.en
    check = heaped.publication_check()
    with speaking("en"):
        assert "hidden" in check.conclusion()
    assert check.title.startswith("Publicatiecontrole")
    assert "hidden_below = 10" in repr(check)


def test_without_hidden_counts_there_is_nothing_to_tell():
    fit = invented_fit()
    rule = Publication(hidden_below=0, missing_symbols=(".", ""))
    study = fit.study.model_copy(update={"publication": rule})
    status = np.where(fit.counts.status == Status.SUPPRESSED, str(Status.MISSING), fit.counts.status)
    counts = replace(fit.counts.with_study(study), status=status)
    check = publication_check(replace(fit, counts=counts))
    assert "hidden" not in check.summary().index
    assert check.better == ()
    with speaking("en"):
        assert "Nothing tells" in check.conclusion()


def test_a_limit_of_thousands_is_no_small_count():
    fit = invented_fit()
    study = fit.study.model_copy(update={"publication": Publication(hidden_below=5000, hidden_symbols=(".",))})
    far = replace(fit, counts=fit.counts.with_study(study))
    with pytest.raises(ComparisonError, match="hidden_below"):
        publication_check(far)
    assert publication_remarks(far) == ()


def test_draws_that_did_not_converge_are_said(heaped):
    verdict = Diagnostics(rhat_max=1.5, ess_min=20.0, divergences=3, bfmi_min=1.0, worst="intercept")
    check = publication_check(replace(heaped, diagnostics=verdict))
    assert check.problems
    assert check.problems.split(";")[0] in check.plot().get_label()


def test_the_picture_shows_what_is_published_and_the_other_rule(heaped):
    figure = publication_check(heaped).plot(language="en")
    names = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert names[:2] == ["hidden", "10"]
    assert any("raised_from" in text for text in figure.axes[0].get_legend_handles_labels()[1])
    assert "point to another publication rule" in figure.get_label()


def test_the_numbers_of_areas_can_be_read_off(heaped):
    check = publication_check(heaped)
    axis = check.plot(language="en").axes[0]
    most = check.summary()["published"].max()
    ticks = axis.get_yticks()
    assert most > 10
    assert ((ticks > 0) & (ticks <= most)).sum() >= 3
    assert ticks.max() > most / 3
