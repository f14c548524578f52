"""Remarks on counts of which few are shown, and on names."""

from dataclasses import replace

import numpy as np

from bayesmodel.data import Status
from bayesmodel.data.remark import RemarkKind
from bayesmodel.data.remarks.completeness import shown_remarks


def kinds(counts):
    return [each.kind for each in shown_remarks(counts)]


def test_nothing_is_said_of_plain_counts(invented_counts):
    assert kinds(invented_counts()) == []


def test_most_counts_hidden_is_said(invented_counts):
    counts = invented_counts()
    hidden = np.where(np.arange(len(counts)) < 25, Status.SUPPRESSED, Status.EXACT)
    assert kinds(replace(counts, status=hidden)) == [RemarkKind.MOSTLY_HIDDEN]


def test_areas_of_one_name_are_counted(invented_counts):
    counts = invented_counts()
    names = counts.areas.names.copy()
    names.iloc[:3] = "Centrum"
    (said,) = shown_remarks(replace(counts, areas=replace(counts.areas, names=names)))
    assert said.kind is RemarkKind.SAME_NAME
    assert said.text.en.startswith("3 areas")
