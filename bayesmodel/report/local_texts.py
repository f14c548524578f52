"""Texts of the local page, in Dutch and English; figures are put in by the page."""

from __future__ import annotations

from bayesmodel.study import Label

OTHER_LANGUAGE = Label(nl="English", en="Nederlands")
LANGUAGES = Label(nl="Taal", en="Language")
SKIP = Label(nl="Naar de inhoud", en="Skip to the content")
BACK = Label(nl="Terug naar het overzicht", en="Back to the overview")
ONLY_HERE = Label(
    nl="Deze pagina's komen van deze computer en zijn alleen hier te zien. Er wordt niets verstuurd en niets bewaard "
    "behalve wat u zelf downloadt.",
    en="These pages come from this computer and can be seen only here. Nothing is sent, and nothing is kept but what "
    "you download yourself.",
)
MAP = Label(nl="De kaart", en="The map")
MAP_WHY = Label(
    nl="Kaarten van gebruik, verwacht gebruik en verschil, met onzekerheid; klik op een gebied of omcirkel er een "
    "aantal. De eerste keer duurt het maken even.",
    en="Maps of use, expected use and difference, with uncertainty; click an area or draw around several. Making it "
    "takes a while the first time.",
)
OPEN_MAP = Label(nl="Open de kaart", en="Open the map")
NO_MAP = Label(
    nl="Er zijn geen grenzen (polygonen) bekend. Start opnieuw met --polygons en een bestand daarvan.",
    en="No polygons are known. Start again with --polygons and a file of them.",
)
REPORT = Label(nl="Rapport per {level}", en="Report per {level}")
REPORT_WHY = Label(
    nl="Wat er van één {level} bekend is: samenvatting, kaart, tabel van de {areas}, vergelijking met andere, en wat "
    "te bespreken.",
    en="What is known of one {level}: summary, map, table of its {areas}, comparison with others, and what to discuss.",
)
CHOOSE = Label(nl="Kies een {level}", en="Choose a {level}")
FORM = Label(nl="Vorm", en="Form")
FORMS = {
    "html": Label(nl="hier openen", en="open here"),
    "docx": Label(nl="Word-document", en="Word document"),
    "pdf": Label(nl="PDF", en="PDF"),
}
MAKE = Label(nl="Maak het rapport", en="Make the report")
AREAS = Label(nl="De {areas} van een {level}", en="The {areas} of a {level}")
AREAS_WHY = Label(
    nl="De cijfers van elke {area}, met een vel voor een gesprek, en om te vergelijken.",
    en="The figures of each {area}, with a sheet for a dialogue session, and to compare.",
)
SHOW_AREAS = Label(nl="Toon de {areas}", en="Show the {areas}")
IN_GROUP = Label(nl="De {areas} van {name}", en="The {areas} of {name}")
SHEET = Label(nl="Vel", en="Sheet")
SHEET_OF = Label(nl="Vel van {name}", en="Sheet of {name}")
SELECT = Label(nl="Vergelijk", en="Compare")
SELECT_ONE = Label(nl="Vergelijk {name}", en="Compare {name}")
ALSO = Label(
    nl="Ook vergelijken met (namen of codes, met puntkomma's ertussen)",
    en="Also compare with (names or codes, semicolons between them)",
)
COMPARE = Label(nl="Vergelijk", en="Compare")
COMPARED = Label(nl="Vergeleken", en="Compared")
COMPARED_WHY = Label(
    nl="Gebruik zonder toeval. De kans dat de eerste hoger is dan de tweede is berekend op dezelfde trekkingen; zij is "
    "niet af te lezen uit twee intervallen naast elkaar.",
    en="Use without chance. The probability is that the first is higher than the second, on the same draws; it cannot "
    "be read off two intervals side by side.",
)
PAIRS = Label(nl="Per paar", en="Pair by pair")
FIRST, SECOND = Label(nl="eerste", en="first"), Label(nl="tweede", en="second")
GAP = Label(nl="verschil (procentpunt)", en="difference (percentage points)")
CHANCE = Label(nl="kans dat de eerste hoger is", en="probability that the first is higher")
DOWNLOAD = Label(nl="Download als csv", en="Download as csv")
TOO_MANY = Label(
    nl="Kies er hoogstens {most}: {number} zijn er gekozen.", en="Choose at most {most}: {number} are chosen."
)
TABLES = Label(nl="Tabellen", en="Tables")
TABLES_WHY = Label(
    nl="Alle cijfers, om te downloaden: het werkboek (xlsx) voor Excel, csv voor andere programma's.",
    en="All figures, to download: the workbook (xlsx) for Excel, csv for other programs.",
)
MAKE_TABLES = Label(nl="Maak de tabellen", en="Make the tables")
KILOBYTES = Label(nl="{name} ({size} kB)", en="{name} ({size} kB)")
STOP_WHY = Label(
    nl="Klaar? Sluit het programma af; daarna zijn deze pagina's niet meer te openen.",
    en="Done? Close the program; these pages cannot be opened after that.",
)
STOP = Label(nl="Afsluiten", en="Close")
STOPPED = Label(nl="Afgesloten. U kunt dit venster sluiten.", en="Closed. You can close this window.")
WRONG = Label(nl="Dat lukt niet", en="That cannot be done")
ABSENT = Label(nl="Hier is niets.", en="There is nothing here.")
