"""The study: everything that is chosen, read once and frozen."""

from bayesmodel.study.parts import Label
from bayesmodel.study.schema import Study
from bayesmodel.study.toml_file import read_study, study_from

__all__ = ["Label", "Study", "read_study", "study_from"]
