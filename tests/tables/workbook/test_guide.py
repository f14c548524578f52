"""The sheet of the method: levels that are in the tables only are told from those of the model."""

from dataclasses import replace

import pytest

from bayesmodel.tables.collect import tables_of
from bayesmodel.tables.workbook.guide import method
from bayesmodel.testing import invented_fit


@pytest.mark.parametrize(("language", "said"), [("nl", "niet in het model"), ("en", "not in the model")])
def test_a_level_without_an_effect_is_named_as_such(language, said):
    fit = invented_fit()
    assert said not in str(method(tables_of(fit, language)))
    levels = tuple(level.model_copy(update={"effect": level.name != "regio"}) for level in fit.study.levels)
    areas = replace(fit.counts.areas, study=fit.study.model_copy(update={"levels": levels}))
    tables = tables_of(replace(fit, counts=replace(fit.counts, areas=areas)), language)
    assert f"(2), {said}" in str(method(tables))
    assert list(tables.frames) == ["wijk", "gemeente", "regio"]
    assert "expected_regio_count" not in tables.frames["gemeente"]
