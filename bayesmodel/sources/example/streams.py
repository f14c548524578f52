"""Random streams: one per stage of the making of the country, so that a change in one stage leaves the others alone."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

Stage = Literal["coast", "sea", "places", "names", "population", "factors", "traits", "hiding", "effects", "counts"]


def stream(seed: int, stage: Stage) -> np.random.Generator:
    """Return the generator of one stage; the same seed and stage give the same numbers."""
    return np.random.default_rng([seed, get_args(Stage).index(stage)])
