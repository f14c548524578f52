"""A remark holds both languages, keeps its areas, and survives a file."""

import json

from bayesmodel.data.remark import RemarkKind, remark, remark_from
from bayesmodel.messages import _, number, speaking


def made():
    return remark(RemarkKind.ALIKE, "rent", lambda: _("worth {n}").format(n=number(1234.5, ",.1f")), range(7))


def test_both_languages_are_said_whatever_is_spoken_when_it_is_made():
    with speaking("nl"):
        in_dutch = made()
    assert in_dutch == made()
    assert in_dutch.text["nl"].endswith("1.234,5")
    assert in_dutch.text["en"].endswith("1,234.5")


def test_five_areas_are_named_and_all_are_counted():
    assert str(made()).endswith("In 7: 0, 1, 2, 3, 4 and 2 more.")


def test_it_reads_back_from_json():
    assert remark_from(json.loads(json.dumps(made().plain()))) == made()
