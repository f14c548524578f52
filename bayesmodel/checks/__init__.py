"""Checks of a fit against its own data: calibration, predictive checks, hide and seek, and the model card."""
