"""The likelihood of a family behind a C function pointer: compiled once, not once into every caller."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from bayesmodel.compiled import compiled_for_c, inner
from bayesmodel.logp.arrays import ModelArrays
from bayesmodel.logp.batch_loglik import IntervalCounts, Out, binomial_loglik, loglik_one_by_one, poisson_loglik
from bayesmodel.logp.ffi import pointer

if TYPE_CHECKING:
    from bayesmodel.model.build import BuiltModel

Floats = NDArray[np.float64]
N_ARGS = 18
"""Integers passed to the callback: sizes and addresses."""


class Args(NamedTuple):
    """Arguments of a callback: counts (row,), linear predictors (node, row), dispersions (row,) and the output."""

    family: int
    counts: IntervalCounts
    eta: Floats
    dispersion: Floats
    out: Out


def binomial_callback(data: Any) -> None:
    """Evaluate binomial counts; called from C.

    Parameters
    ----------
    data : pointer
        To `N_ARGS` integers, as `evaluate` packs them.
    """
    args = _args_at(data)
    binomial_loglik(args.counts, args.eta, args.out, None)


def poisson_callback(data: Any) -> None:
    """Evaluate Poisson counts; called from C."""
    args = _args_at(data)
    poisson_loglik(args.counts, args.eta, args.out, None)


def general_callback(data: Any) -> None:
    """Evaluate counts of any family; called from C."""
    args = _args_at(data)
    loglik_one_by_one(args.family, args.counts, args.eta, args.dispersion, args.out, None)


def weighted_binomial_callback(data: Any) -> None:
    """Evaluate binomial counts with weights; called from C."""
    args = _args_at(data)
    binomial_loglik(args.counts, args.eta, args.out, args.counts.weights)


def weighted_poisson_callback(data: Any) -> None:
    """Evaluate Poisson counts with weights; called from C."""
    args = _args_at(data)
    poisson_loglik(args.counts, args.eta, args.out, args.counts.weights)


def weighted_callback(data: Any) -> None:
    """Evaluate counts of any family with weights; called from C."""
    args = _args_at(data)
    loglik_one_by_one(args.family, args.counts, args.eta, args.dispersion, args.out, args.counts.weights)


CALLBACKS = {
    False: {"binomial": binomial_callback, "poisson": poisson_callback},
    True: {"binomial": weighted_binomial_callback, "poisson": weighted_poisson_callback},
}
"""Separate functions, without and with weights, so that a study compiles and runs only what it needs."""


@cache
def compiled_callback(family: str, weighted: bool = False) -> Any:
    """Return the C function that evaluates counts of a family, cached on disk."""
    callback = CALLBACKS[weighted].get(family, weighted_callback if weighted else general_callback)
    return compiled_for_c(types.void(types.CPointer(types.int64)), callback)


def callback_of(built: BuiltModel) -> int:
    """Return the address of the C function that evaluates the counts of a model."""
    address: int = compiled_callback(built.family.name, built.counts.weights is not None).address
    return address


@inner
def _args_at(data: Any) -> Args:
    """Unpack the arguments."""
    packed = carray(data, (N_ARGS,))
    nodes, size, wide = packed[1], packed[2], packed[3]
    counts = IntervalCounts(
        carray(pointer(packed[4]), (size,), np.float64),
        carray(pointer(packed[5]), (size,), np.float64),
        carray(pointer(packed[6]), (size,), np.float64),
        carray(pointer(packed[7]), (size,), np.float64),
        carray(pointer(packed[8]), (size,), np.float64),
        carray(pointer(packed[9]), (wide,), np.int64),
        carray(pointer(packed[16]), (size, packed[17]), np.float64),
    )
    out = Out(
        carray(pointer(packed[12]), (nodes, size), np.float64),
        carray(pointer(packed[13]), (nodes, size), np.float64),
        carray(pointer(packed[14]), (nodes, size), np.float64),
        carray(pointer(packed[15]), (nodes * size,), np.float64),
    )
    eta = carray(pointer(packed[10]), (nodes, size), np.float64)
    return Args(packed[0], counts, eta, carray(pointer(packed[11]), (size,), np.float64), out)


@intrinsic  # type: ignore[untyped-decorator]
def call(context: Any, address: Any, argument: Any) -> Any:
    """Call the C function at an address with one argument, an address too."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = ir.IntType(64)
        function = builder.inttoptr(arguments[0], ir.FunctionType(ir.VoidType(), [word]).as_pointer())
        builder.call(function, [arguments[1]])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@inner
def evaluate(arrays: ModelArrays, counts: IntervalCounts, eta: Floats, dispersion: Floats, out: Out) -> None:
    """Write the log-likelihood of counts at linear predictors (node, row) and its derivatives to `out`."""
    packed = np.empty(N_ARGS, dtype=np.int64)
    packed[0], packed[1], packed[2], packed[3] = arrays.family, eta.shape[0], eta.shape[1], len(counts.wide)
    packed[4], packed[5], packed[6] = (
        counts.observed_mask.ctypes.data,
        counts.lower.ctypes.data,
        counts.upper.ctypes.data,
    )
    packed[7], packed[8] = counts.people.ctypes.data, counts.log_people.ctypes.data
    packed[9], packed[10], packed[11] = counts.wide.ctypes.data, eta.ctypes.data, dispersion.ctypes.data
    packed[12], packed[13] = out.value.ctypes.data, out.slope.ctypes.data
    packed[14], packed[15] = out.by_dispersion.ctypes.data, out.buffer.ctypes.data
    packed[16], packed[17] = counts.weights.ctypes.data, counts.weights.shape[1]
    call(arrays.family_callback, packed.ctypes.data)
