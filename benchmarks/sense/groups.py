"""Groups that carry nothing, are one under two spellings, straddle, or are no groups; rows that are no areas."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.sense.judge import Input
from benchmarks.sense.world import country, edited

BY_NAME = edited(('column = "gemeente"', 'column = "gm_naam"'))
NOT_NESTED = edited(('column = "gemeente"\nwithin = "jeugdzorgregio"', 'column = "gm_naam"'))


def _table(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], object]:
    """Return a maker of the country, changed."""
    return lambda folder: change(country()).to_csv(folder / "wijken.csv", sep=";", index=False)


def _set(column: str, rows: Callable[[pd.DataFrame], object], value: str) -> Callable[[Path], object]:
    """Return a maker of the country in which some cells hold another text."""
    return _table(lambda t: t.assign(**{column: t[column].mask(pd.Series(rows(t), t.index), value)}))


def _spelled(spell: Callable[[str], str], name: str = "Goes") -> Callable[[Path], object]:
    """Return a maker in which half of the rows of a gemeente spell it otherwise."""

    def change(t: pd.DataFrame) -> pd.DataFrame:
        t = t.assign(gm_naam=t["gm_naam"].replace("Goes", name))
        odd = (t["gm_naam"] == name) & (t.index % 2 == 0)
        return t.assign(gm_naam=t["gm_naam"].where(~odd, spell(name)))

    return _table(change)


def _bergen(t: pd.DataFrame) -> pd.DataFrame:
    """Give two gemeenten in two regions one name."""
    return t.assign(gm_naam=t["gm_naam"].replace({"Borne": "Bergen", "Cuijk": "Bergen"}))


def _buurten(t: pd.DataFrame) -> pd.DataFrame:
    """Write buurten with the wijk they lie in."""
    wijk = "WK" + t["gemeente"].str[2:] + (t.index % 8 // 4).map("{:02d}".format)
    buurt = "BU" + wijk.str[2:] + (t.index % 4).map("{:02d}".format)
    return pd.DataFrame({"buurt": buurt, "wijk": wijk}).join(t[["naam", "jongeren", "jeugdhulp", "huur", "inkomen"]])


INPUTS: tuple[Input, ...] = (
    Input("few groups", "one region", _set("regio", lambda t: True, "JZ01"), "remark", ("jeugdzorgregio",)),
    Input(
        "few groups",
        "two regions",
        _table(lambda t: t.assign(regio=t["regio"].replace({"JZ03": "JZ01", "JZ04": "JZ01", "JZ05": "JZ02"}))),
        "remark",
        ("jeugdzorgregio",),
    ),
    Input(
        "few groups",
        "one gemeente",
        _table(lambda t: t.assign(gemeente="Stad", regio="JZ01")),
        "remark",
        ("gemeente",),
    ),
    Input("spelling", "capitals", _spelled(str.upper), "remark", ("GOES",), BY_NAME),
    Input(
        "spelling",
        "decomposed letters",
        _spelled(lambda n: unicodedata.normalize("NFD", n), "Súdwest-Fryslân"),
        "silent",
        (),
        BY_NAME,
    ),
    Input(
        "spelling", "a no-break space", _spelled(lambda n: n.replace(" ", "\u00a0"), "Den Haag"), "silent", (), BY_NAME
    ),
    Input("spelling", "two spaces", _spelled(lambda n: n.replace(" ", "  "), "Den Haag"), "silent", (), BY_NAME),
    Input(
        "spelling",
        "another apostrophe",
        _spelled(lambda n: n.replace("'", "\u2019"), "'s-Gravenhage"),
        "remark",
        ("Gravenhage",),
        BY_NAME,
    ),
    Input(
        "spelling",
        "near miss: names that only look alike",
        _table(lambda t: t.assign(gm_naam=t["gm_naam"].replace({"Goes": "Norge"}))),
        "silent",
        (),
        BY_NAME,
    ),
    Input("spelling", "a letter too many", _spelled(lambda n: f"{n}n", "Dokkum"), "remark", ("Dokkumn",), BY_NAME),
    Input("spelling", "two letters swapped", _spelled(lambda n: "Hilvesrum", "Hilversum"), "remark", (), BY_NAME),
    Input("spelling", "regio before a name", _spelled(lambda n: f"Regio {n}"), "remark", ("Regio Goes",), BY_NAME),
    Input(
        "spelling",
        "near miss: two names of six letters with another one",
        _table(lambda t: t.assign(gm_naam=t["gm_naam"].replace({"Goes": "Rheden", "Norg": "Rhenen"}))),
        "silent",
        (),
        BY_NAME,
    ),
    Input("spelling", "codes in lower case", _table(lambda t: t.assign(wijk=t["wijk"].str.lower())), "silent"),
    Input(
        "label",
        "near miss: a column called population",
        _table(lambda t: t.rename(columns={"jongeren": "population"})),
        "silent",
        (),
        edited(('population = "jongeren"', 'population = "population"')),
    ),
    Input(
        "level",
        "a column that measures something",
        _table(lambda t: t),
        "remark",
        ("measures something",),
        edited(('within = "jeugdzorgregio"\n', ""), ('column = "regio"', 'column = "huur"')),
    ),
    Input(
        "level",
        "the classes of a determinant",
        _table(lambda t: t.assign(klasse=[str(number % 5 + 1) for number in range(len(t))])),
        "remark",
        ("klasse is the column of level",),
        edited(
            ('within = "jeugdzorgregio"\n', ""),
            ('column = "regio"', 'column = "klasse"'),
            ('column = "huur"', 'column = "klasse"'),
        ),
    ),
    Input("nesting", "two gemeenten of one name", _table(_bergen), "remark", ("Bergen",), NOT_NESTED),
    Input("nesting", "two gemeenten of one name, said to be nested", _table(_bergen), "fault", ("Bergen",), BY_NAME),
    Input(
        "nesting",
        "study init asks",
        _table(lambda t: _bergen(t).drop(columns=["gemeente", "wijk"]).rename(columns={"naam": "wijk"})),
        "question",
        ("Bergen",),
    ),
    *(
        Input("no group", f"{text!r} as a region", _set("regio", lambda t: t.index % 40 == 3, text), "fault", (text,))
        for text in (
            "NA",
            "nan",
            "onbekend",
            ".",
            "-",
            "n.v.t.",
            "NULL",
            "x",
            "0",
            "geen regio",
            "Geen Jeugdzorgregio",
            "niet van toepassing",
            "niet ingedeeld",
            "nog in te delen",
            "nog niet toegewezen",
            "regio onbekend",
        )
    ),
    *(
        Input(
            "no group",
            f"{text!r} as a region",
            _set("regio", lambda t: t["gemeente"].isin(["GM0342", "GM0343"]), text),
            "remark",
            ("WK034200", text),
        )
        for text in ("overig", "Overige gemeenten", "rest", "buitenland", "JZ00", "JZ99")
    ),
    Input(
        "no group",
        "0 among regions of numbers from 1 to 5",
        _table(lambda t: t.assign(regio=t["regio"].str[3:].mask(t["gemeente"] == "GM0342", "0"))),
        "remark",
        ("WK034200", "'0'"),
    ),
    Input(
        "no group",
        "a region whose name is onbekend",
        _table(lambda t: t.assign(rnaam=t["regio"].replace({"JZ03": "onbekend"}))),
        "remark",
        ("JZ03", "onbekend"),
        edited(('column = "regio"', 'column = "regio"\nname_column = "rnaam"')),
    ),
    Input(
        "no group",
        "near miss: regions x, y and z",
        _table(lambda t: t.assign(regio=t["regio"].str[3:].map(dict(zip("12345", "vwxyz", strict=True))))),
        "silent",
    ),
    Input(
        "no group",
        "near miss: COROP Overig Groningen",
        _set("regio", lambda t: t["gemeente"].isin(["GM0342", "GM0347", "GM0352", "GM0357"]), "Overig Groningen"),
        "silent",
    ),
    Input(
        "no group",
        "near miss: a gemeente called Restveen",
        _set("gm_naam", lambda t: t["gm_naam"] == "Goes", "Restveen"),
        "silent",
        (),
        BY_NAME,
    ),
    Input(
        "no group",
        "near miss: a region called Nader",
        _set("regio", lambda t: t["gemeente"] == "GM0342", "Nader"),
        "silent",
    ),
    Input(
        "not areas",
        "buurten with the wijk they lie in",
        _table(_buurten),
        "question",
        ('key = "buurt"', 'column = "wijk"'),
    ),
    Input("not areas", "a wijk in two rows", _table(lambda t: pd.concat([t, t.iloc[[4]]])), "fault", ("WK034004",)),
    Input(
        "level",
        "on the column of the areas",
        _table(lambda t: t),
        "fault",
        ("wijk",),
        edited(('column = "regio"', 'column = "wijk"')),
    ),
    Input(
        "level",
        "named as a result",
        _table(lambda t: t),
        "fault",
        ("typical",),
        edited(('name = "jeugdzorgregio"', 'name = "typical"'), ('within = "jeugdzorgregio"', 'within = "typical"')),
    ),
    Input(
        "level",
        "a determinant of the gemeente, empty in one row",
        _table(
            lambda t: t.assign(dicht=t["gemeente"].str[2:].astype(int).mod(7).astype(str)).pipe(
                lambda t: t.assign(dicht=t["dicht"].mask(t.index == 5, ""))
            )
        ),
        "silent",
        (),
        edited(("\n[inference]", '\n[[determinants]]\ncolumn = "dicht"\nlevel = "gemeente"\n\n[inference]')),
    ),
)
