"""What is said of a determinant that follows from others: all of its variance where it does so exactly, else less."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bayesmodel.data.remarks.determinants_in_disguise import dependence_remarks


@pytest.mark.parametrize(("noise", "said"), [(0.0, "(100.0% of its variance)"), (0.01, "(99.9% of its variance)")])
def test_the_share_is_whole_only_where_nothing_is_left(invented_counts, noise, said):
    counts = invented_counts(levels="few")
    rng = np.random.default_rng(3)
    classes = pd.Series(np.arange(len(counts)) % 5, counts.areas.codes)
    table = pd.DataFrame({f"klasse_{each}": (classes == each).astype(float) for each in range(5)})
    table["klasse_4"] += noise * rng.normal(size=len(table))
    (remark,) = dependence_remarks(replace(counts, areas=replace(counts.areas, determinants=table)))
    assert said in remark.text.en
