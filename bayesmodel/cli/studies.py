"""A study file, with what the command line chose instead of it."""

from __future__ import annotations

from pathlib import Path

from bayesmodel.study import Study, read_study, study_from


def read_with(path: Path, *, draws: int | None, tune: int | None, seed: int | None) -> Study:
    """Read a study, with other draws than it says.

    Parameters
    ----------
    path : Path
        The study file.
    draws, tune, seed : int or None
        Instead of the study's own; None leaves those.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        The file or a choice is not what it must be.
    """
    values = read_study(path).model_dump()
    given = {"draws": draws, "tune": tune, "seed": seed}
    values["inference"] |= {name: value for name, value in given.items() if value is not None}
    return study_from(values)
