"""The real country of 2021, served as CBS serves it: what is fetched is what the file holds, and a study of it runs.

The table of youth care has the keys of its own service. Key figures come from a workbook, and are served under the keys
that KWB has in OData; no figure is changed.
"""

import pandas as pd
import pytest

from bayesmodel import fit
from bayesmodel.data import interpret_counts
from bayesmodel.io import read_areas
from bayesmodel.sources import fetch, read_registry
from bayesmodel.study import read_study
from benchmarks.sources.invented_tables import ServedTable, Topic
from benchmarks.sources.local_cbs import LocalCbs

COUNT = "TotaalJongerenMetJeugdzorgInNatura_1"
KEYS = {
    "a_inw": "AantalInwoners_5",
    "a_00_14": "k_0Tot15Jaar_8",
    "a_15_24": "k_15Tot25Jaar_9",
    "a_gesch": "Gescheiden_15",
    "a_nw_all": "NietWestersTotaal_18",
    "a_hh": "HuishoudensTotaal_28",
    "a_hh_m_k": "HuishoudensMetKinderen_31",
    "g_wozbag": "GemiddeldeWOZWaardeVanWoningen_35",
    "p_1gezw": "PercentageEengezinswoning_36",
    "p_wcorpw": "InBezitWoningcorporatie_42",
    "a_soz_wb": "PersonenPerSoortUitkeringBijstand_80",
    "a_soz_ao": "PersonenPerSoortUitkeringAO_81",
    "ste_oad": "Omgevingsadressendichtheid_117",
}


def number(text):
    return float(text) if text.strip() else None


def served(frame, table, dimension, keys, others=None):
    """Return columns of the file as a table of a service."""
    codes = [(code, name, "") for code, name in zip(frame["gwb_code_10"], frame["regio"], strict=True)]
    others = others or {}
    rows = [
        {dimension: row["gwb_code_10"], **{name: code for name, (code, _) in others.items()}}
        | {key: number(row[column]) for column, key in keys.items()}
        for row in frame.to_dict(orient="records")
    ]
    return ServedTable(
        table=table,
        title="2021",
        period="2021",
        modified="2023-06-15T02:00:00",
        dimensions={dimension: codes, **{name: [(code, title, "")] for name, (code, title) in others.items()}},
        topics=[Topic(key, f"M{index:03}", key.rpartition("_")[0]) for index, key in enumerate(keys.values())],
        rows=rows,
    )


@pytest.fixture(scope="module")
def country(shared_data):
    path = shared_data / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame[frame["recs"] != "Land"]


@pytest.fixture
def fetched(country, asking, tmp_path):
    others = {"VormenVanJeugdzorg": ("T001203", "Totaal alle jeugdzorg in natura"), "Perioden": ("2021JJ00", "2021")}
    care = served(country, "85075NED", "Wijken", {COUNT: COUNT}, others)
    kwb = served(country, "1KWB", "WijkenEnBuurten", KEYS)
    with LocalCbs([care, kwb], ("v3",)) as server:
        sources = asking(server, registry=read_registry().with_table("kwb", 2021, "1KWB"))
        return fetch("jeugdhulp", 2021, tmp_path / "out", sources)


def test_hidden_and_rounded_wijken_are_those_of_the_file(fetched, country):
    counts = interpret_counts(read_areas(read_study(fetched.study)))
    wijken = country[country["recs"] == "Wijk"]
    young = wijken["a_00_14"].astype(int) + wijken["a_15_24"].astype(int)
    empty = int((young == 0).sum())  # 34, of which 20 have no inhabitants at all
    blank = int((wijken[COUNT] == "").sum())
    found = pd.Series(counts.status).value_counts().to_dict()
    assert found == {"rounded": 3248 - blank, "suppressed": blank - empty, "zero": empty}
    assert (blank, empty) == (469, 34)
    truth = country.set_index("gwb_code_10")[COUNT].reindex(counts.areas.codes)
    shown = counts.status == "rounded"
    assert (counts.lower[shown] + 2 == truth[shown].astype(int)).all()
    assert set(truth[~shown]) == {""}
    assert len(counts.areas.totals) == 352
    assert counts.areas.totals["published"].astype(int).sum() == 463_570


def test_what_the_workbook_does_not_have_is_said(fetched):
    absent = {"p_hh_laag_inkomen", "afstand_huisarts"}
    assert {name for name in absent if any(f"Without {name}" in note for note in fetched.notes)} == absent
    assert len(read_study(fetched.study).determinants) == 9


@pytest.mark.slow
def test_a_study_of_it_converges(fetched):
    study = read_study(fetched.study)
    found = fit(study.model_copy(update={"inference": study.inference.model_copy(update={"engine": "laplace"})}))
    assert found.diagnostics.converged
