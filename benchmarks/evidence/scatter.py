"""The picture of the reproduction: the published expectation against that of two models, wijk by wijk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def draw_scatter(
    published: NDArray[np.float64], ours: Mapping[str, NDArray[np.float64]], people: NDArray[np.int64], path: Path
) -> None:
    """Draw one panel per model: its expected share against the published one, in per cent.

    Parameters
    ----------
    published : ndarray (area,)
        Per cent.
    ours : mapping of str to ndarray (area,)
        Title of a panel to expected shares, 0 to 1.
    people : ndarray (area,)
        Young people; wijken under 200 are drawn lighter.
    path : Path
        PNG.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2 * len(ours), 5.2), layout="constrained")
    panels = figure.subplots(1, len(ours), sharex=True, sharey=True, squeeze=False)[0]
    small = people < 200
    for panel, (title, share) in zip(panels, ours.items(), strict=True):
        for chosen, colour, name in ((small, "#9ecae1", "under 200 young people"), (~small, "#08519c", "200 or more")):
            panel.plot(published[chosen], 100 * share[chosen], ".", ms=3, color=colour, alpha=0.6, label=name)
        panel.axline((0, 0), slope=1, color="0.3", lw=0.8)
        correlation = np.corrcoef(published, share)[0, 1]
        panel.set(title=f"{title}\ncorrelation {correlation:.3f}", xlabel="published expectation (%)", aspect="equal")
        panel.set(xlim=(0, 25), ylim=(0, 25))
        panel.grid(color="0.9")
    panels[0].set_ylabel("expectation given the gemeente (%)")
    panels[0].legend(frameon=False, markerscale=3)
    figure.savefig(path, dpi=130)
