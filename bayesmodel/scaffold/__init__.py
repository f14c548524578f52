"""A study proposed from tables: what is recognised, why, and what only the user can say."""

from bayesmodel.sources.propose.study import StudyProposal, propose_study
from bayesmodel.sources.propose.write import write_study

__all__ = ["StudyProposal", "propose_study", "write_study"]
