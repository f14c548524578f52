"""GPBoost, in its own environment: `python gpboost_fit.py FOLDER`.

Mixed-effects Poisson regression by Laplace in C++: an optimum, without draws and without uncertainty of the sds;
standard errors of coefficients are asked for apart, as they take many times as long. Hidden counts it does not know:
their areas are left out.
"""

import json
import sys
from pathlib import Path
from time import perf_counter, process_time

begun = perf_counter()

import gpboost as gpb  # noqa: E402 (importing is part of what is timed)
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

LEVELS = ("gemeente", "jeugdzorgregio")


def main(folder):
    """Read, fit, report."""
    imported, used = perf_counter(), process_time()
    case = json.loads(Path(folder, "case.json").read_text())
    areas = pd.read_csv(Path(folder, "areas.csv"))
    areas = areas[(areas["lower"] == areas["upper"]) & (areas["people"] > 0)]
    columns = [name for name in case["columns"] if name in areas]
    x = np.column_stack([np.ones(len(areas)), areas[columns].to_numpy(float)])
    groups = areas[["area", *[name for name in LEVELS if name in areas]]].astype(str)
    read = perf_counter()
    model = gpb.GPModel(group_data=groups, likelihood="poisson", matrix_inversion_method="cholesky")
    model.fit(y=areas["upper"].to_numpy(float), X=x, offset=np.log(areas["people"].to_numpy(float)))
    fitted = perf_counter()
    coefficients = np.asarray(model.get_coef(), dtype=float).ravel()
    variances = np.asarray(model.get_cov_pars(), dtype=float).ravel()
    estimates = dict(zip(["intercept", *columns], coefficients, strict=True))
    estimates |= {f"sd_{name}": float(np.sqrt(size)) for name, size in zip(groups, variances, strict=True)}
    content = {
        "seconds": {"import": imported - begun, "read": read - imported, "fit": fitted - read},
        "cpu_seconds": process_time() - used,
        "estimates": {name: {"mean": float(value), "sd": None, "ess": None} for name, value in estimates.items()},
        "ess_min": None,
    }
    Path(folder, "result.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
