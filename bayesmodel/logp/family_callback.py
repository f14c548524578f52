"""Rows asked for through a function in C, so that the families are compiled once and not into all that ask."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from bayesmodel.compiled import compiled_for_c, inner
from bayesmodel.logp.arrays import Forest
from bayesmodel.logp.batch_loglik import Answer, Rows, binomial_rows, poisson_rows, rows_one_by_one
from bayesmodel.logp.ffi import pointer

Floats = NDArray[np.float64]
PLACES = 16
"""Numbers that are handed over: sizes and addresses."""


class Question(NamedTuple):
    """What is asked: rows of a family at predictors (node, row) and dispersions (row,), and where to answer."""

    family: int
    rows: Rows
    eta: Floats
    dispersion: Floats
    answer: Answer


def answer_binomial(data: Any) -> None:
    """Answer binomial rows; a function in C.

    Parameters
    ----------
    data : pointer
        To `PLACES` whole numbers, as `ask` lays them out.
    """
    question = _question_at(data)
    binomial_rows(question.rows, question.eta, question.answer)


def answer_poisson(data: Any) -> None:
    """Answer Poisson rows, in the same way."""
    question = _question_at(data)
    poisson_rows(question.rows, question.eta, question.answer)


def answer_others(data: Any) -> None:
    """Answer rows of any family, in the same way."""
    question = _question_at(data)
    rows_one_by_one(question.family, question.rows, question.eta, question.dispersion, question.answer)


ANSWERS = {"binomial": answer_binomial, "poisson": answer_poisson}
"""Functions of their own, so that a study compiles what it needs."""


@cache
def machine(family: str) -> Any:
    """Return what answers rows of a family as a function in C, kept on disk."""
    answers = ANSWERS.get(family, answer_others)
    return compiled_for_c(types.void(types.CPointer(types.int64)), answers)


@inner
def _question_at(data: Any) -> Question:
    """Return the question that numbers lay out."""
    places = carray(data, (PLACES,))
    nodes, size, several = places[1], places[2], places[3]
    rows = Rows(
        carray(pointer(places[4]), (size,), np.float64),
        carray(pointer(places[5]), (size,), np.float64),
        carray(pointer(places[6]), (size,), np.float64),
        carray(pointer(places[7]), (size,), np.float64),
        carray(pointer(places[8]), (size,), np.float64),
        carray(pointer(places[9]), (several,), np.int64),
    )
    answer = Answer(
        carray(pointer(places[12]), (nodes, size), np.float64),
        carray(pointer(places[13]), (nodes, size), np.float64),
        carray(pointer(places[14]), (nodes, size), np.float64),
        carray(pointer(places[15]), (nodes * size,), np.float64),
    )
    eta = carray(pointer(places[10]), (nodes, size), np.float64)
    return Question(places[0], rows, eta, carray(pointer(places[11]), (size,), np.float64), answer)


@intrinsic  # type: ignore[untyped-decorator]
def call(context: Any, address: Any, argument: Any) -> Any:
    """Call the function in C at an address with one argument, an address too."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        function = builder.inttoptr(arguments[0], ir.FunctionType(ir.VoidType(), [word]).as_pointer())
        builder.call(function, [arguments[1]])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@inner
def ask(forest: Forest, rows: Rows, eta: Floats, dispersion: Floats, answer: Answer) -> None:
    """Write the log-likelihood of rows at predictors (node, row) and its derivatives, as the functions of `told` do."""
    places = np.empty(PLACES, dtype=np.int64)
    places[0], places[1], places[2], places[3] = forest.family, eta.shape[0], eta.shape[1], len(rows.several)
    places[4], places[5], places[6] = rows.told.ctypes.data, rows.lower.ctypes.data, rows.upper.ctypes.data
    places[7], places[8] = rows.people.ctypes.data, rows.log_people.ctypes.data
    places[9], places[10], places[11] = rows.several.ctypes.data, eta.ctypes.data, dispersion.ctypes.data
    places[12], places[13] = answer.value.ctypes.data, answer.slope.ctypes.data
    places[14], places[15] = answer.by_dispersion.ctypes.data, answer.room.ctypes.data
    call(forest.rows, places.ctypes.data)
