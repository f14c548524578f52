"""Labels of arrays of draws: codes, names and attributes for tables and pictures; names for area sets and engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from bayesmodel.data import Counts
from bayesmodel.data.suppression import shown_windows
from bayesmodel.estimates.estimate import Estimate
from bayesmodel.inference.fit import Fit
from bayesmodel.messages import Language, number
from bayesmodel.study import Label, Study

Codes = Sequence[Any] | pd.Index | NDArray[Any]
ENGINES: Mapping[str, Label] = {
    "nuts (nutpie) on the compiled density": Label(
        nl="nuts (nutpie) op de gecompileerde dichtheid", en="nuts (nutpie) on the compiled density"
    ),
    "nuts (nutpie) on the whitened density": Label(
        nl="nuts (nutpie) op de dichtheid die met Laplace gestandaardiseerd is",
        en="nuts (nutpie) on the whitened density",
    ),
    "nuts (nutpie) on the PyMC graph": Label(
        nl="nuts (nutpie) op het model in PyMC", en="nuts (nutpie) on the PyMC graph"
    ),
    "nested laplace, weighted to the exact posterior": Label(
        nl="Laplace-benadering, herwogen naar de exacte a-posterioriverdeling",
        en="nested laplace, weighted to the exact posterior",
    ),
}
"""How the draws were made, by the engine in the provenance of a fit."""
REFUSED = Label(
    nl="{engine}; eerst is de Laplace-benadering geprobeerd, maar die was niet nauwkeurig genoeg{figures}",
    en="{engine}; nested laplace was tried first and was not accurate enough{figures}",
)


def with_labels(
    fit: Fit, samples: NDArray[Any], dim: str, codes: Codes, coordinates: Mapping[str, Codes]
) -> xr.DataArray:
    """Return draws (sample, code) with labels, and with a warning attached if they did not converge.

    Parameters
    ----------
    fit : Fit
        The fit that the draws come from.
    samples : ndarray (sample, code)
    dim : str
        What the codes identify: the area, a level, or another dim.
    codes : sequence (code,)
    beside : mapping of str to sequence (code,)
        Coordinates along the codes, such as their names.

    Returns
    -------
    DataArray (chain, draw, `dim`)
    """
    posterior = fit.tree["posterior"]
    coords = {"chain": posterior["chain"].to_numpy(), "draw": posterior["draw"].to_numpy(), dim: pd.Index(codes)}
    along = {name: (dim, np.asarray(values)) for name, values in coordinates.items()}
    shape = posterior.sizes["chain"], posterior.sizes["draw"], len(codes)
    attributes = warning(fit) | subset_attributes(fit, dim, codes)
    return xr.DataArray(samples.reshape(shape), coords | along, ("chain", "draw", dim), attrs=attributes)


def labelled(fit: Fit, samples: NDArray[Any], rows: NDArray[np.int64]) -> xr.DataArray:
    """Return draws (sample, area) labelled by chain, draw and code, with each area's name, status, people and count.

    The count is the published one; NaN where there is none, or where it is known only within bounds.
    """
    area, areas, counts = fit.study.area, fit.counts.areas, fit.counts
    lower, upper = (bound[rows] for bound in shown_windows(counts))
    coordinates = {
        f"{area}_name": areas.names.to_numpy(object)[rows],
        "status": counts.status[rows],
        "people": counts.population[rows],
        "published": np.where(lower == upper, lower, np.nan),
    }
    return with_labels(fit, samples, area, areas.codes[rows], coordinates)


def warning(fit: Fit) -> dict[str, str]:
    """Return the warning about draws that did not converge, as attributes; empty if they converged."""
    return {} if fit.diagnostics.converged else {"problems": "; ".join(fit.diagnostics.problems)}


def subset_attributes(fit: Fit, dim: str, codes: Codes) -> dict[str, str]:
    """Return attributes that mark a subset of the areas, with the name of the group that it makes up, if any."""
    areas = fit.counts.areas
    known = areas.names if dim == fit.study.area else areas.level_labels.get(dim)
    if known is None or len(codes) >= len(known):
        return {}
    if dim == fit.study.area:
        rows = areas.codes.get_indexer(pd.Index(codes))
    else:
        rows = np.flatnonzero(areas.levels[dim].isin(list(codes)).to_numpy())
    return {"part": "yes", "extent": extent_of(fit.counts, rows) if len(codes) > 1 else ""}


def select_areas(fit: Fit, estimate: Estimate, codes: Sequence[str]) -> Estimate:
    """Return the estimate of some areas, with attributes naming the group that they make up."""
    chosen = estimate.select(codes)
    dim = str(chosen.draws.dims[-1])
    attributes = subset_attributes(fit, dim, chosen.draws.indexes[dim])
    return Estimate(chosen.draws.assign_attrs(attributes), chosen.definition, chosen.study)


def extent_of(counts: Counts, rows: NDArray[np.int64]) -> str:
    """Return the name of the group that consists of exactly these areas; empty if there is none.

    Parameters
    ----------
    counts : Counts
    rows : ndarray of int (row,)
        The areas, each once.

    Examples
    --------
    >>> import numpy as np
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> extent_of(counts, np.array([3, 4, 5])), extent_of(counts, np.array([3, 4]))
    ('Gemeente 0002', '')
    """
    areas = counts.areas
    for level in counts.study.level_names:
        codes = areas.levels[level]
        own = list(codes.iloc[rows].unique())
        if len(own) == 1 and not pd.isna(own[0]) and int((codes == own[0]).sum()) == len(rows):
            return str(areas.level_labels[level].get(own[0], own[0]))
    return ""


def mean_label(counts: Counts) -> Label:
    """Return the label of the mean over all people of a study, named after the area it covers.

    A study of one gemeente or region is named after it; only the invented country is known to be a whole country.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> mean_label(invented_fit().counts).en, mean_label(invented_fit(areas=3).counts).en
    ('country mean', 'mean of Gemeente 0001')
    """
    one = extent_of(counts, np.arange(len(counts)))
    if one:
        return Label(nl=f"gemiddelde van {one}", en=f"mean of {one}")
    if counts.study.example is not None:
        return Label(nl="landelijk gemiddelde", en="country mean")
    return Label(nl="gemiddelde van het onderzoeksgebied", en="mean of the study area")


def whole_label(study: Study) -> Label:
    """Return what all areas of a study together are called.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> whole_label(invented_fit().study).en
    'all wijken'
    """
    return Label(nl=f"alle {study.areas_label.nl}", en=f"all {study.areas_label.en}")


def engine_in_words(provenance: Mapping[str, object], language: Language) -> str | None:
    """Describe how the draws were made, from the provenance of a fit; None where it names no engine."""
    engine = provenance.get("engine")
    if engine is None:
        return None
    known = ENGINES.get(str(engine))
    said, refused = known[language] if known else str(engine), provenance.get("refused")
    return _after_refusal(said, refused, language) if isinstance(refused, Mapping) else said


def _after_refusal(said: str, refused: Mapping[str, object], language: Language) -> str:
    """Describe how the draws were made after another engine was refused."""
    shape, figures = refused.get("pareto_k"), ""
    if isinstance(shape, float):
        figures = f" (Pareto k {number(shape, '.2f', language)})"
    return REFUSED[language].format(engine=said, figures=figures)
