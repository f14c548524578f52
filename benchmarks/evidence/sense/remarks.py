"""What is remarked on real files, so that each remark can be looked at: a check that cries wolf is no check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from bayesmodel import interpret_counts, read_areas, read_study
from bayesmodel.scaffold import propose_study, write_study
from benchmarks.evidence.record import SHARED
from benchmarks.evidence.study_2017 import STUDY

KWB = SHARED / "cbs_kwb_2021" / "kwb_2021_gemeente_wijk_jeugdzorg.csv.gz"
ALMERE = SHARED / "cbs_kwb_almere" / "almere_wijk_buurt_jeugdzorg_wmo_2018_2025.csv"
AGES = {"2021": '["a_00_14", "a_15_24"]', "almere": '["inw_0_14", "inw_15_24"]'}
"""The answer to the one question that each proposed study leaves: the young are spread over these."""


def figures() -> dict[str, Any]:
    """Read the file of 2017 by its study, and the others by the study that is proposed for them.

    Returns
    -------
    dict
        ``remarks_on_real_files``: per file how many remarks, by kind, and their texts; ``init_seconds_kwb_2021``:
        processor seconds of the proposal.
    """
    begun = process_time()
    proposed = write_study(propose_study([KWB]))
    seconds = process_time() - begun
    found = {"2017": _remarks(interpret_counts(read_areas(read_study(STUDY))))}
    texts = {"2021": proposed, "almere": write_study(propose_study([ALMERE], 2022))}
    for name, text in texts.items():
        with TemporaryDirectory() as folder:
            path = Path(folder, "study.toml")
            path.write_text(text.replace('population = "?"', f"population = {AGES[name]}"), encoding="utf-8")
            study = read_study(path).model_copy(update={"folder": "."})
            found[name] = _remarks(interpret_counts(read_areas(study)))
    return {"remarks_on_real_files": found, "init_seconds_kwb_2021": round(seconds, 1)}


def _remarks(counts: Any) -> dict[str, Any]:
    """Return how many remarks there are of each kind, and what they say."""
    kinds = Counter(str(remark.kind) for remark in counts.remarks)
    return {
        "remarks": len(counts.remarks),
        "kinds": dict(kinds),
        "texts": [f"{remark.where}: {remark.text.en} ({len(remark.areas)} areas)" for remark in counts.remarks],
    }
