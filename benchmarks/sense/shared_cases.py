"""The inputs after public bug reports that lie beside the project, and what each `expect.txt` says must happen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import chdir
from pathlib import Path
from shutil import copytree
from typing import Any

import pandas as pd

from benchmarks.faults.attempt import PROGRAM, Run, in_a_process

CASES_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "cases"
CODED = """\
name = "t"
area = "wijk"
tables = [{ path = "wijken.csv", key = "WIJKNR", code = "wijk" }]
levels = [{ name = "gemeente", column = "GEMNAAM" }]
columns = { area = "WIJKNR", count = "JEUGDHULP", population = "JONGEREN" }
publication = { hidden_below = 10, hidden_symbols = ["."], missing_symbols = [""] }

[outcome]
count = { nl = "jeugdhulp", en = "youth care" }
population = { nl = "jongeren", en = "young people" }
year = 2021
vintage = 2021
"""


class Asked:
    """The program run on one case; the current folder is a copy of it."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def told(self, study: str = "study.toml") -> dict[str, Any]:
        """Return what `check-data` tells a machine; nothing where it ends in faults."""
        code, said = self.run(["--json", "check-data", study])
        told: dict[str, Any] = json.loads(said[said.index("{") :].splitlines()[0]) if code == 0 else {}
        return told

    def remarks(self, study: str = "study.toml") -> list[str]:
        """Return the remarks of `check-data`, with what they are about."""
        remarks = self.told(study).get("remarks", [])
        return [" ".join([each["where"], each["text"]["en"], *each["areas"]]) for each in remarks]

    def proposed(self, *tables: str) -> str:
        """Return the study that `study init` writes."""
        code, said = self.run(["study", "init", *tables, "--out", "proposed.toml", "--force"])
        if code != 0:
            raise AssertionError(said)
        return Path("proposed.toml").read_text("utf-8")

    def results(self, study: str = "study.toml") -> tuple[int, str, pd.DataFrame | None]:
        """Return exit code, all that was said, and the table of areas, by Laplace."""
        text = Path(study).read_text("utf-8-sig")
        text = text if "engine" in text else text + "\n[inference]\nengine = 'laplace'\n"
        Path("run.toml").write_text(text, "utf-8")
        code, said = self.run(["run", "run.toml", "--out", "results", "--force", "--accept-unconverged"])
        tables = sorted(Path("results").glob("wijken*.csv")) if code == 0 else []
        return code, said, pd.read_csv(next(t for t in tables if "excel" not in t.name)) if tables else None

    def fails_well(self, *phrases: str) -> bool:
        """Whether `check-data` ends in a fault that names what it is about."""
        code, said = self.run(["check-data", "study.toml"])
        return code == 2 and "Traceback" not in said and all(phrase in said for phrase in phrases)

    def remarks_on(self, *phrases: str) -> bool:
        """Whether one remark of `check-data` names all of this."""
        return any(all(phrase in remark for phrase in phrases) for remark in self.remarks())


def _questions(text: str, phrase: str) -> bool:
    """Whether a question of a proposed study names something."""
    lines = text.splitlines()
    return any("QUESTION" in line and phrase in "\n".join(lines[i : i + 4]) for i, line in enumerate(lines))


def _column_of(text: str, key: str, value: str) -> bool:
    """Whether a proposed study says this of a key, ignoring spaces."""
    return f'{key}="{value}"' in text.replace(" ", "")


def _buurten(program: Asked) -> bool:
    text = program.proposed("buurten.csv")
    return all(_column_of(text, *pair) for pair in (("area", "buurt"), ("key", "buurt"), ("column", "wijk")))


def _lower_case(program: Asked) -> bool:
    told = program.told()
    return "keep" not in program.proposed("wijken.csv") and told.get("areas") == 120


def _own_determinant(program: Asked) -> bool:
    return program.fails_well("jeugdhulp") or program.remarks_on("jeugdhulp")


def _tens_of_thousands(program: Asked) -> bool:
    code, said = program.run(["run", "study.toml", "--out", "results", "--force"])
    helped = code in (0, 3) and "Traceback" not in said and "expected by the share around it" in " ".join(said.split())
    return helped and program.remarks_on("jeugdhulp", "WK")


def _coded_99(program: Asked) -> bool:
    Path("coded.toml").write_text(CODED, "utf-8")
    asked = _questions(program.proposed("wijken.csv"), "99")
    return asked and any("99" in remark for remark in program.remarks("coded.toml"))


