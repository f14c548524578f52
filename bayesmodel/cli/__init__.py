"""The command line, one file per group of commands; heavy libraries are imported when a command runs."""

from bayesmodel.cli.start import main

__all__ = ["main"]
