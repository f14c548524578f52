"""Figures of input that makes no sense, files that are broken, and the wait after the fit."""
