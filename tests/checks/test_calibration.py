"""The table of coverage: it counts what it says, finds intervals that are wrong, and says so in both languages."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.checks.calibration import Calibration, _off, calibration
from bayesmodel.checks.classes import all_label, size_classes, trait_classes
from bayesmodel.checks.left_out import LeftOut
from bayesmodel.checks.predictive import predictive_check
from bayesmodel.checks.quick_check import QuickCheck, check
from bayesmodel.errors import ComparisonError, UnknownNameError
from bayesmodel.study import Label
from bayesmodel.testing import invented_fit


@pytest.fixture(scope="module")
def fit():
    return invented_fit(areas=320)


def made(fit, at):
    """Return a calibration whose transforms lie at given points, of shown areas only."""
    size = len(at)
    found = LeftOut(np.arange(size), at, at + 1e-9, np.full(size, 0.1), np.zeros(size), np.zeros(size, dtype=bool))
    return Calibration(
        found, fit.study, ((all_label(fit.counts), np.ones(size, dtype=bool)),), np.zeros(size, dtype=bool)
    )


@pytest.mark.parametrize(("power", "off"), [(1.0, ""), (0.3, "narrow"), (3.0, "wide")])
def test_intervals_that_are_wrong_are_found(fit, power, off):
    """Transforms drawn to the middle are those of intervals too wide, and the other way round."""
    away = np.linspace(-1, 1, 999)
    at = 0.5 + 0.4999 * np.sign(away) * np.abs(away) ** power
    row = made(fit, at).frame.iloc[0]
    assert row["off"] == off
    assert row["coverage"] + row["below"] + row["above"] == pytest.approx(1)


def test_sentences_hold_the_same_numbers_in_both_languages(fit):
    said = made(fit, np.linspace(0.001, 0.999, 200) ** 0.3)
    [dutch], [english] = said.sentences("nl"), said.sentences("en")
    assert "van de 100 keer" in dutch
    assert "of 100 times" in english
    numbers = [[word for word in text.replace(";", " ").split() if word.isdigit()] for text in (dutch, english)]
    assert numbers[0] == numbers[1]
    assert "te smal" in dutch
    assert "too narrow" in english


def test_every_shown_and_hidden_count_is_in_one_class(fit):
    found = calibration(fit)
    total, classes = found.frame.iloc[0], found.frame.iloc[1:]
    assert classes["shown"].sum() == total["shown"]
    excluding = (fit.counts.status == "suppressed") & (fit.counts.upper < fit.counts.population)
    assert classes["hidden"].sum() == total["hidden"] == excluding.sum()
    assert classes["hidden_expected"].sum() == pytest.approx(total["hidden_expected"])
    assert found.transforms.frame["share"].sum() == pytest.approx(1)


def test_classes_hold_enough_areas(fit):
    codes = pd.Series(size_classes(fit.counts).codes)
    shown = fit.counts.observed & (fit.counts.status != "suppressed")
    assert codes.max() >= 1
    assert codes[shown].value_counts().min() >= 40
    assert size_classes(invented_fit().counts).names("en") == ["all wijken"]


def test_classes_are_the_same_in_every_table(fit):
    held, replicated = calibration(fit).frame.index, predictive_check(fit).summary()["areas"]
    assert list(held) == list(dict.fromkeys(replicated))


def test_classes_of_a_trait(fit):
    density = pd.Series(np.arange(320.0), fit.counts.areas.codes, name="density").iloc[:-1]
    found = trait_classes(fit.counts, density)
    assert len(found.labels) == 4
    assert found.codes[-1] == -1
    with pytest.raises(UnknownNameError, match="povert"):
        trait_classes(fit.counts, "povrty")


def test_a_study_without_a_single_count_is_refused(fit):
    nothing = replace(fit.counts, lower=0 * fit.counts.lower, upper=fit.counts.population)
    with pytest.raises(ComparisonError, match="No count was delivered"):
        calibration(replace(fit, counts=nothing))


@pytest.mark.parametrize(
    ("deviation", "error", "size", "off"),
    [
        (-0.02, 0.001, 100, ""),
        (-0.05, 0.05, 100, ""),
        (-0.05, 0.001, 100, "narrow"),
        (0.05, 0.001, 100, "wide"),
        (-0.5, 0.001, 9, ""),
    ],
)
def test_a_class_is_off_beyond_chance_and_only_where_it_matters(deviation, error, size, off):
    assert _off(deviation, error, size) == off


def test_classes_that_say_nothing_are_refused(fit):
    codes = fit.counts.areas.codes
    with pytest.raises(ComparisonError, match="no area has a value"):
        trait_classes(fit.counts, pd.Series([1.0, 2.0], ["a", "b"], name="urbanity"))
    texts = pd.Series([f"kind {row % 9}" for row in range(len(codes))], codes, name="kind")
    with pytest.raises(ComparisonError, match="found 9 texts"):
        trait_classes(fit.counts, texts)
    numbers = pd.Series(np.arange(len(codes)), codes, dtype=object)
    classes = trait_classes(fit.counts, numbers)
    assert [classes.names(reader)[0] for reader in ("nl", "en")] == ["waarde: 0 tot en met 79", "value: 0 to 79"]


@pytest.mark.parametrize("prob", [0.0, 1.0, 2.0])
def test_no_interval_has_such_a_probability(fit, prob):
    with pytest.raises(ComparisonError, match="above 0 and below 1"):
        calibration(fit).summary(prob)


def test_of_few_counts_it_is_said_that_nothing_can_be_seen(monkeypatch):
    """Neither that the model fits nor that it does not."""
    monkeypatch.setattr(QuickCheck, "concerns", 0)
    sentences = check(invented_fit()).sentences("en")
    assert sentences[0] == "The number of counts shown is 4: too few to see whether the model fits the data."


def test_classes_by_a_determinant_have_its_label_and_whole_hundreds(fit):
    study = fit.counts.study
    first = study.determinants[0].model_copy(update={"label": Label(nl="woningwaarde", en="house value")})
    values = fit.counts.areas.determinants.assign(poverty=np.linspace(276, 1231, len(fit.counts)))
    areas = replace(
        fit.counts.areas,
        determinants=values,
        study=study.model_copy(update={"determinants": (first, *study.determinants[1:])}),
    )
    names = trait_classes(replace(fit.counts, areas=areas), "poverty")
    assert names.names("en")[0].startswith("house value: 276 to ")
    assert names.names("en")[-1].endswith(" to 1,231")
    assert names.names("nl")[-1].endswith(" tot en met 1.231")
