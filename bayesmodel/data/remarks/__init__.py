"""Remarks on counts: data that is valid but possibly unintended; one file per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bayesmodel.data.counts import Counts
from bayesmodel.data.remark import Remark
from bayesmodel.data.remarks.ages import age_remarks
from bayesmodel.data.remarks.completeness import join_gap_remarks, shown_remarks, total_remarks
from bayesmodel.data.remarks.copied import copied_remarks
from bayesmodel.data.remarks.determinants_in_disguise import (
    coded_remarks,
    dependence_remarks,
    determinant_remarks,
    disguise_remarks,
)
from bayesmodel.data.remarks.grouping import (
    code_remarks,
    level_remarks,
    number_remarks,
    rest_remarks,
    shift_remarks,
    spelling_remarks,
    straddling_remarks,
)
from bayesmodel.data.remarks.heaps import heap_remarks
from bayesmodel.data.remarks.hidden import hidden_remarks, limit_remarks, missing_remarks
from bayesmodel.data.remarks.no_areas import no_area_remarks
from bayesmodel.data.remarks.patterns import pattern_remarks
from bayesmodel.data.remarks.proportions import proportion_remarks
from bayesmodel.data.remarks.sums_of_rows import sums_of_rows_remarks
from bayesmodel.data.remarks.units import fraction_remarks, percent_remarks, unit_remarks

CHECKS: tuple[Callable[[Counts], Iterator[Remark]], ...] = (
    join_gap_remarks,
    hidden_remarks,
    heap_remarks,
    limit_remarks,
    missing_remarks,
    coded_remarks,
    disguise_remarks,
    determinant_remarks,
    dependence_remarks,
    unit_remarks,
    percent_remarks,
    fraction_remarks,
    age_remarks,
    shown_remarks,
    level_remarks,
    number_remarks,
    total_remarks,
    spelling_remarks,
    rest_remarks,
    straddling_remarks,
    shift_remarks,
    code_remarks,
    pattern_remarks,
    no_area_remarks,
    sums_of_rows_remarks,
    proportion_remarks,
    copied_remarks,
)
"""The checks, in the order in which their remarks are reported."""


def remarks_on(counts: Counts) -> tuple[Remark, ...]:
    """Return remarks on the data of a study, in addition to those made when its tables were read.

    Parameters
    ----------
    counts : Counts
        Interpreted counts, with their areas and determinants.

    Returns
    -------
    tuple of Remark
        Empty if there are none.

    Examples
    --------
    >>> from bayesmodel import example_study, interpret_counts, read_areas
    >>> counts = interpret_counts(read_areas(example_study(areas=60, gemeenten=8, regions=2)))
    >>> counts.remarks[-len(remarks_on(counts)):] == remarks_on(counts) if remarks_on(counts) else True
    True
    """
    return tuple(found for check in CHECKS for found in check(counts))
