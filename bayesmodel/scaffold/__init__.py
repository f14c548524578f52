"""A study proposed from tables: what is recognised, why, and what only the user can say."""

from bayesmodel.scaffold.proposal import StudyProposal, propose_study
from bayesmodel.scaffold.write_toml import write_study

__all__ = ["StudyProposal", "propose_study", "write_study"]
