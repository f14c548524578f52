"""What studies that are fitted as one model have in common, and what is said where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bayesmodel.errors import Fault, listed
from bayesmodel.messages import _
from bayesmodel.study import Study


def differences(studies: Mapping[str, Study], parts: Sequence[str], expected: str) -> list[Fault]:
    """Return a fault for each setting in which studies differ, with what each of them says.

    Parameters
    ----------
    studies : mapping of str to Study
        By what they are called.
    parts : sequence of str
        What they are to have in common: tables or keys of the study file, such as ``model`` or ``outcome.vintage``.
    expected : str
        What was expected, in words.

    Returns
    -------
    list of Fault
        The form of the area's own effect (`model.area_effect`) is left out: it is normal in such a model.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> one = example_study(areas=60, gemeenten=8, regions=2)
    >>> other = one.model_copy(update={"model": one.model.model_copy(update={"family": "poisson"})})
    >>> [fault.found for fault in differences({"2021": one, "2022": other}, ["model"], "the same in all years")]
    ['binomial in 2021; poisson in 2022']
    """
    settings = {name: dict(_settings(study)) for name, study in studies.items()}
    keys = dict.fromkeys(key for each in settings.values() for key in each)
    faults = []
    for key in (key for key in keys if any(key == part or key.startswith(f"{part}.") for part in parts)):
        of_study = {name: each.get(key, ()) for name, each in settings.items()}
        if len(set(of_study.values())) > 1:
            faults.append(Fault(key, _said(of_study), expected, _("Make the studies alike in it.")))
    return faults


def _said(of_study: Mapping[str, tuple[str, ...]]) -> str:
    """Return what studies say of a setting, those that say the same together; of lists what is not in all of them."""
    shared = set.intersection(*(set(items) for items in of_study.values()))
    if any(set(items) - shared for items in of_study.values()):  # else only their order differs
        of_study = {name: tuple(item for item in items if item not in shared) for name, items in of_study.items()}
    names: dict[tuple[str, ...], list[str]] = {}
    for name, items in of_study.items():
        names.setdefault(items, []).append(name)
    said = _("{value} in {names}")
    return "; ".join(
        said.format(value=listed(items) if items else _("nothing"), names=", ".join(those))
        for items, those in names.items()
    )


def _settings(study: Study) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield settings by their key in the study file: as a tuple of one text, or of one for each part of a list."""
    yield "area", (study.area,)
    yield "levels", tuple(f"{level.name} ({level.within})" if level.within else level.name for level in study.levels)
    for name in ("population", "count"):
        yield f"outcome.{name}", (getattr(study.outcome, name).en,)
    yield "outcome.vintage", (str(study.outcome.vintage),)
    square = {True: _("with its square"), False: ""}
    forms = [(item.column, item.transform, square[item.curved]) for item in study.determinants]
    yield "determinants", tuple(" ".join(part for part in form if part not in ("", "none")) for form in forms)
    yield from _flat("model", study.model.model_dump(mode="json", exclude={"area_effect"}))


def _flat(key: str, value: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield a value and all within it, by dotted keys; nothing for what is left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}", inner)
    elif value is not None:
        yield key, (str(value),)
