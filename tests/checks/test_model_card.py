"""The model card: every point of the guidelines, in both languages with the same figures, as html and Markdown."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from bayesmodel import aggregate, check, model_card
from bayesmodel.checks import card_texts as say
from bayesmodel.checks.multiverse import Multiverse
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.inference.fit import Fit
from bayesmodel.model.design import with_squares
from bayesmodel.study import study_from
from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.workbook.guide import method as method_of
from bayesmodel.testing import invented_fit

STEPS = [say.PREAMBLE, say.MODEL, say.COMPUTATION, say.FITS, say.POSTERIOR, say.DECISIONS, say.SENSITIVITY]
STEPS += [say.REPRODUCING, say.REMARKS]


@pytest.fixture(scope="module")
def fit():
    return invented_fit(areas=80)


@pytest.fixture(scope="module")
def found(fit):
    return check(fit)


def changed(fit: Fit, **parts) -> Fit:
    """Return the fit of a study with other parts."""
    study = fit.study.model_dump() | parts
    return replace(fit, counts=fit.counts.with_study(study_from(study)))


def drawn(fit: Fit, posterior: xr.Dataset) -> Fit:
    """Return a fit with other draws."""
    stats = fit.tree["sample_stats"].to_dataset()
    return replace(fit, tree=xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats}))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_card_holds_every_step(fit, found, language):
    card = model_card(fit, found, language=language)
    assert [section.heading for section in card.sections] == [step[language] for step in STEPS]
    assert all(section.texts or section.facts for section in card.sections)
    for text in (card.markdown, card.html):
        assert [text.index(step[language]) for step in STEPS] == sorted(text.index(step[language]) for step in STEPS)
        assert "Kruschke" in text
        assert "{" not in text.replace("{border", "").split("</style>")[-1], "a text was not filled in"


def test_what_is_no_check_of_this_fit_is_refused(fit, found):
    with pytest.raises(ComparisonError, match="found a str"):
        model_card(fit, "checked")
    with pytest.raises(ComparisonError, match="other counts"):
        model_card(invented_fit(areas=40), found)
    again = replace(fit, diagnostics=replace(fit.diagnostics, ess_min=500.0))
    assert model_card(again, found).language == "nl"


def test_the_quantity_with_the_fewest_draws_has_a_name(fit):
    """Laplace names it by its position."""
    for worst, name in {
        "beta[1]": "beta[divorce]",
        "effect_regio[0]": "effect_regio[JZ01]",
        "sd_wijk": "sd_wijk",
    }.items():
        card = model_card(replace(fit, diagnostics=replace(fit.diagnostics, worst=worst)), language="en")
        computed = card.sections[2].facts
        assert f"of {name}" in computed["Convergence"]
        assert f"({name})" in computed["Draws"]


def test_a_fit_that_did_not_converge_is_said_in_the_language_of_the_reader(fit):
    worse = replace(fit, diagnostics=replace(fit.diagnostics, rhat_max=1.4))
    dutch, english = (check(worse).sentences(language)[1] for language in ("nl", "en"))
    assert "boven 1,01" in dutch.replace("1.01", "1,01")
    assert "above 1.01" in english


def test_random_rounding_is_on_the_card(fit):
    rule = {"rounded_to": 3, "rounding": "random", "hidden_below": 0}
    for rounding, words in (("random", "rounded at random"), ("nearest", "are rounded to 3")):
        card = model_card(changed(fit, publication=rule | {"rounding": rounding}), language="en")
        assert words in card.sections[1].facts["Publication rule"]


def test_both_languages_hold_the_same_figures(fit, found):
    """In facts and tables; a Dutch number has a comma for a point, and words are in another order."""

    def figures(card):
        cells = [text for section in card.sections for text in (*section.facts.values(), *section.texts)]
        cells += [str(cell) for section in card.sections for table in section.tables for cell in table.to_numpy().flat]
        numbers = (re.findall(r"\d[\d.,]*", cell.replace("`", "")) for cell in cells)
        return [sorted(re.sub(r"[.,]", "", each.rstrip(".,")) for each in found) for found in numbers]

    dutch, english = (figures(model_card(fit, found, language=language)) for language in ("nl", "en"))
    assert dutch == english


def test_counts_of_the_data_are_those_of_the_fit(fit):
    data = model_card(fit, language="en").sections[1].facts["Data"]
    status = pd.Series(fit.counts.status).value_counts()
    shown = status["exact"] + status["rounded"]
    counted = (
        f"{shown} shown, {status['suppressed']} hidden, {status['missing']} not delivered, {status['zero']} without"
    )
    assert counted in data


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"hidden_below": 10}, "is 0 up to and including 9."),
        ({"hidden_below": 10, "raised_from": 8}, "is 0 up to and including 7. A 10 that is shown stands for 8 up to"),
        ({"hidden_below": 5, "rounded_to": 5}, "Counts that are shown are rounded to 5."),
        ({"hidden_below": 0}, "Nothing is hidden."),
    ],
)
def test_the_rule_of_the_publisher_is_said(fit, rule, said):
    other = changed(fit, publication={"hidden_symbols": ["."], "missing_symbols": [""], **rule})
    assert said in model_card(other, language="en").sections[1].facts["Publication rule"]


def test_areas_left_out_are_counted_by_reason(fit):
    left_out = pd.DataFrame({"name": list("abc"), "reason": ["small", "small", "no people"]}, index=list("xyz"))
    other = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, left_out=left_out)))
    assert model_card(other, language="en").sections[1].facts["Left out"] == "small: 2; no people: 1."


def test_areas_left_out_by_one_limit_are_one_reason(fit):
    reasons = ["young is 19, at most 20", "young is 7, at most 20; odd is 1, at most 2", "no people"]
    left_out = pd.DataFrame({"name": list("abc"), "reason": reasons}, index=list("xyz"))
    limits = [{"column": "young", "at_most": 20}, {"column": "odd", "at_most": 2}, {"column": "none", "at_most": 0}]
    other = changed(fit, exclusions=limits)
    other = replace(other, counts=replace(other.counts, areas=replace(other.counts.areas, left_out=left_out)))
    found = {language: model_card(other, language=language).sections[1].facts for language in ("nl", "en")}
    assert found["en"]["Left out"] == "young is at most 20: 2; odd is at most 2: 1; no people: 1."
    assert found["nl"]["Weggelaten"] == "young is hoogstens 20: 2; odd is hoogstens 2: 1; no people: 1."


def test_determinants_that_are_known_everywhere_have_no_missing_values(fit):
    determinants = fit.counts.areas.determinants.fillna(1.0)
    areas = replace(fit.counts.areas, determinants=determinants)
    known = model_card(replace(fit, counts=replace(fit.counts, areas=areas)), language="en")
    assert known.sections[1].facts["Determinants"].endswith("All values are known.")


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("binomial", "the odds of use by"),
        ("poisson", "multiplies or divides use by"),
        ("normal-share", "points at most"),
    ],
)
def test_priors_are_said_on_the_scale_of_use(family, said):
    card = model_card(invented_fit(family), language="en")
    assert said in card.sections[1].facts["Priors in words"]


def test_gaps_of_determinants_are_counted(fit):
    said = model_card(fit, language="en").sections[1].facts["Determinants"]
    gaps = int(fit.counts.areas.determinants.isna().to_numpy().sum())
    assert f"Missing: {gaps} values" in said
    assert f"divorce {gaps}." in said


def test_what_was_not_run_is_said_and_what_was_is_reported(fit, found):
    bare, checked = model_card(fit, language="en"), model_card(fit, found, language="en")
    assert any("Not done: leaving out one at a time" in text for text in bare.sections[3].texts)
    assert set(found.sentences("en")) <= set(checked.sections[3].texts)
    assert not any("Not done: leaving out one at a time" in text for text in checked.sections[3].texts)


def test_defensible_models_are_reported(fit):
    codes = pd.Index(["A", "B", "C"], name="wijk")
    verdicts = pd.DataFrame({"1": ["clearly higher", "inconclusive", "inconclusive"]}, codes)
    verdicts["2"] = ["clearly higher", "clearly lower", "inconclusive"]
    own = pd.Series(["clearly higher", "clearly higher", "inconclusive"], codes, name="verdict")
    models = pd.DataFrame({"family": ["a", "b"], "state": "converged", "error": ""}, index=["1", "2"])
    many = Multiverse(fit.study, "gemeente", pd.Series(list("abc"), codes), own, verdicts, models)
    said = model_card(fit, many, language="en").sections[6].texts
    assert said[0].startswith("Of 2 conclusions, 1 hold in at least 90% of 2 defensible models;")
    assert "; 1 are reversed in none (expectation" in said[0]


def test_draws_that_did_not_converge_are_called_so(fit, found):
    bad = replace(fit, diagnostics=replace(fit.diagnostics, divergences=7))
    assert "NIET geconvergeerd" in model_card(bad, language="nl").sections[2].facts["Convergentie"]
    assert "7 divergent transitions" in model_card(bad, language="en").sections[2].facts["Convergence"]


def test_verdicts_add_up_to_the_areas(fit):
    table = model_card(fit, language="en").sections[5].tables[0]
    assert int(table["determinants"].astype(int).sum()) == len(fit.counts)


def test_a_card_is_html_or_markdown(fit, found, tmp_path):
    card = model_card(fit, found, language="en")
    assert card.write(tmp_path / "card.md").read_text("utf-8") == card.markdown
    assert card.write(tmp_path / "card.HTML").read_text("utf-8") == card.html
    assert card.html.startswith("<!doctype html>")
    assert 'src="http' not in card.html
    with pytest.raises(UnknownNameError, match=r"\.md"):
        card.write(tmp_path / "card.pdf")


def test_parameters_are_those_of_the_fit(fit):
    table = model_card(fit, language="en").sections[4].tables[0]
    assert np.isclose(float(table.loc["intercept", "mean"]), float(fit.posterior["intercept"].mean()), atol=5e-4)
    assert {"poverty", "divorce", "sd_gemeente", "special_share"} <= set(table.index)


def test_all_together_is_what_was_counted_and_not_what_underlies_it(fit):
    """What is shown is known: only hidden and missing counts leave the total open."""
    total = aggregate(fit, {"all": list(fit.counts.areas.codes)}, "use.actual").summary().iloc[0]
    low, high = (f"{total[end]:,.0f}" for end in ("lower", "upper"))
    assert f"({low} to {high}, 90% interval)" in model_card(fit, language="en").markdown


def test_a_prior_of_rates_that_goes_beyond_everybody_says_so():
    wide = changed(
        invented_fit("poisson"), model={"family": "poisson", "overdispersion": 1, "priors": {"intercept_sd": 1.5}}
    )
    assert "and 100% or more" in model_card(wide, language="en").markdown
    narrow = changed(
        invented_fit("poisson"), model={"family": "poisson", "overdispersion": 1, "priors": {"intercept_sd": 0.2}}
    )
    assert "or more with" not in model_card(narrow, language="en").markdown


def test_overdispersion_is_told():
    fit = invented_fit()
    model = fit.study.model.model_copy(update={"overdispersion": 1.3})
    wide = replace(fit, counts=fit.counts.with_study(fit.study.model_copy(update={"model": model})))
    assert "op 1,3 keer die van toeval" in model_card(wide, language="nl").markdown
    assert "overdispersion 1.3" in model_card(wide, language="en").markdown
    assert "overdispers" not in model_card(fit, language="en").markdown


def test_what_is_estimated_of_overdispersion_is_told_with_its_interval():
    fit = changed(invented_fit(), model={"overdispersion": "estimated"})
    draws = np.linspace(0.2, 0.6, 1000).reshape(4, 250)
    fit = drawn(fit, fit.posterior.assign(excess_dispersion=(("chain", "draw"), draws)))
    assert "their variance is 1.4 (1.22 to 1.58, 90% interval) times" in model_card(fit, language="en").markdown
    assert "is hun variantie 1,4 (1,22 tot 1,58, 90%-interval) keer" in model_card(fit, language="nl").markdown
    method = str(method_of(tables_of(fit, "en")))
    assert "overdispersion estimated at 1.4 (1.22 to 1.58, 90% interval)" in method


def test_squares_have_a_prior_in_words_too():
    fit = invented_fit()
    assert "each square" not in model_card(fit, language="en").markdown
    square = fit.posterior["beta"].sel(determinant=["poverty"]).assign_coords(determinant=["poverty^2"])
    beta = xr.concat([fit.posterior["beta"], square], "determinant")
    curved = replace(fit, design=with_squares(fit.design, (0,), np.zeros(1), np.ones(1)))
    curved = drawn(curved, fit.posterior.drop_dims("determinant").assign(beta=beta))
    assert "The same holds for each square." in model_card(curved, language="en").markdown
