"""The command line, one file per command; libraries of weight are imported when a command runs."""

from bayesmodel.cli.start import main

__all__ = ["main"]
