"""One of many fits: what is changed in the study, what is done to the counts, and the key under which it is kept."""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bayesmodel import __version__
from bayesmodel.data import Counts, interpret_counts
from bayesmodel.errors import Fault, StudyError, UnknownNameError
from bayesmodel.inference.sampling import data_hash
from bayesmodel.io import read_areas
from bayesmodel.messages import _
from bayesmodel.model.build import BuiltModel, build_model
from bayesmodel.study import Study, study_from

if TYPE_CHECKING:
    from bayesmodel.laplace import WarmStart

AFTER_READING = ("name", "model", "inference", "report")
"""Parts of a study that say nothing about the tables: the only ones that can change once counts are read."""


@dataclass(frozen=True)
class Variation:
    """One fit of many, described without being made.

    Parameters
    ----------
    name : str
        Different for each variation of a list; may be any text.
    source : Study or Counts
        A study is read where the fit is made; counts that are read already travel there.
    changes : mapping of str to value
        Changes to the study, by dotted key: ``{"model.family": "poisson", "inference.seed": 3}``.
    mask : callable, optional
        From counts to the counts that are fitted, such as with some of them hidden or simulated anew. It is called
        where the fit is made, so it must be defined at the top of a module (or be a `functools.partial` of such a
        function).
    build : callable, optional
        From the counts to their model, `build_model` when left out; found again by other processes like `mask`. It
        is for models with another design, or with priors that do not follow the data, such as those of replicates.
    start : WarmStart, optional
        What a fit of similar counts found, for the Laplace engine to begin with.

    Examples
    --------
    >>> from bayesmodel import Variation, example_study
    >>> study = example_study(areas=60, gemeenten=8, regions=2)
    >>> seeds = [Variation(f"seed {seed}", study, {"inference.seed": seed}) for seed in (1, 2)]
    >>> seeds[1].study.inference.seed
    2
    """

    name: str
    source: Study | Counts
    changes: Mapping[str, Any] = field(default_factory=dict)
    mask: Callable[[Counts], Counts] | None = None
    build: Callable[[Counts], BuiltModel] = build_model
    start: WarmStart | None = None

    @property
    def study(self) -> Study:
        """The study with the changes made; `StudyError` or `UnknownNameError` when they cannot be."""
        given = self.source if isinstance(self.source, Study) else self.source.study
        return changed_study(given, self.changes, _("Variation {name!r}").format(name=self.name))

    def faults(self) -> list[Fault]:
        """Return what makes this variation impossible, before anything is read."""
        late = [key for key in self.changes if key.split(".")[0] not in AFTER_READING]
        if isinstance(self.source, Counts) and late:
            advice = _("Give the study itself as source, so that its tables are read with the change.")
            expected = _("changes to {keys}, as the counts are read already").format(keys=", ".join(AFTER_READING))
            found = _("a change to {keys}").format(keys=", ".join(late))
            return [Fault(_("variation {name!r}").format(name=self.name), found, expected, advice)]
        try:
            self.study  # noqa: B018 (looked at for its errors)
        except StudyError as error:
            return list(error.faults)
        except UnknownNameError as error:
            return [Fault(_("variation {name!r}").format(name=self.name), str(error), _("a key of the study"))]
        return []

    def counts(self) -> Counts:
        """Read and interpret the counts (or take the given ones), change the study, and apply the mask."""
        study = self.study
        counts = self.source if isinstance(self.source, Counts) else _read(_tables_of(study))
        # which levels have an effect was seen when the tables were read
        counts = counts.with_study(study.model_copy(update={"levels": counts.study.levels}))
        return counts if self.mask is None else self.mask(counts)


def changed_study(study: Study, changes: Mapping[str, Any], subject: str) -> Study:
    """Return a study with changes made, each by dotted key.

    Parameters
    ----------
    study : Study
    changes : mapping of str to value
        As of `Variation`.
    subject : str
        What an error is about.

    Raises
    ------
    StudyError
        The study cannot mean what it then says.
    UnknownNameError
        There is no such key.

    Examples
    --------
    >>> from bayesmodel import example_study
    >>> changed_study(example_study(), {"publication.hidden_below": 5}, "A stricter rule").publication.hidden_below
    5
    """
    values = study.model_dump()
    for key, value in changes.items():
        part, last = _part_of(values, key)
        part[last] = value
    # tables are looked for from where the study was read, wherever the fit is made
    values["folder"] = str(Path(study.folder).resolve())
    return study_from(values, subject=subject)


def _part_of(values: dict[str, Any], key: str) -> tuple[dict[str, Any], str]:
    """Return the part of a study that a dotted key points into, and the last part of the key."""
    here: Any = values
    parts = key.split(".")
    for depth, name in enumerate(parts):
        if not isinstance(here, dict) or name not in here:
            names = [".".join([*parts[:depth], known]) for known in here] if isinstance(here, dict) else []
            raise UnknownNameError(_("key of a study"), key, names)
        inside, here = here, here[name]
    return inside, parts[-1]


def _tables_of(study: Study) -> str:
    """Return all of a study that its counts depend on, as text; what does not matter stands at its default."""
    model = _defaults()["model"].model_copy(update={"space": study.model.space})  # neighbours are read with the tables
    return study.model_copy(update={"name": "read", **_defaults(), "model": model}).model_dump_json()


def _defaults() -> dict[str, Any]:
    """Return the parts that matter only after reading, as they are by default."""
    return {name: Study.model_fields[name].default for name in AFTER_READING if name != "name"}


@lru_cache(maxsize=2)
def _read(study: str) -> Counts:
    """Read the counts of a study once for all its variations in this process."""
    return interpret_counts(read_areas(Study.model_validate_json(study)))


def key_of(
    counts: Counts,
    summary: Callable[..., Any] | None,
    build: Callable[[Counts], BuiltModel] = build_model,
    start: WarmStart | None = None,
) -> str:
    """Return the key of the fit of some counts: 32 hexadecimal digits.

    It covers the study with its seed (not the folder it was read from), the intervals after masking, levels and
    determinants, the version of this package, the functions that summarise and build, with their text, and what the fit
    begins with.

    Parameters
    ----------
    counts : Counts
        As they are fitted.
    summary : callable, optional
        What is kept of the fit.
    build : callable
        How the model is built.
    start : WarmStart, optional
        What the fit begins with.

    Examples
    --------
    >>> from bayesmodel.testing import invented_fit
    >>> counts = invented_fit().counts
    >>> key_of(counts, None) == key_of(counts, None), len(key_of(counts, None))
    (True, 32)
    """
    digest = hashlib.sha256(__version__.encode())
    digest.update(counts.study.model_dump_json(exclude={"folder"}).encode())
    digest.update(data_hash(counts).encode())
    digest.update(repr(tuple(counts.status.tolist())).encode())
    for function in (summary, None if build is build_model else build):
        if function is not None:
            # by name and arguments, and by text, so that a changed function is not taken for the old one
            digest.update(pickle.dumps(function))
            digest.update(_text_of(function).encode())
    if start is not None:
        digest.update(pickle.dumps(start))
    return digest.hexdigest()[:32]


def _text_of(function: Callable[..., Any]) -> str:
    """Return the source text of a function, or nothing where it has none."""
    while isinstance(function, partial):
        function = function.func
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""
