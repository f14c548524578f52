"""Write the invented tables of data/provisions: wijken with several provisions, and households by what befell them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).resolve().parents[1] / "data" / "provisions"
GEMEENTEN, WIJKEN = 10, 8
"""How many gemeenten, and wijken in each."""
HOUSEHOLDS = {
    "single": "alleenstaand",
    "couple": "paar zonder kinderen",
    "family": "paar met kinderen",
    "lone_parent": "eenoudergezin",
    "two_families": "twee gezinnen",
}
EVENTS = {
    "no_event": "geen gebeurtenis",
    "divorce": "echtscheiding",
    "illness": "langdurig ziek",
    "birth": "geboorte",
    "job_lost": "baan verloren",
    "job_found": "werk gevonden",
    "moved": "verhuisd",
    "death": "overlijden van een huisgenoot",
}


def main() -> None:
    """Write both tables anew, the same every time."""
    rng = np.random.default_rng(2021)
    FOLDER.mkdir(exist_ok=True)
    wijken(rng).to_csv(FOLDER / "wijken.csv", index=False, lineterminator="\n")
    life_events(rng).to_csv(FOLDER / "life_events.csv", index=False, lineterminator="\n")


def wijken(rng: np.random.Generator) -> pd.DataFrame:
    """Return wijken, and the rows of their gemeenten, with counts rounded to fives and 0 to 7 hidden."""
    gemeente = np.repeat(np.arange(1, GEMEENTEN + 1), WIJKEN)
    wijk, size = np.tile(np.arange(WIJKEN), GEMEENTEN), GEMEENTEN * WIJKEN
    people = 5 * (rng.gamma(0.8, 700, size) + 15).round().astype(int)
    older, poor, alone = rng.beta(4, 16, size), rng.beta(8, 12, size), rng.beta(3, 40, size)
    town, own = rng.normal(0, 0.12, GEMEENTEN)[gemeente - 1], rng.normal(0, 0.2, size)
    frame = pd.DataFrame({
        "wijk_code": [f"WK{g:04d}{w:02d}" for g, w in zip(gemeente, wijk, strict=True)],
        "wijk_naam": [f"Wijk {g}-{w}" for g, w in zip(gemeente, wijk, strict=True)],
        "gemeente_code": [f"GM{g:04d}" for g in gemeente],
        "gemeente_naam": [f"Town {g}" for g in gemeente],
        "inwoners": people,
        "inwoners_15_64": (0.62 * people / 5).round().astype(int) * 5,
        "huishoudens": (0.45 * people / 5).round().astype(int) * 5,
        "jongeren": (0.24 * people / 5).round().astype(int) * 5,
        "inwoners_65_plus": (older * people / 5).round().astype(int) * 5,
        "p_laag_inkomen": (100 * poor).round(1),
        "p_eenouder": (100 * alone).round(1),
    })  # fmt: skip
    shares = {
        "wmo_clienten": ("inwoners", 0.055 * np.exp(2.0 * (older - 0.2) + 1.0 * (poor - 0.4))),
        "bijstand": ("inwoners_15_64", 0.045 * np.exp(3.5 * (poor - 0.4))),
        "jeugdhulp_met_verblijf": ("jongeren", 0.012 * np.exp(8.0 * (alone - 0.07))),
        "huishoudens_meer_voorzieningen": ("huishoudens", 0.06 * np.exp(2.5 * (poor - 0.4) + 4.0 * (alone - 0.07))),
    }
    counts = {name: rng.poisson(frame[of] * share * np.exp(town + own)) for name, (of, share) in shares.items()}
    whole = ["inwoners", "inwoners_15_64", "huishoudens", "jongeren", "inwoners_65_plus"]
    totals = frame.groupby(["gemeente_code", "gemeente_naam"], as_index=False)[whole].sum()
    totals = totals.assign(wijk_code=totals["gemeente_code"], wijk_naam=totals["gemeente_naam"])
    for name, numbers in counts.items():
        frame[name] = _published(numbers, 10 if name == "bijstand" else 5, 0 if name == "bijstand" else 8)
        unplaced = rng.poisson(0.05 * pd.Series(numbers).groupby(gemeente).sum())
        totals[name] = _published(pd.Series(numbers).groupby(gemeente).sum().to_numpy() + unplaced, 5, 8)
    return pd.concat([frame, totals], ignore_index=True)[list(frame)]


def life_events(rng: np.random.Generator) -> pd.DataFrame:
    """Return households by kind and what befell them: how many used a provision at the start, and how many still do."""
    rows = []
    stay = dict(zip(HOUSEHOLDS, rng.normal(0.6, 0.4, len(HOUSEHOLDS)), strict=True))
    after = dict(zip(EVENTS, rng.normal(0.0, 0.5, len(EVENTS)), strict=True))
    for kind, event in ((kind, event) for kind in HOUSEHOLDS for event in EVENTS):
        start = int(rng.gamma(1.2, 400 if event == "no_event" else 60)) + 3
        share = 1 / (1 + np.exp(-(stay[kind] + after[event] + rng.normal(0, 0.15))))
        still = int(rng.binomial(start, share))
        shown = str(still) if still >= 10 else "."
        rows.append([f"{kind}_{event}", f"{HOUSEHOLDS[kind]}, {EVENTS[event]}", kind, event, start, shown])
    return pd.DataFrame(rows, columns=["groep", "naam", "huishouden", "gebeurtenis", "gebruikt_2015", "gebruikt_2016"])


def _published(counts: np.ndarray, to: int, hidden_below: int) -> list[str]:
    """Return counts as they are published."""
    rounded = (counts + to // 2) // to * to
    return [str(number) if count >= hidden_below else "." for count, number in zip(counts, rounded, strict=True)]


if __name__ == "__main__":
    main()
