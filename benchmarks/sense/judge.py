"""One senseless input: made in an empty folder, given to the real program, and held against what must happen."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.faults.attempt import Run, in_a_process
from benchmarks.sense.world import STUDY

Verdict = Literal["fault", "remark", "silent", "question", "left out"]


@dataclass(frozen=True)
class Input:
    """An input that parses, and what the program must make of it.

    Parameters
    ----------
    kind : str
        The kind of nonsense; near misses belong to the kind they nearly are.
    name : str
        What is odd, in words.
    make : callable
        Writes the tables (and a study, where it is no plain one) in an empty folder.
    must : {"fault", "remark", "silent", "question", "left out"}
        A fault of `check-data`, a remark of it, neither of them; a question left in the study that `study init` writes,
        or a column that it does not take.
    about : tuple of str
        What has to be named in it; of "silent": what no remark may name (nothing at all when empty).
    study : str
        The study, where it is checked.
    """

    kind: str
    name: str
    make: Callable[[Path], object]
    must: Verdict
    about: tuple[str, ...] = ()
    study: str = STUDY

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


@dataclass(frozen=True)
class Judgement:
    """Whether the program did what it must, and what it said."""

    right: bool
    said: str


def judge(made: Input, folder: Path, run: Run = in_a_process) -> Judgement:
    """Give an input to the program.

    Parameters
    ----------
    made : Input
    folder : Path
        Empty.
    run : callable
        How the program is run.

    Returns
    -------
    Judgement
    """
    made.make(folder)
    tables = sorted(path.name for path in folder.iterdir() if path.suffix != ".toml")
    with chdir(folder):
        if made.must in ("question", "left out"):
            code, said = run(["study", "init", *tables, "--out", "proposed.toml", "--year", "2021"])
            proposed = Path("proposed.toml").read_text("utf-8") if code == 0 else ""
            return Judgement(code == 0 and _asked(made, proposed), said + proposed)
        if not Path("study.toml").exists():
            Path("study.toml").write_text(made.study, "utf-8")
        code, said = run(["--json", "check-data", "study.toml"])
    if made.must == "fault":
        return Judgement(code == 2 and "Traceback" not in said and all(each in said for each in made.about), said)
    if code != 0:
        return Judgement(False, said)
    remarks = [
        " ".join([each["where"], each["text"]["en"], *each["areas"]])
        for each in json.loads(said[said.index("{") :].splitlines()[0])["remarks"]
    ]
    if made.must == "remark":
        return Judgement(any(all(each in remark for each in made.about) for remark in remarks), "\n".join(remarks))
    forbidden = [remark for remark in remarks if not made.about or any(each in remark for each in made.about)]
    return Judgement(not forbidden, "\n".join(remarks))


def _asked(made: Input, proposed: str) -> bool:
    """Whether a proposed study asks what it must, or leaves out what it must with a reason."""
    lines = proposed.splitlines()
    if made.must == "left out":
        taken = {line for line in lines if line.startswith("column = ")}
        return all(
            f'column = "{each}"' not in taken and any(line.startswith("#") and each in line for line in lines)
            for each in made.about
        )
    if made.about[0].startswith("key ="):  # a value that is proposed
        return all(each in lines for each in made.about)
    asked = [place for place, line in enumerate(lines) if "QUESTION" in line or "CHECK" in line]
    near = ["\n".join(lines[max(place - 1, 0) : place + 4]) for place in asked]
    return all(any(each in text for text in near) for each in made.about)
