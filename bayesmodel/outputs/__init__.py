"""Outputs: tables with a codebook, the results folder, and what readers are always told."""
