"""Difference: how far use is from expected use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bayesmodel.errors import UnknownNameError
from bayesmodel.estimates.definition import Definition, unit_of
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.estimates.expected import expected
from bayesmodel.estimates.use import Of, use
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import _
from bayesmodel.parallel import in_blocks
from bayesmodel.study import Label, Study

DifferenceScale = Literal["count", "points", "ratio"]
SYMBOLS = {"count": "{use} - {expected}", "points": "100 ({use} - {expected}) / n", "ratio": "{use} / {expected}"}


def difference(
    fit: Fit,
    of: Of = "underlying",
    expectation: str = "determinants",
    scale: DifferenceScale = "count",
    areas: str | Sequence[str] | None = None,
) -> Estimate:
    """Return the difference between use and expected use, draw by draw.

    Count: use - expected. Percentage points: 100 (use - expected) / n. Ratio: use / expected.

    Parameters
    ----------
    fit : Fit
        The posterior.
    of : {"underlying", "actual"}
        Use without chance variation, or with it.
    expectation : str
        The expectation, named as in `expected`.
    scale : {"count", "points", "ratio"}
        Number of people, percentage points, or ratio (both NaN where nobody lives).
    areas : str or sequence of str, optional
        Codes; defaults to all areas.

    Returns
    -------
    Estimate
        Draws (chain, draw, area), computed from the draws that `use` and `expected` return.

    Raises
    ------
    UnknownNameError
        There is no such use, expectation, scale or area.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> ratio = difference(invented_fit(), expectation="gemeente", scale="ratio")
    >>> ratio.summary().loc["WK000101", ["lower", "upper"]].round(2)
    lower    0.82
    upper    1.19
    Name: WK000101, dtype: float64
    """
    if scale not in SYMBOLS:
        raise UnknownNameError(_("scale"), scale, SYMBOLS)
    part_scale: Literal["count", "share"] = "count" if scale == "count" else "share"
    minuend, subtrahend = use(fit, of, part_scale, areas), expected(fit, expectation, part_scale, areas)
    return contrast(fit.study, minuend, subtrahend, scale)


def contrast(study: Study, minuend: Estimate, subtrahend: Estimate, scale: DifferenceScale) -> Estimate:
    """Return the difference of a use and an expectation of the same areas.

    Parameters
    ----------
    study : Study
        The study of both.
    minuend, subtrahend : Estimate
        Use and expectation, both as counts (for a count or a ratio) or both as shares (for points or a ratio).
    scale : {"count", "points", "ratio"}
        What to return.

    Returns
    -------
    Estimate
        Draws (chain, draw, area).
    """
    result = contrast_samples(minuend.samples, subtrahend.samples, scale)
    definition = difference_definition(study, minuend.definition, subtrahend.definition, scale)
    draws = subtrahend.draws.copy(data=result.reshape(subtrahend.draws.shape))
    return Estimate(draws, definition, study)


def contrast_samples(
    left: NDArray[Any], right: NDArray[Any], scale: DifferenceScale, people: NDArray[np.float64] | float = 1.0
) -> NDArray[np.float64]:
    """Return left - right, 100 (left - right) / people, or left / right (sample, area)."""
    result = np.empty(right.shape)

    def work(part: slice) -> None:
        with np.errstate(invalid="ignore", divide="ignore"):  # 0 / 0 where nobody lives
            if scale == "ratio":
                np.divide(left[part], right[part], out=result[part])
                return
            np.subtract(left[part], right[part], out=result[part])
            if scale == "points":
                result[part] *= 100 / np.asarray(people)

    in_blocks(work, len(left), left.shape[1])
    return result


def difference_definition(study: Study, of: Definition, to: Definition, scale: DifferenceScale) -> Definition:
    """Return the definition of a difference."""
    if scale == "ratio":
        label = Label(nl=f"{of.label.nl} gedeeld door {to.label.nl}", en=f"{of.label.en} over {to.label.en}")
        answers = Label(
            nl="Hoeveel keer zo hoog is het gebruik als verwacht? Leeg waar niemand woont.",
            en="How many times as high as expected is use? Empty where nobody lives.",
        )
    else:
        label = Label(nl=f"{of.label.nl} min {to.label.nl}", en=f"{of.label.en} minus {to.label.en}")
        answers = Label(
            nl="Hoeveel wijkt het gebruik af van wat te verwachten is?", en="How far is use from what one would expect?"
        )
    use_symbol = "Y" if of.name == "use.actual" else "n p"
    formula = SYMBOLS[scale].format(use=use_symbol, expected=to.formula.removesuffix(" / n"))
    return Definition(
        f"difference.{of.name.removeprefix('use.')}.{to.name.removeprefix('expected.')}",
        label,
        answers,
        formula,
        unit_of(study, scale),
    )
