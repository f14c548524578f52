"""From a study file to a saved fit with this package: `python -m benchmarks.compare.peers.ours ENGINE FOLDER`."""

import sys
from time import perf_counter

begun = perf_counter()

from pathlib import Path  # noqa: E402 (importing is part of what is timed)

import arviz_stats  # noqa: E402, F401 (of what is loaded at need: others load theirs before they begin too)
import xarray as xr  # noqa: E402
from numba.core.registry import cpu_target  # noqa: E402

import bayesmodel.laplace.engine  # noqa: E402
import bayesmodel.logp.density  # noqa: E402, F401
from bayesmodel import build_model, fit_model  # noqa: E402
from benchmarks.compare.case import counts_of  # noqa: E402
from benchmarks.compare.peers.report import write_report  # noqa: E402

INDEPENDENT = 1000


def main(engine: str, folder: Path) -> None:
    """Read, build, fit, save, report."""
    xr.Variable("loads", [0.0])  # xarray loads at its first variable what kinds of arrays it may meet
    cpu_target.target_context.refresh()  # and numba at its first function what it may meet in one
    if engine == "nuts":
        import nutpie  # noqa: F401
    imported = perf_counter()
    counts = counts_of(folder)
    study = counts.study
    if engine != study.inference.engine:
        # its draws are independent: a thousand are a thousand effective ones
        settings = {"engine": engine, "draws": INDEPENDENT // study.inference.chains}
        study = study.model_copy(update={"inference": study.inference.model_copy(update=settings)})
        object.__setattr__(counts.areas, "study", study)
    built = build_model(counts)
    ready = perf_counter()
    fit = fit_model(built)
    fitted = perf_counter()
    fit.save(folder / "fit.nc")
    seconds = {
        "import": imported - begun,
        "build": ready - imported,
        "fit": fitted - ready,
        "save": perf_counter() - fitted,
    }
    posterior, area = fit.posterior, fit.study.area
    beta = posterior["beta"].to_numpy()
    draws = {"intercept": posterior["intercept"].to_numpy()}
    draws |= {f"x{j}": beta[..., j] for j in range(beta.shape[-1])}
    draws |= {f"sd_{level}": posterior[f"sd_{level}"].to_numpy() for level in fit.study.level_names}
    own = f"sd_{area}" if f"sd_{area}" in posterior else "dispersion"
    draws["dispersion" if own == "dispersion" else "sd_area"] = posterior[own].to_numpy()
    effects = [posterior[f"effect_{level}"].to_numpy() for level in fit.study.level_names]
    write_report(folder, seconds, draws, effects)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
