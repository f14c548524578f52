"""Estimates: draws of named quantities, each with its definition; summarised last."""
