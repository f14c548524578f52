"""`bayesmodel model STUDY`: the model in equations, with its priors and sizes."""

from bayesmodel.cli.options import StudyFile


def model(study: StudyFile) -> None:
    """Print the model of a study: equations, priors and sizes; nothing is fitted."""
    from bayesmodel.cli.stages import read_and_check
    from bayesmodel.cli.voice import voice
    from bayesmodel.model import build_model
    from bayesmodel.study import read_study

    built = build_model(read_and_check(read_study(study)))
    sizes = {name: len(codes) for name, codes in built.coords.items()}
    voice().answer(str(built), {"family": built.family.name, "sizes": sizes, "model": str(built)})
