"""Invented tables in the shape of those of CBS: codes, keys, symbols and rounding are like theirs, figures are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

Cells = Mapping[str, str | float | None]


@dataclass(frozen=True)
class Topic:
    """A column of figures: key of OData v3, identifier of v4, title, group and unit."""

    key: str
    code: str
    title: str
    group: str = ""
    unit: str = "aantal"


@dataclass(frozen=True)
class ServedTable:
    """A table as a publisher has it.

    Parameters
    ----------
    table, title, period, modified : str
        What is said of it.
    dimensions : mapping of str to sequence of (code, title, status)
        Codes of each dimension; the first dimension is that of the areas.
    topics : sequence of Topic
        Its columns.
    rows : sequence of mapping
        A code for each dimension and a cell for each topic; None is secret or impossible.
    dots : bool
        Whether secret cells of the untyped set are dots; else they are blank.
    """

    table: str
    title: str
    period: str
    modified: str
    dimensions: Mapping[str, Sequence[tuple[str, str, str]]]
    topics: Sequence[Topic]
    rows: Sequence[Cells] = field(default_factory=tuple)
    dots: bool = True

    def with_cells(self, changes: Mapping[tuple[int, str], float | None], modified: str) -> ServedTable:
        """Return the table as revised: other cells, by the number of the row and the key of the topic."""
        rows = [dict(row) for row in self.rows]
        for (index, key), value in changes.items():
            rows[index][key] = value
        return replace(self, rows=rows, modified=modified)

    def without(self, key: str) -> ServedTable:
        """Return the table without one of its topics."""
        rows = [{name: cell for name, cell in row.items() if name != key} for row in self.rows]
        return replace(self, topics=[topic for topic in self.topics if topic.key != key], rows=rows)


@dataclass(frozen=True)
class Country:
    """Wijken in gemeenten in regions, with the people in them."""

    wijken: Sequence[str]
    gemeenten: Sequence[str]
    names: Mapping[str, str]
    young: np.ndarray
    inhabitants: np.ndarray
    cared: np.ndarray
    unplaced: np.ndarray


def invented_country(wijken: int = 3300, gemeenten: int = 342, seed: int = 2024) -> Country:
    """Return a country of so many wijken and gemeenten; people in the gemeente whose wijk is not known are unplaced."""
    random = np.random.default_rng(seed)
    codes = [f"{100 + 4 * index:04}" for index in range(gemeenten)]
    home = np.sort(np.concatenate([np.arange(gemeenten), random.integers(0, gemeenten, wijken - gemeenten)]))
    order = [int(each) for each in np.concatenate([np.arange(count) for count in np.bincount(home)])]
    areas = [f"WK{codes[where]}{number:02}" for where, number in zip(home, order, strict=True)]
    size = np.where(
        random.random(wijken) < 0.15, 5.0, 8.0
    )  # as in the country, one wijk in seven has hardly any people
    inhabitants = np.round(random.lognormal(size, 0.9) / 5).astype(int) * 5
    young = np.round(inhabitants * random.uniform(0.18, 0.34, wijken) / 5).astype(int) * 5
    share = 0.1 * np.exp(random.normal(0, 0.25, gemeenten)[home] + random.normal(0, 0.2, wijken))
    names = {f"GM{code}": f"Gemeente {code}" for code in codes}
    names |= {code: f"Wijk {number:02}" for code, number in zip(areas, order, strict=True)}
    cared = random.binomial(young, np.minimum(share, 0.6))
    per_gemeente = np.bincount(home, weights=cared, minlength=gemeenten)
    return Country(
        wijken=areas,
        gemeenten=[f"GM{code}" for code in codes],
        names=names,
        young=young,
        inhabitants=inhabitants,
        cared=cared,
        unplaced=np.round(per_gemeente * 0.12).astype(int),
    )


def published(counts: np.ndarray) -> list[float | None]:
    """Return counts as CBS publishes them: rounded to fives, and None for 0 to 7."""
    return [None if count <= 7 else float((count + 2) // 5 * 5) for count in counts]


def _by_gemeente(country: Country, values: np.ndarray) -> np.ndarray:
    """Add values of wijken up to those of gemeenten."""
    where = {code: index for index, code in enumerate(country.gemeenten)}
    home = np.array([where[f"GM{code[2:6]}"] for code in country.wijken])
    return np.bincount(home, weights=values, minlength=len(country.gemeenten)).astype(int)


def _areas(country: Country) -> list[tuple[str, str, str]]:
    """Return codes and names of the country, of gemeenten and of wijken, each gemeente before its wijken."""
    by_gemeente: dict[str, list[str]] = {code: [] for code in country.gemeenten}
    for code in country.wijken:
        by_gemeente[f"GM{code[2:6]}"].append(code)
    codes = [code for gemeente, inside in by_gemeente.items() for code in (gemeente, *inside)]
    return [("NL00", "Nederland", ""), *((code, country.names[code], "") for code in codes)]


def _rows(areas: Sequence[str], dimension: str, columns: Mapping[str, Mapping[str, object]]) -> Iterator[Cells]:
    """Yield a row for each area."""
    for code in areas:
        yield {dimension: code, **{key: cells.get(code) for key, cells in columns.items()}}  # type: ignore[dict-item]


def kwb(country: Country, year: int = 2024, table: str = "85984NED", provisional: bool = False) -> ServedTable:
    """Return key figures of wijken and gemeenten: a choice of columns, under their keys of 2024."""
    random = np.random.default_rng(year)
    places, size = [*country.wijken, *country.gemeenten], len(country.wijken) + len(country.gemeenten)
    inhabitants = np.concatenate([country.inhabitants, _by_gemeente(country, country.inhabitants)])
    young = np.concatenate([country.young, _by_gemeente(country, country.young)])
    cared = np.concatenate([country.cared, _by_gemeente(country, country.cared) + country.unplaced])
    children = young * 3 // 5 // 5 * 5
    households = np.maximum(inhabitants // 11 * 5, 5)
    topics = [
        Topic("Gemeentenaam_1", "T001", "Gemeentenaam", "Regioaanduiding", "naam"),
        Topic("AantalInwoners_5", "T005", "Aantal inwoners", "Bevolking"),
        Topic("k_0Tot15Jaar_8", "T008", "0 tot 15 jaar", "Leeftijdsgroepen"),
        Topic("k_15Tot25Jaar_9", "T009", "15 tot 25 jaar", "Leeftijdsgroepen"),
        Topic("Gescheiden_15", "T015", "Gescheiden", "Burgerlijke staat"),
        Topic("Nederland_17", "T017", "Nederland", "Herkomstland"),
        Topic("BuitenEuropa_19", "T019", "Buiten Europa ", "Herkomstland"),
        Topic("BuitenEuropa_22", "T022", "Buiten Europa ", "Geboren in Nederland"),
        *([Topic("NietWestersTotaal_18", "T018", "Niet-westers totaal", "Migratieachtergrond")] if year < 2022 else []),
        Topic("HuishoudensTotaal_29", "T029", "Huishoudens totaal", "Particuliere huishoudens"),
        Topic("HuishoudensMetKinderen_32", "T032", "Huishoudens met kinderen", "Particuliere huishoudens"),
        Topic(
            "GemiddeldeWOZWaardeVanWoningen_39", "T039", "Gemiddelde WOZ-waarde van woningen", "Wonen", "x 1 000 euro"
        ),
        Topic("PercentageEengezinswoning_40", "T040", "Percentage eengezinswoning", "Woningen naar type", "%"),
        Topic("InBezitWoningcorporatie_49", "T049", "In bezit woningcorporatie", "Huurwoningen", "%"),
        Topic("k_40HuishoudensMetLaagsteInkomen_87", "T087", "40% huishoudens met laagste inkomen", "Inkomen", "%"),
        Topic("PersonenPerSoortUitkeringBijstand_94", "T094", "Personen per soort uitkering; Bijstand", "Zekerheid"),
        Topic("PersonenPerSoortUitkeringAO_95", "T095", "Personen per soort uitkering; AO", "Sociale zekerheid"),
        Topic("JongerenMetJeugdzorgInNatura_98", "T098", "Jongeren met jeugdzorg in natura", "Zorg"),
        Topic("WmoClienten_100", "T100", "Wmo-cliënten", "Zorg"),
        Topic("AfstandTotHuisartsenpraktijk_117", "T117", "Afstand tot huisartsenpraktijk", "Nabijheid", "km"),
        Topic("OppervlakteTotaal_122", "T122", "Oppervlakte totaal", "Oppervlakte", "ha"),
        Topic("Omgevingsadressendichtheid_128", "T128", "Omgevingsadressendichtheid", "Stedelijkheid", "per km²"),
    ]
    shares = {
        "Gescheiden_15": inhabitants * random.uniform(0.04, 0.1, size),
        "Nederland_17": inhabitants * random.uniform(0.5, 0.95, size),
        "NietWestersTotaal_18": inhabitants * random.uniform(0.02, 0.4, size),
        "BuitenEuropa_19": inhabitants * random.uniform(0.02, 0.4, size),
        "BuitenEuropa_22": inhabitants * random.uniform(0.01, 0.1, size),
        "HuishoudensMetKinderen_32": households * random.uniform(0.2, 0.5, size),
        "PersonenPerSoortUitkeringBijstand_94": inhabitants * random.uniform(0.005, 0.08, size),
        "PersonenPerSoortUitkeringAO_95": inhabitants * random.uniform(0.02, 0.09, size),
    }
    columns: dict[str, Sequence[object]] = {
        "Gemeentenaam_1": [country.names[f"GM{code[2:6]}"] for code in places],
        "AantalInwoners_5": [float(each) for each in inhabitants],
        "k_0Tot15Jaar_8": [float(each) for each in children],
        "k_15Tot25Jaar_9": [float(each) for each in young - children],
        "HuishoudensTotaal_29": [float(each) for each in households],
        "GemiddeldeWOZWaardeVanWoningen_39": [float(each) for each in random.integers(180, 900, size)],
        "PercentageEengezinswoning_40": [float(each) for each in random.integers(5, 100, size)],
        "InBezitWoningcorporatie_49": [float(each) for each in random.integers(0, 70, size)],
        "k_40HuishoudensMetLaagsteInkomen_87": [float(each) / 10 for each in random.integers(100, 700, size)],
        "JongerenMetJeugdzorgInNatura_98": published(cared),
        "WmoClienten_100": published(random.binomial(inhabitants, 0.06)),
        "AfstandTotHuisartsenpraktijk_117": [float(each) / 10 for each in random.integers(2, 90, size)],
        "OppervlakteTotaal_122": [float(20 + each // 25) for each in inhabitants],
        "Omgevingsadressendichtheid_128": [float(each) for each in random.integers(20, 6000, size)],
        **{key: [float(each) for each in np.round(values / 5) * 5] for key, values in shares.items()},
    }
    small = inhabitants < 200  # no income of few people
    columns["k_40HuishoudensMetLaagsteInkomen_87"] = [
        None if few else value for few, value in zip(small, columns["k_40HuishoudensMetLaagsteInkomen_87"], strict=True)
    ]
    cells = {topic.key: dict(zip(places, columns[topic.key], strict=True)) for topic in topics}
    codes = _areas(country)
    return ServedTable(
        table=table,
        title=f"Kerncijfers wijken en buurten {year}",
        period=f"{year}{'*' * provisional}",
        modified=f"{year + 1}-03-27T02:00:00",
        dimensions={"WijkenEnBuurten": codes},
        topics=topics,
        rows=list(_rows([code for code, *_ in codes], "WijkenEnBuurten", cells)),
    )


def youth_care(country: Country, year: int = 2017, table: str = "83782NED", provisional: bool = False) -> ServedTable:
    """Return young people with youth care per wijk and gemeente, in three forms of care and a year and a half year."""
    places = [*country.wijken, *country.gemeenten]
    cared = np.concatenate([country.cared, _by_gemeente(country, country.cared) + country.unplaced])
    topics = [
        Topic("TotaalJongerenMetJeugdzorgInNatur_1", "M001", "Totaal jongeren met jeugdzorg in natura", "Jongeren"),
        Topic("k_0Tot4Jaar_2", "M002", "0 tot 4 jaar", "Leeftijd"),
        Topic("Gemeentenaam_18", "M018", "Gemeentenaam", "Regioaanduiding", "naam"),
    ]
    codes, mark = _areas(country), "*" * provisional
    rows: list[Cells] = []
    for form, part in (("T001203", 1.0), ("A042502", 0.9), ("A027918", 0.1)):
        for period, time in ((f"{year}JJ00", 1.0), (f"{year}HJ01", 0.6)):
            counts = published((cared * part * time).astype(int))
            young = published((cared * part * time * 0.2).astype(int))
            columns = {
                topics[0].key: dict(zip(places, counts, strict=True)),
                topics[1].key: dict(zip(places, young, strict=True)),
                topics[2].key: {code: country.names[f"GM{code[2:6]}"] for code in places},
            }
            of_areas = _rows([code for code, *_ in codes], "Wijken", columns)
            rows += [{**row, "Vormen": form, "Perioden": period} for row in of_areas]
    status = "Voorlopig" if provisional else "Definitief"
    return ServedTable(
        table=table,
        title=f"Jongeren met jeugdzorg in natura; wijken, {year}",
        period=f"{year}{mark}",
        modified=f"{year + 1}-10-31T02:00:00",
        dimensions={
            "Wijken": codes,
            "Vormen": [
                ("T001203", "Totaal alle jeugdzorg in natura", ""),
                ("A042502", "Totaal jeugdhulp in natura", ""),
                ("A027918", "Jeugdhulp met verblijf", ""),
            ],
            "Perioden": [
                (f"{year}HJ01", f"{year} 1e halfjaar{mark}", status),
                (f"{year}JJ00", f"{year}{mark}", status),
            ],
        },
        topics=topics,
        rows=rows,
    )


def areas(country: Country, year: int = 2017, table: str = "83553NED", regions: int = 42) -> ServedTable:
    """Return the regions that each gemeente lies in."""
    topics = [
        Topic("Code_1", "G001", "Code", "Arbeidsmarktregio's", "code"),
        Topic("Naam_2", "G002", "Naam", "Arbeidsmarktregio's", "naam"),
        Topic("Code_16", "G016", "Code", "Jeugdzorgregio's", "code"),
        Topic("Naam_17", "G017", "Naam", "Jeugdzorgregio's", "naam"),
    ]
    number = {code: index * regions // len(country.gemeenten) + 1 for index, code in enumerate(country.gemeenten)}
    columns = {
        "Code_1": {code: f"AM{each:02}" for code, each in number.items()},
        "Naam_2": {code: f"Arbeidsmarkt {each}" for code, each in number.items()},
        "Code_16": {code: f"JZ{each:02}" for code, each in number.items()},
        "Naam_17": {code: f"Regio {each}" for code, each in number.items()},
    }
    return ServedTable(
        table=table,
        title=f"Gebieden in Nederland {year}",
        period=str(year),
        modified=f"{year}-01-31T02:00:00",
        dimensions={"RegioS": [(code, country.names[code], "") for code in country.gemeenten]},
        topics=topics,
        rows=list(_rows(country.gemeenten, "RegioS", columns)),
    )
