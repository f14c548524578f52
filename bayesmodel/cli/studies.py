"""A study file, with what the command line chose instead of it."""

from __future__ import annotations

from pathlib import Path

from bayesmodel.study import Study, read_study, study_from


def read_with(path: Path, **choices: int | str | None) -> Study:
    """Read a study, with another inference than it says.

    Parameters
    ----------
    path : Path
        The study file.
    choices : int, str or None
        As for `instead`.

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        The file or a choice is not what it must be.
    """
    return instead(read_study(path), **choices)


def instead(study: Study, **choices: int | str | None) -> Study:
    """Return a study with other values of its `inference`; None leaves the study's own.

    Raises
    ------
    StudyError
        A choice is not what it must be.
    """
    values = study.model_dump()
    values["inference"] |= {name: value for name, value in choices.items() if value is not None}
    return study_from(values)
