"""`bayesmodel check-data STUDY`: what was read, and what was assumed about each symbol."""

from bayesmodel.cli.options import StudyFile


def check_data(study: StudyFile) -> None:
    """Read the tables of a study and say what was read and assumed, without fitting."""
    from rich.console import Console

    from bayesmodel.cli.stages import read_and_check
    from bayesmodel.cli.summary import summary
    from bayesmodel.study import read_study

    Console(highlight=False).print(summary(read_and_check(read_study(study))))
