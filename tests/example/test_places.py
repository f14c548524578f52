"""Names and codes of invented places."""

import numpy as np
import pandas as pd

from bayesmodel.example.places import place_names, region_names


def test_names_differ_as_long_as_there_are():
    names = place_names(9600, np.random.default_rng(1)).tolist()
    assert len(set(names)) == 9600
    assert len(set(region_names(2000, np.random.default_rng(1)).tolist())) == 2000


def test_names_repeat_only_after_all_were_used():
    names = region_names(2001, np.random.default_rng(1)).tolist()
    assert len(names) == 2001
    assert len(set(names)) == 2000


def test_no_place_bears_the_name_or_code_of_a_real_one(national, shared_data):
    tables = ["cbs_kwb_2017/kwb_2017_wijken.csv", "cbs_regioindeling/jeugdzorgregio_2017_namen.csv"]
    frames = [pd.read_csv(shared_data / table, dtype=str, keep_default_na=False) for table in tables]
    # Every cell: the columns of names and codes are among them.
    real = {cell.lower() for frame in frames for cell in frame.to_numpy().ravel().tolist()}
    assert {"gm0034", "wk003401", "almere"} <= real
    places = national.country.places
    for column in ("wijk_naam", "gemeente_naam", "gemeente_code", "jeugdzorgregio_naam"):
        assert real.isdisjoint(places[column].str.lower()), column
    every = place_names(9600, np.random.default_rng(1))
    assert real.isdisjoint(name.lower() for name in every.tolist())
    assert real.isdisjoint(places.index.str.lower())
