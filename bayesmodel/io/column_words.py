"""Names that columns have in Dutch tables of areas, and what they usually stand for."""

from __future__ import annotations

import re

from bayesmodel.study import Label

WORDS: dict[str, tuple[str, ...]] = {
    "count": (
        r"(jongeren|kinderen|personen|jeugdigen)?_?met_?jeugd(hulp|zorg)",
        r"^(totaal|aantal)?_?(jongeren)?_?(met)?_?jeugd(hulp|zorg)|^a_jz|^jz_tn",
        r"jeugd(hulp|zorg)|youth_?care|in_?care",
        r"gebruik(ers)?|clienten|cliënten|zorg$|hulp$|care$|^wmo|bijstand",
        r"^(aantal|n|count|telling|totaal|total|totaal_aantal|aantal_totaal|cases|gevallen)$",
    ),
    "population": (
        r"jongeren|jeugdigen|young|youths?",
        r"(0|00)_?(tot|tm|t_m|_)_?(18|19|20|22|23)|onder_?(de_?)?(18|20|23)|^(aantal_)?kinderen",
        r"inwoners|bevolking|^a_inw|aant_inw|population|inhabitants|personen",
    ),
    "area_name": (r"^(wijk|buurt)_?(naam|en_?buurten|en)?$|^wk_naam|^bu_naam", r"^naam$|^name$|^regio$|gebied|^wijk",
                  r"^onderwerpen$"),
    "gemeente_name": (r"^(gemeente|gm)_?(naam)?$|gemeentenaam|^gem_?naam|gemnaam|municipality",),
    "region": (
        r"jeugd_?zorg_?regio|jeugd_?regio|jz_?regio|^jz(_?code)?$",
        r"corop",
        r"(?<!soort_)(?<!type_)regio(_?code)?$|region",
    ),
    "region_name": (r"(regio|region|jz|corop).*(naam|name)$|(naam|name).*regio",),
    "period": (r"^(jaar|year|perioden?|periods?|peildatum|peiljaar|verslagjaar|kalenderjaar|jaartal|meetjaar)$",),
    "area_code": (r"wijk|buurt|^wk|^bu|gwb|codering|regio_?code|gebied|area|^code$",),
}  # fmt: skip
"""Per role, forms of a name in snake case: an earlier one is a better match."""

SHARE = re.compile(r"^p_|perc|pct|aandeel|share|relatief|per_1000|_p$|%")
"""Names of shares and percentages, which are no counts."""

NUMBERING = re.compile(r"^(id|nr|nummer|volgnummer|rij|index)$|indelingswijziging|^ind_wbi")
"""Names of columns that number rows or mark changes of boundaries."""

LABELS: dict[str, Label] = {
    r"jeugd(hulp|zorg)|youth_?care|^a_jz": Label(nl="jongeren met jeugdhulp", en="young people in youth care"),
    r"^wmo": Label(nl="mensen met een Wmo-voorziening", en="people with Wmo support"),
    r"bijstand|social_assistance": Label(nl="mensen met bijstand", en="people on social assistance"),
    r"jongeren|jeugdigen|young|youths?": Label(nl="jongeren", en="young people"),
    r"kinderen": Label(nl="kinderen", en="children"),
    r"huishoudens|^a_hh|households": Label(nl="huishoudens", en="households"),
    r"ouderen|senioren|65_?(plus|eo|en_ouder)|older_people|elderly": Label(nl="ouderen", en="older people"),
    r"volwassenen|adults": Label(nl="volwassenen", en="adults"),
    r"leerlingen|scholieren|pupils": Label(nl="leerlingen", en="pupils"),
    r"woningen|homes|dwellings": Label(nl="woningen", en="homes"),
    r"inwoners|bevolking|^a_inw|^aant_inw|population|inhabitants": Label(nl="inwoners", en="inhabitants"),
}
"""What a name in snake case is called in Dutch and English."""


def snake(name: str) -> str:
    """Write a name of a column in lower case with underscores, without the number that CBS puts behind it.

    Examples
    --------
    >>> snake("JongerenMetJeugdzorgInNatura_84"), snake("Aantal jongeren (0-22)"), snake("GM_CODE")
    ('jongeren_met_jeugdzorg_in_natura', 'aantal_jongeren_0_22', 'gm_code')
    """
    text = re.sub(r"_[0-9]{1,3}$", "", title_of(name.strip()))
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[^\w%]+", "_", text).strip("_").lower()


STATLINE = re.compile(r"(?:.*[/|])?([^/|]+?)\s*\((?:aantal|code|naam|omschrijving|%|x 1 000.*|per 1 000.*)\)")
"""A heading of StatLine: the groups that a column is in, its title, and its unit."""


def title_of(name: str) -> str:
    """Return the title in a heading of StatLine, without the groups before it and the unit behind it.

    Examples
    --------
    >>> title_of("Regioaanduiding/Gemeentenaam (naam)"), title_of("Aantal jongeren (0-22)")
    ('Gemeentenaam', 'Aantal jongeren (0-22)')
    """
    found = STATLINE.fullmatch(name)
    return name if found is None else found[1]


def match(name: str, role: str) -> int | None:
    """Return how well a name fits a role: 0 is best; None when it does not.

    Examples
    --------
    >>> match("JongerenMetJeugdzorgInNatura_84", "count"), match("jongeren", "count"), match("jongeren", "population")
    (0, None, 0)
    """
    text = snake(name)
    return next((place for place, form in enumerate(WORDS[role]) if re.search(form, text)), None)


def is_numbering(name: str) -> bool:
    """Whether a name is one of a column that says nothing of an area.

    Examples
    --------
    >>> is_numbering("ID"), is_numbering("huur")
    (True, False)
    """
    return NUMBERING.search(snake(name)) is not None


def is_share(name: str) -> bool:
    """Whether a name is one of a share.

    Examples
    --------
    >>> is_share("PercentageJongerenMetJeugdzorg_85"), is_share("aantal jongeren")
    (True, False)
    """
    return SHARE.search(snake(name)) is not None


def label_of(name: str) -> Label:
    """Return what a column is called in Dutch and English; its own name where it is not known.

    Examples
    --------
    >>> label_of("AantalInwoners_5").en
    'inhabitants'
    """
    text = snake(name)
    return next((label for form, label in LABELS.items() if re.search(form, text)), Label(nl=name, en=name))
