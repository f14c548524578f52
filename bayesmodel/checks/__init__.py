"""Checks of a fit that take other fits: simulation, other defensible models, other priors, other data."""
