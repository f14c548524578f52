"""bambi, in its own environment: `.venv/peers/bin/python bambi_fit.py FOLDER`.

Hidden counts by `censored()`; its own prior of the dispersion, as it takes none on our
scale; effects centred; sampled by nutpie.
"""

import json
import os
import sys
from pathlib import Path
from time import perf_counter

begun = perf_counter()

import bambi as bmb  # noqa: E402 (importing is part of what is timed)
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
from report import write_report  # noqa: E402

FAMILIES = {"negative-binomial": "negativebinomial", "binomial": "binomial", "poisson": "poisson"}


def model_of(case, areas):
    """Return the model."""
    hidden = areas["lower"] < areas["upper"]
    areas = areas.assign(count=areas["upper"], status=np.where(hidden, "left", "none"), log_n=np.log(areas["people"]))
    left = "censored(count, status)" if hidden.any() else "count"
    terms = [*case["columns"], "(1|gemeente)", "(1|jeugdzorgregio)"]
    normal, sd = (
        bmb.Prior("Normal", mu=0, sigma=case["coefficient_sd"]),
        bmb.Prior("Exponential", lam=case["level_rate"]),
    )
    priors = dict.fromkeys(case["columns"], normal)
    priors |= {f"1|{level}": bmb.Prior("Normal", mu=0, sigma=sd) for level in ("gemeente", "jeugdzorgregio")}
    priors["Intercept"] = bmb.Prior("Normal", mu=case["intercept_mean"], sigma=case["intercept_sd"])
    if case["family"] in ("binomial", "poisson"):
        terms.append("(1|area)")
        priors["1|area"] = bmb.Prior("Normal", mu=0, sigma=bmb.Prior("Exponential", lam=case["area_rate"]))
    if case["family"] == "binomial":
        left = "p(count, people)"
    else:
        terms.append("offset(log_n)")
    formula = f"{left} ~ {' + '.join(terms)}"
    family = FAMILIES[case["family"]]
    return bmb.Model(formula, areas, family=family, priors=priors, noncentered=False, center_predictors=False)


def main(folder):
    """Read, build, sample, save, report."""
    imported = perf_counter()
    case = json.loads(Path(folder, "case.json").read_text())
    model = model_of(case, pd.read_csv(Path(folder, "areas.csv")))
    model.build()
    built = perf_counter()
    tree = model.fit(
        draws=case["draws"],
        tune=case["tune"],
        chains=case["chains"],
        cores=os.cpu_count(),
        random_seed=case["seed"],
        progressbar=False,
        inference_method="nutpie",
    )
    sampled = perf_counter()
    tree.to_netcdf(Path(folder, "fit.nc"), engine="h5netcdf")
    saved = perf_counter()
    posterior = tree["posterior"]
    levels = ("gemeente", "jeugdzorgregio")
    draws = {"intercept": posterior["Intercept"].to_numpy()}
    draws |= {name: posterior[name].to_numpy() for name in case["columns"]}
    draws |= {f"sd_{level}": posterior[f"1|{level}_sigma"].to_numpy() for level in levels}
    if "1|area_sigma" in posterior.data_vars:
        draws["sd_area"] = posterior["1|area_sigma"].to_numpy()
    if "alpha" in posterior.data_vars:
        draws["dispersion"] = 1 / np.sqrt(posterior["alpha"].to_numpy())
    seconds = {"import": imported - begun, "build": built - imported, "fit": sampled - built, "save": saved - sampled}
    write_report(folder, seconds, draws, [posterior[f"1|{level}"].to_numpy() for level in levels])


if __name__ == "__main__":
    main(sys.argv[1])