def _join_gap(program: Asked) -> bool:
    if not program.told():
        return program.fails_well("0345")
    _, _, table = program.results()
    if table is None:
        return False
    gap = table[table["gemeente"] == "GM0345"]
    verdicts = gap[[name for name in gap if name.startswith("verdict")]]
    return bool((gap["status"] == "missing").all() and not verdicts.isin(["clearly lower"]).any(axis=None))


def _empty_level_value(program: Asked) -> bool:
    told = program.told()
    return told["not_known"]["dicht"] == 0 if told else program.fails_well("dicht")


def _one_group(program: Asked) -> bool:
    _, _, table = program.results()
    if table is None:
        return False
    near = abs(table["expected_determinants_count"].sum() / 3050 - 1) < 0.02
    return near and program.remarks_on("jeugdzorgregio")


def _cp1252(_: Asked) -> bool:
    narrow = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    calls: Sequence[Sequence[str]] = ([], ["--out", "report.md"])
    done = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM, "check-data", "study.toml", *call],
            env=narrow,
            capture_output=True,
            check=False,
        )
        for call in calls
    ]
    return all(each.returncode == 0 for each in done)


def _own_percentage(program: Asked) -> bool:
    taken = {line for line in program.proposed("wijken.csv").splitlines() if line.startswith("column = ")}
    return not any(f'column = "{name}"' in taken for name in ("perc", "gebruik %", "pct_jeugdhulp", "per 1000"))


def _sentinel(program: Asked) -> bool:
    proposed = program.proposed("wijken.csv")
    return (program.remarks_on("-99997") or program.fails_well("-99997")) and "-99997" in proposed


def _bergen(program: Asked) -> bool:
    return program.remarks_on("Bergen", "JZ02", "JZ03") and _questions(program.proposed("wijken.csv"), "Bergen")


def _zeros(program: Asked) -> bool:
    proposed = program.proposed("wijken.csv").replace(" ", "")
    rule = Path("study.toml").read_text("utf-8").replace("hidden_below", "hidden_from = 1\nhidden_below", 1)
    Path("from_one.toml").write_text(rule.replace('zero_symbols = ["0"]\n', ""), "utf-8")
    _, _, table = program.results("from_one.toml")
    if table is None:
        return False
    total = float((table["underlying_share"] * table["population"]).sum())
    # true total 2,098; the posterior sd is 55, and with 0..9 the mean is 5 % too low
    return "hidden_from=1" in proposed and abs(total / 2098 - 1) < 0.03 and program.remarks_on("hidden_from")


EXPECTED: dict[str, Callable[[Asked], Any]] = {
    "buurten_with_a_wijk_column": _buurten,
    "codes_in_lower_case": _lower_case,
    "count_is_its_own_determinant": _own_determinant,
    "excel_error_read_as_hidden": lambda program: program.fails_well("#N/A"),
    "group_name_other_case_and_spaces": lambda program: program.remarks_on("GEMEENTE"),
    "hidden_among_tens_of_thousands": _tens_of_thousands,
    "hidden_coded_99": _coded_99,
    "hidden_where_many_expected": lambda program: program.remarks_on("WK034000"),
    "joined_counts_lack_a_gemeente": _join_gap,
    "level_determinant_empty_in_one_row": _empty_level_value,
    "level_named_typical": lambda program: program.fails_well("typical"),
    "level_on_the_area_column": lambda program: program.fails_well("wijk"),
    "level_with_one_group": _one_group,
    "output_to_cp1252": _cp1252,
    "own_percentage_as_determinant": _own_percentage,
    "region_is_the_text_NA": lambda program: program.fails_well("NA"),
    "sentinel_99997_in_determinant": _sentinel,
    "study_with_byte_order_mark": lambda program: bool(program.told()),
    "three_determinants_that_add_up": lambda program: program.remarks_on("som"),
    "two_gemeenten_of_one_name": _bergen,
    "zeros_shown_and_1_to_9_hidden": _zeros,
}


def as_expected(name: str, folder: Path, run: Run = in_a_process) -> bool:
    """Return whether the program does with a case what its `expect.txt` says.

    Parameters
    ----------
    name : str
        Of the case.
    folder : Path
        An empty folder, in which a copy of the case is worked on.
    run : callable
        How the program is run.
    """
    copy = copytree(CASES_FOLDER / name, folder / name)
    for path in copy.rglob("*"):
        path.chmod(0o644)
    with chdir(copy):
        return bool(EXPECTED[name](Asked(run)))
