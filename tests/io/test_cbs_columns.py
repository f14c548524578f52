"""Columns of CBS by every name they have, and decimals that a file lost."""

import pandas as pd
import pytest

from bayesmodel.io.cbs_columns import cbs_columns, columns_called, is_cbs, lost_decimals, share_columns, stem_of


@pytest.mark.parametrize(
    "name",
    [
        "JongerenMetJeugdzorgInNatura_84",
        "JongerenMetJeugdzorgInNatura_98",
        "Zorg/Jongeren met jeugdzorg in natura (aantal)",
        "a_jz_tn",
        "A_JZ_TN",
        "JongerenMetJeugdzorgInNatur_1",
    ],
)
def test_a_column_is_found_by_every_name_it_has(name):
    assert columns_called(["gwb_code", name, "a_inw"], "JongerenMetJeugdzorgInNatura") == [name]


def test_ages_of_files_are_told_apart():
    names = ["a_00_14", "a_15_24", "a_25_44", "a_45_64", "a_65_oo"]
    wanted = ["k_0Tot15Jaar", "k_15Tot25Jaar", "k_25Tot45Jaar", "k_45Tot65Jaar", "k_65JaarOfOuder"]
    assert [columns_called(names, each) for each in wanted] == [[name] for name in names]


def test_a_name_of_a_file_is_one_column_of_cbs():
    names = [name for column in cbs_columns().values() for name in (*column.files, *column.share)]
    assert len({stem_of(name) for name in names} | {name.lower() for name in names}) >= len(set(names))
    assert len(names) == len(set(names))
    for stem, column in cbs_columns().items():
        for name in column.files:
            assert [each for each in cbs_columns() if columns_called([name], each)] == [stem]


def test_shares_are_columns_of_their_own():
    assert share_columns(["P_HH_M_K", "a_hh_m_k"], "HuishoudensMetKinderen") == ["P_HH_M_K"]
    assert columns_called(["P_HH_M_K"], "HuishoudensMetKinderen") == []
    assert is_cbs("P_HH_M_K")
    assert not is_cbs("jeugdhulp")


def test_a_column_with_a_decimal_has_one_somewhere():
    whole = pd.Series([str(number) for number in range(4, 40)])
    assert "none of its 36 numbers has one" in lost_decimals("g_afs_hp", whole)
    assert "none of its 36 numbers has one" in lost_decimals("AfstandTotHuisartsenpraktijk_106", whole)
    assert lost_decimals("g_afs_hp", whole.mask(whole == "7", "0.7")) == ""
    assert lost_decimals("p_wcorpw", whole) == ""
    assert lost_decimals("g_afs_hp", whole[:11]) == ""  # too few to tell


def test_a_zero_in_front_tells_it_of_any_column():
    assert lost_decimals("own", pd.Series(["12", "07", "."])) == "it holds '07': 0,7 without its comma"
    assert lost_decimals("own", pd.Series(["12", "0", "0.7", "."])) == ""
