"""The study of 2017 as it stands in data/, on the published files."""

from pathlib import Path

import numpy as np
import pytest

from bayesmodel.batch.variation import Variation
from bayesmodel.data import interpret_counts
from bayesmodel.data.remark import RemarkKind
from bayesmodel.io import read_areas
from bayesmodel.study import read_study

STUDY = Path(__file__).resolve().parents[2] / "data" / "jeugdhulp-2017" / "study.toml"


@pytest.fixture(scope="module")
def counts(shared_data):
    return interpret_counts(read_areas(read_study(STUDY)))


def test_areas_levels_and_determinants_are_those_of_the_study(counts):
    areas = counts.areas
    assert len(areas) == 2918
    assert areas.levels.nunique().to_dict() == {"gemeente": 388, "jeugdzorgregio": 42}
    assert areas.determinants.shape == (2918, 27)
    assert int(areas.determinants.isna().to_numpy().sum()) == 4984
    assert int(areas.determinants.notna().all(axis=1).sum()) == 1618
    assert areas.level_labels["gemeente"]["GM0034"] == "Almere"
    assert areas.level_labels["jeugdzorgregio"]["JZ01"] == "Groningen"
    assert len(areas.left_out) == 0


@pytest.fixture(scope="module")
def as_the_source_says(shared_data):
    return Variation("as the source says", read_study(STUDY), {"publication.raised_from": 0}).counts()


def test_ten_is_read_as_8_to_10_and_hidden_as_0_to_7(counts):
    hidden, ten = counts.status == "suppressed", (counts.areas.published == "10").to_numpy()
    assert int(hidden.sum()) == 286
    assert (set(counts.lower[hidden]), set(counts.upper[hidden])) == ({0}, {7})
    assert (int(ten.sum()), set(counts.lower[ten]), set(counts.upper[ten])) == (88, {8}, {10})
    assert int((counts.status == "exact").sum()) == 2544
    assert int(counts.population.sum()) == 3_597_356
    assert [remark for remark in counts.remarks if remark.kind is RemarkKind.HEAP] == []


def test_as_the_source_says_it_the_heap_at_ten_points_to_the_rule_of_the_study_file(as_the_source_says):
    counts = as_the_source_says
    hidden = counts.status == "suppressed"
    assert (set(counts.lower[hidden]), set(counts.upper[hidden])) == ({0}, {9})
    assert int(counts.lower[~hidden].sum()) == 367_978
    assert counts.notes == ("286 hidden (empty cell), read as 0..9; 0 missing (none); 2,632 exact.",)
    (said,) = [str(remark) for remark in counts.remarks if remark.kind is RemarkKind.HEAP]
    assert "The count 10 is shown 88 times" in said
    assert "state hidden_below = 10, raised_from = 8" in said


def test_counts_reproduce_the_published_percentages(as_the_source_says, shared_data):
    from bayesmodel.io import read_workbook

    counts = as_the_source_says
    workbook = read_workbook(shared_data / "scp_jeugdhulp_wijk_2017" / "Wijkdata_Jeugdhulp_in_de_wijk.ods")
    published = workbook.gebruik.set_index("wijk")["perc_jhzv"].loc[counts.areas.codes]
    hidden = counts.status == "suppressed"
    assert (published[hidden] == ".").all()
    share = 100 * counts.lower[~hidden] / counts.population[~hidden]
    # Three decimals were published: half a unit of the last one, and room for the rounding of a float.
    np.testing.assert_allclose(share, published[~hidden].astype(float), atol=0.0005001, rtol=0)


def test_every_determinant_has_its_two_labels_and_a_block():
    study = read_study(STUDY)
    assert all(part.label is not None and part.block is not None for part in study.determinants)
    assert {part.block for part in study.determinants} == {block.name for block in study.blocks}
    assert [part.column for part in study.determinants if part.level] == [
        "perc_sbo_g",
        "perc_vso_g",
        "perc_praktijk_g",
        "perc_tienmam",
        "polchrplus",
        "samenw",
    ]
