"""Plain PyMC with the library's distributions: `python library.py BACKEND FOLDER`.

Hidden counts by `pm.Censored`, which clips at a bound; intervals are beyond it. All effects centred, the same priors.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

begun = perf_counter()

import numpy as np  # noqa: E402 (importing is part of what is timed)
import pandas as pd  # noqa: E402
import pymc as pm  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from report import write_report  # noqa: E402


def distribution(family, n, eta, spread):
    """Return the library's distribution of a family and its parameters."""
    if family == "binomial":
        return pm.Binomial, {"n": n, "p": pm.math.sigmoid(eta)}
    if family == "poisson":
        return pm.Poisson, {"mu": n * pm.math.exp(eta)}
    if family == "negative-binomial":
        return pm.NegativeBinomial, {"mu": n * pm.math.exp(eta), "alpha": 1 / spread**2}
    share, size = pm.math.sigmoid(eta), 1 / spread**2
    return pm.BetaBinomial, {"alpha": share * size, "beta": (1 - share) * size, "n": n}


def build(case, areas):
    """Return the model."""
    x = areas[case["columns"]].to_numpy()
    n, lower, upper = (areas[name].to_numpy() for name in ("people", "lower", "upper"))
    with pm.Model() as model:
        intercept = pm.Normal("intercept", case["intercept_mean"], case["intercept_sd"])
        beta = pm.Normal("beta", 0, case["coefficient_sd"], shape=x.shape[1])
        eta = intercept + pm.math.dot(x, beta)
        for level in ("gemeente", "jeugdzorgregio"):
            codes, names = pd.factorize(areas[level])
            sd = pm.Exponential(f"sd_{level}", case["level_rate"])
            eta = eta + pm.Normal(f"effect_{level}", 0, sd, shape=len(names))[codes]
        own = "sd_area" if case["family"] in ("binomial", "poisson") else "dispersion"
        spread = pm.Exponential(own, case["area_rate"])
        if own == "sd_area":
            eta = eta + pm.Normal("effect_area", 0, spread, shape=len(n))
        kind, parameters = distribution(case["family"], n, eta, spread)
        hidden = lower < upper
        if hidden.any():
            # at most the bound: what clipping at it gives
            pm.Censored("count", kind.dist(**parameters), lower=np.where(hidden, upper, -1), upper=None, observed=upper)
        else:
            kind("count", **parameters, observed=upper)
    return model


def main(backend, folder):
    """Read, build, sample, save, report."""
    imported = perf_counter()
    case = json.loads(Path(folder, "case.json").read_text())
    model = build(case, pd.read_csv(Path(folder, "areas.csv")))
    built = perf_counter()
    with model:
        tree = pm.sample(
            case["draws"],
            tune=case["tune"],
            chains=case["chains"],
            random_seed=case["seed"],
            backend=backend,
            progressbar=False,
            compute_convergence_checks=False,
        )
    sampled = perf_counter()
    tree.to_netcdf(Path(folder, "fit.nc"), engine="h5netcdf")
    saved = perf_counter()
    posterior = tree["posterior"]
    draws = {"intercept": posterior["intercept"].to_numpy()}
    draws |= {name: posterior["beta"].to_numpy()[..., j] for j, name in enumerate(case["columns"])}
    draws |= {str(name): posterior[name].to_numpy() for name in posterior.data_vars if str(name).startswith("sd_")}
    draws |= {"dispersion": posterior["dispersion"].to_numpy()} if "dispersion" in posterior.data_vars else {}
    effects = [posterior[f"effect_{level}"].to_numpy() for level in ("gemeente", "jeugdzorgregio")]
    seconds = {"import": imported - begun, "build": built - imported, "fit": sampled - built, "save": saved - sampled}
    write_report(folder, seconds, draws, effects)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
