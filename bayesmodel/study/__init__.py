"""The study: everything that is chosen, read once and frozen."""

from bayesmodel.study.parts import Label
from bayesmodel.study.read import read_study, study_from
from bayesmodel.study.study import Study

__all__ = ["Label", "Study", "read_study", "study_from"]
