"""The wijken of 2017: who borders on whom, islands, the selection of the study; and years held against each other."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bayesmodel.boundaries import bridge_through_areas, neighbours_of, overlap_of, read_boundaries
from bayesmodel.data.vintages import Follow, follow_areas
from benchmarks.evidence.record import SHARED

AT_MOST = 100
"""Inhabitants of a wijk that the study of 2017 leaves out."""


def figures() -> dict[str, Any]:
    """Return the figures of boundaries and vintages."""
    return {**structure(), **selection(), **almere()}


def structure() -> dict[str, Any]:
    """Return pairs, parts and islands of the polygons of 2017; two of its areas have no shape."""
    found = read_boundaries(SHARED / "cbs_wijkgrenzen" / "wijk_2017_approx.geojson")
    pairs = neighbours_of(found)
    return {
        "shapes_2017": len(found),
        "without_shape_2017": len(found.without_shape),
        "neighbours_2017": len(pairs),
        "components_2017": len(pairs.component_sizes),
        "islands_2017": len(pairs.islands),
    }


def selection() -> dict[str, Any]:
    """Apply the rule of the study to the published (rounded) inhabitants, and hold it against its own list."""
    every = pd.read_csv(SHARED / "cbs_kwb_2017" / "kwb_2017_wijken.csv", dtype=str)
    land = every[every["WATER"] == "NEE"]
    chosen = set(land.loc[land["AANT_INW"].astype(int) > AT_MOST, "WK_CODE"])
    own = set(pd.read_csv(SHARED / "scp_jeugdhulp_wijk_2017" / "tellingen_afgeleid.csv", dtype=str)["wijk_code"])
    return {
        "wijken_2017": len(land),
        "selected_2017": len(chosen),
        "selected_2017_by_the_study": len(own),
        "selected_2017_in_both": len(chosen & own),
    }


def almere() -> dict[str, Any]:
    """Hold the wijken of 2017 against those of 2022, and bring their inhabitants over: Almere is the hard case."""
    old = read_boundaries(SHARED / "cbs_wijkgrenzen" / "wijk_2017_approx.geojson")
    new = read_boundaries(SHARED / "cbs_wijkgrenzen" / "wijk_2022_tmap.geojson")
    kwb = pd.read_csv(SHARED / "cbs_kwb_2017" / "kwb_2017_wijken.csv", dtype=str)
    kwb = kwb[kwb["WATER"] == "NEE"].set_index("WK_CODE")
    before = pd.DataFrame({"name": kwb["WK_NAAM"], "people": kwb["AANT_INW"], "hectares": kwb["OPP_TOT"]})
    after = pd.DataFrame(
        {"name": new.shapes["name"], "people": new.shapes["population"], "hectares": new.hectares}, index=new.codes
    )
    followed = follow_areas(before, after, 2017, 2022, overlap_of(old, new))
    bridge = bridge_through_areas(old, new)
    people = after["people"].astype(float)
    bounds = bridge.counts(before["people"].astype(float))
    ratio = (bounds["estimate"] / people)[people > 200]
    here = ratio.index.str.startswith("WK0034")
    return {
        "followed_2017_2022": int(followed.table["followed"].sum()),
        "reused_2017_2022": int((followed.table["follow"] == Follow.REUSED).sum()),
        "almere_reused": sum(code.startswith("WK0034") for code in followed.reused),
        "bridge_whole_2017_2022": int(bridge.whole.sum()),
        "bridge_almere_by_surface_5_50_95": [round(float(ratio[here].quantile(q)), 2) for q in (0.05, 0.5, 0.95)],
    }
