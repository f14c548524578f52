"""Checks of a fit: against its own data, and against other fits: simulated, with other priors, other models."""
