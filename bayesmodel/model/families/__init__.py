"""Families of counts, each a frozen value behind one interface."""

from bayesmodel.errors import UnknownNameError
from bayesmodel.messages import _
from bayesmodel.model.families.beta_binomial import BetaBinomial
from bayesmodel.model.families.binomial import Binomial
from bayesmodel.model.families.family import Family
from bayesmodel.model.families.negative_binomial import NegativeBinomial
from bayesmodel.model.families.normal_share import NormalShare
from bayesmodel.model.families.poisson import Poisson

FAMILIES: dict[str, Family] = {
    family.name: family for family in (Binomial(), BetaBinomial(), NegativeBinomial(), Poisson(), NormalShare())
}


def family_named(name: str) -> Family:
    """Return the family of that name.

    Examples
    --------
    >>> from bayesmodel.model.families import family_named
    >>> family_named("binomial").link.name
    'logit'
    """
    if name not in FAMILIES:
        raise UnknownNameError(_("family"), name, FAMILIES)
    return FAMILIES[name]


__all__ = ["FAMILIES", "Family", "family_named"]
