"""Labels that say something else than the column they stand for, such as one that was kept from a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bayesmodel.areas.remark import Remark, RemarkKind, remark
from bayesmodel.messages import _
from bayesmodel.sources.propose.words import LABELS, snake
from bayesmodel.study import Study


def label_remarks(study: Study) -> Iterator[Remark]:
    """Yield labels of the count and the population that name other people than the name of their column does.

    Parameters
    ----------
    study : Study
        Reports print its labels: nobody sees there which column was counted over.
    """
    columns = {"count": (study.columns.count,), "population": study.columns.population_parts}
    for key, names in columns.items():
        label = getattr(study.outcome, key)
        meant = {found for name in names if (found := _people_in(name))}
        said = {found for text in (label.nl, label.en) if (found := _people_in(text))}
        if not meant or not said or meant & said:
            continue

        def say(key: str = key, names: tuple[str, ...] = names, nl: str = label.nl, en: str = label.en) -> str:
            text = _(
                "Reports call the {key} {nl!r} ({en!r}), while its column is {column}. If that was kept from a "
                "template, correct it in [outcome]."
            )
            return text.format(key=f"outcome.{key}", nl=nl, en=en, column=" + ".join(names))

        yield remark(RemarkKind.LABEL, f"outcome.{key}", say)


def _people_in(text: str) -> str | None:
    """Return which people a name or a label speaks of, where that is known; young people are children."""
    known = next((label for form, label in LABELS.items() if re.search(form, snake(text))), None)
    return None if known is None else "children" if known.en.startswith("young") else known.en
