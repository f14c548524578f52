import pandas as pd

from bayesmodel.data.validation import label_faults, level_faults
from bayesmodel.study.parts import Level

GEMEENTE = Level(name="gemeente", column="gm_code", name_column="gm_naam", within="regio")
REGIO = Level(name="regio", column="jz_code")


def codes(*texts):
    return pd.Series(texts, name="wijk_code", dtype=str)


def in_levels(gemeenten, regions):
    return pd.DataFrame({"gemeente": gemeenten, "regio": regions})


def test_sound_levels_have_no_faults():
    wijken = codes("WK000300", "WK000301", "WK000500")
    levels = in_levels(["GM0003", "GM0003", "GM0005"], ["JZ01", "JZ01", "JZ01"])
    assert level_faults(wijken, levels, [GEMEENTE, REGIO]) == []


def test_a_wijk_in_another_gemeente_than_its_code_says():
    (fault,) = level_faults(codes("WK000300"), in_levels(["GM0005"], ["JZ01"]), [GEMEENTE, REGIO])
    assert fault.where == "gm_code"
    assert list(fault.rows) == ["WK000300 (its code says GM0003, its row GM0005)"]


def test_codes_that_are_no_wijken_say_nothing_of_their_gemeente():
    assert level_faults(codes("A00030000"), in_levels(["GM0005"], ["JZ01"]), [GEMEENTE, REGIO]) == []
    assert level_faults(codes("WK000300"), in_levels(["team noord"], ["JZ01"]), [GEMEENTE, REGIO]) == []


def test_a_gemeente_in_two_regions():
    levels = in_levels(["GM0003", "GM0003", "GM0005"], ["JZ02", "JZ01", "JZ01"])
    (fault,) = level_faults(codes("WK000300", "WK000301", "WK000500"), levels, [GEMEENTE, REGIO])
    assert list(fault.rows) == ["GM0003 in JZ01 and JZ02"]


def test_crossed_levels_may_cross():
    crossed = [GEMEENTE.model_copy(update={"within": None}), REGIO]
    levels = in_levels(["GM0003", "GM0003"], ["JZ01", "JZ02"])
    assert level_faults(codes("WK000300", "WK000301"), levels, crossed) == []


def test_an_area_without_a_region_is_one_fault_not_two():
    levels = in_levels(["GM0003", "GM0003"], ["JZ01", ""])
    (fault,) = level_faults(codes("WK000300", "WK000301"), levels, [GEMEENTE, REGIO])
    assert (fault.where, fault.found, list(fault.rows)) == ("jz_code", "no regio", ["WK000301"])


def test_an_unknown_group_is_named_once_with_a_near_miss():
    groups, names = pd.Series(["GM0003", "GM0033", "GM0033"]), pd.Series(["Appingedam", "", ""])
    (fault,) = label_faults(groups, names, GEMEENTE)
    assert (list(fault.rows), fault.advice) == (["GM0033"], "Did you mean GM0003?")


def test_a_group_with_two_names():
    (fault,) = label_faults(pd.Series(["GM0003", "GM0003"]), pd.Series(["Appingedam", "Delfzijl"]), GEMEENTE)
    assert (fault.where, list(fault.rows)) == ("gm_naam", ["GM0003 (Appingedam, Delfzijl)"])


def test_a_gemeente_that_is_no_code_among_codes():
    levels = in_levels(["GM0003", "GM0003", "GM03"], ["JZ01", "JZ01", "JZ01"])
    (fault,) = level_faults(codes("A", "B", "C"), levels, [GEMEENTE, REGIO])
    assert (fault.found, list(fault.rows)) == ("an unknown gemeente", ["GM03"])
    assert "Did you mean GM0003?" in fault.advice
