"""Odd arguments of public functions end in help, never in an error of Python."""

import inspect
import pickle

import numpy as np
import pandas as pd
import pytest

import bayesmodel
from bayesmodel import VerdictRule, compare
from bayesmodel.arguments import explaining
from bayesmodel.errors import ArgumentError, BayesModelError, ComparisonError
from bayesmodel.messages import speaking
from bayesmodel.testing import invented_fit

ODD = {
    "None": None, "negative": -1, "zero": 0, "not a number": float("nan"), "endless": float("inf"), "empty text": "",
    "unknown name": "nosuch", "empty list": [], "unknown names": ["nosuch"], "nothing in a list": [None],
    "numbers": [1, 2], "a mapping": {"x": 1}, "an object": object(), "a table": pd.DataFrame({"a": [1]}),
    "a column": pd.Series([1.0, 2.0]), "a matrix": np.zeros((2, 2)),
}  # fmt: skip
SLOW = {
    *("fit", "fit_model", "draw_prior", "fit_many", "load_many", "draw_graph", "write_results", "write_tables"),
    *("posterior_sbc", "prior_sbc", "multiverse", "hide_and_seek", "cross_validate"),
}
"""Functions of which only the first argument is tried: the others take minutes, or are places to write in."""
FUNCTIONS = sorted(name for name in dir(bayesmodel) if inspect.isfunction(getattr(bayesmodel, name, None)))
UNTRIED = {"refit"}
"""Arguments that say whether to fit again: an odd one that is true fits, for ten seconds each."""
GIVEN = {"level": "gemeente", "places": ["WK000100", "WK000101"], "codes": ["WK000100"], "determinant": "poverty"}


@pytest.fixture(scope="module")
def fit():
    return invented_fit()


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.filterwarnings("ignore")
def test_an_odd_argument_ends_in_help(name, fit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    function = getattr(bayesmodel, name)
    parameters = inspect.signature(function).parameters.values()
    needed = {
        each.name: GIVEN.get(each.name) for each in parameters if each.default is each.empty and each.kind not in (2, 4)
    }
    if "fit" in needed:
        needed["fit"] = fit
    tried = [each.name for each in parameters if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)]
    tried = [name for name in tried if name not in UNTRIED]
    for odd in tried[: 1 if name in SLOW else None]:
        for value in ODD.values():
            chosen = needed | {odd: value}
            first = [chosen.pop(each.name) for each in parameters if each.kind is each.POSITIONAL_ONLY]
            try:
                function(*first, **chosen)
            except BayesModelError as error:
                assert str(error)  # noqa: PT017


def test_the_argument_is_named_with_what_it_takes_and_where_that_comes_from(fit):
    with pytest.raises(
        ArgumentError, match=r"use: fit is 3; expected Fit. One comes from fit\(study\), load_fit\(path\)\."
    ):
        bayesmodel.use(3)
    with pytest.raises(ArgumentError, match=r"compare: areas is 3; expected "):
        bayesmodel.compare(fit, 3)
    with pytest.raises(ArgumentError, match="It is called as rank"):
        bayesmodel.rank()
    with speaking("nl"), pytest.raises(ArgumentError, match=r"use: fit is 3; verwacht: Fit\."):
        bayesmodel.use(3)


def test_what_works_is_left_alone_and_a_mistake_of_our_own_is_not_hidden():
    def broken(n: int) -> int:
        return {}[n]

    with pytest.raises(KeyError):
        explaining(broken)(3)
    assert explaining(len)("abc") == 3


def test_a_public_function_is_found_again_by_its_name():
    assert pickle.loads(pickle.dumps(bayesmodel.use)) is bayesmodel.use
    assert compare is bayesmodel.compare


@pytest.mark.parametrize("name", ["margin", "clear", "probable", "false_discovery"])
@pytest.mark.parametrize("value", ["0.9", [], {}, np.zeros((2, 2)), object(), float("nan"), -1])
def test_a_rule_of_verdicts_takes_numbers(name, value):
    with pytest.raises(ComparisonError):
        VerdictRule(**{name: value})
