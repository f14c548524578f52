"""The names that a study may not give to a level are all those that results have for something else."""

from bayesmodel.estimates.expectation import expectation_names
from bayesmodel.study.reserved_names import PREFIXES, RESERVED, SUFFIXES
from bayesmodel.tables.columns import columns_of
from bayesmodel.testing import invented_fit


def test_every_name_of_a_result_is_reserved():
    fit = invented_fit()
    study = fit.study
    own = {study.area, *study.level_names}
    names = {column.name for level in (None, *study.level_names) for column in columns_of(study, level)}
    for group in ("posterior", "sample_stats"):
        names |= {str(name) for name in fit.tree[group].to_dataset().variables}
    names |= {*expectation_names(study), *fit.counts.frame.columns, *fit.counts.areas.left_out.columns}
    assert len(names) > 40
    open_names = {
        name
        for name in names - own - RESERVED
        if not name.startswith(PREFIXES)
        and not any(name.endswith(suffix) and name.removesuffix(suffix) in own for suffix in SUFFIXES)
    }
    assert open_names == set()


def test_columns_of_results_have_names_of_their_own():
    study = invented_fit().study
    for level in (None, *study.level_names):
        names = [column.name for column in columns_of(study, level)]
        assert len(set(names)) == len(names)
