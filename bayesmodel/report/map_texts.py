"""Texts of the map page, in Dutch and English; figures are put in by the page, never typed here."""

from __future__ import annotations

from collections.abc import Mapping

from bayesmodel.study import Label

TEXTS: Mapping[str, Label] = {
    "skip": Label(nl="Naar de tabel", en="Skip to the table"),
    "language": Label(nl="English", en="Nederlands"),
    "view": Label(nl="Kaart van", en="Map of"),
    "against": Label(nl="Vergeleken met", en="Compared with"),
    "actual": Label(nl="feitelijk gebruik (gepubliceerd)", en="actual use (published)"),
    "underlying": Label(nl="onderliggend gebruik (zonder toeval)", en="underlying use (without chance)"),
    "expected": Label(nl="verwacht gebruik", en="expected use"),
    "difference": Label(nl="verschil: onderliggend min verwacht", en="difference: underlying minus expected"),
    "width": Label(
        nl="onzekerheid: breedte van het interval van het verschil",
        en="uncertainty: width of the interval of the difference",
    ),
    "chance": Label(nl="kans op hoger dan verwacht", en="probability of higher than expected"),
    "verdict": Label(nl="oordeel", en="verdict"),
    "search": Label(nl="Zoek op naam of code", en="Search by name or code"),
    "clear": Label(nl="Keuze wissen", en="Clear selection"),
    "lasso": Label(nl="Gebieden omcirkelen", en="Draw around areas"),
    "lassoing": Label(
        nl="Teken met de muis of vinger een lijn om de gebieden", en="Draw a line around the areas with mouse or finger"
    ),
    "wholeGroup": Label(nl="Kies alle gebieden in {name}", en="Select all areas in {name}"),
    "zoomIn": Label(nl="Inzoomen", en="Zoom in"),
    "zoomOut": Label(nl="Uitzoomen", en="Zoom out"),
    "home": Label(nl="Hele kaart", en="Whole map"),
    "mapHelp": Label(
        nl="Kaart. Pijltjes verschuiven, plus en min zoomen. Alle gebieden staan ook in de tabel onder de kaart; daar zijn ze met het toetsenbord te kiezen.",  # noqa: E501
        en="Map. Arrows move, plus and minus zoom. All areas are in the table below the map too, where they can be selected by keyboard.",  # noqa: E501
    ),
    "none": Label(
        nl="Klik op een gebied, zoek het op, of omcirkel er een aantal: hier komt wat ervan bekend is, met hoe zeker dat is.",  # noqa: E501
        en="Click an area, search for it, or draw around several: here comes what is known of it, and how surely.",
    ),
    "published": Label(nl="gepubliceerd aantal", en="published count"),
    "hidden": Label(nl="verborgen: {lower} tot en met {upper}", en="hidden: {lower} to {upper}"),
    "missing": Label(nl="niet geleverd", en="not delivered"),
    "empty": Label(nl="geen inwoners", en="no inhabitants"),
    "use": Label(nl="onderliggend gebruik", en="underlying use"),
    "interval": Label(nl="{prob}-interval", en="{prob} interval"),
    "higher": Label(nl="kans op meer dan {margin} hoger", en="probability of more than {margin} higher"),
    "within": Label(nl="kans op hoogstens {margin} anders", en="probability of at most {margin} different"),
    "lower": Label(nl="kans op meer dan {margin} lager", en="probability of more than {margin} lower"),
    "above": Label(nl="kans op boven verwacht", en="probability of above expected"),
    "special": Label(
        nl="waarschijnlijk een bijzonder gebied, met iets eigens zoals een instelling",
        en="probably a special area, with something of its own such as an institution",
    ),
    "doubtful": Label(
        nl="verborgen, maar volgens het model is zo'n klein aantal onwaarschijnlijk: reken niet op het oordeel",
        en="hidden, but by the model so small a count is unlikely: do not rely on the verdict",
    ),
    "alone": Label(
        nl="geen ander gebied in dezelfde groep om mee te vergelijken",
        en="no other area in the same group to compare with",
    ),
    "waterfall": Label(nl="Waaruit bestaat het gebruik? (procentpunt)", en="What is use made of? (percentage points)"),
    "sum": Label(nl="feitelijk gebruik", en="actual use"),
    "peers": Label(nl="Gebieden met de meest vergelijkbare kenmerken", en="Areas with the most similar determinants"),
    "several": Label(nl="{number} gebieden samen", en="{number} areas together"),
    "jointly": Label(
        nl="Opgeteld binnen elk van {draws} gezamenlijke trekkingen, dus met hun samenhang.",
        en="Added up within each of {draws} joint draws, and so with the dependence between them.",
    ),
    "everything": Label(
        nl="Alle gebieden samen zijn alleen met zichzelf te vergelijken: daarover is geen oordeel mogelijk.",
        en="All areas together have only themselves to be compared with: no verdict on them is possible.",
    ),
    "onlyBounds": Label(
        nl="Het verborgen deel is zo klein dat alleen grenzen worden gegeven.",
        en="The hidden part is so small that only bounds are given.",
    ),
    "remove": Label(nl="Haal {name} uit de keuze", en="Remove {name} from the selection"),
    "table": Label(nl="Tabel", en="Table"),
    "filter": Label(nl="Toon alleen rijen met", en="Show only rows with"),
    "rows": Label(nl="{from} tot en met {to} van {all} gebieden", en="{from} to {to} of {all} areas"),
    "next": Label(nl="Volgende", en="Next"),
    "previous": Label(nl="Vorige", en="Previous"),
    "onlySelected": Label(nl="Alleen gekozen gebieden", en="Only selected areas"),
    "legendHidden": Label(nl="verborgen (klein aantal)", en="hidden (small count)"),
    "legendMissing": Label(nl="niet geleverd", en="not delivered"),
    "legendNone": Label(nl="geen waarde", en="no value"),
    "noShape": Label(
        nl="Zonder vlak op de kaart: {number} gebieden; wel in de tabel.",
        en="Without a shape on the map: {number} areas; they are in the table.",
    ),
    "lessThan": Label(nl="minder dan {high}", en="less than {high}"),
    "fromTo": Label(nl="{low} tot {high}", en="{low} to {high}"),
    "orMore": Label(nl="{low} of meer", en="{low} or more"),
    "link": Label(nl="Koppeling naar dit beeld", en="Link to this view"),
    "print": Label(nl="Afdrukken", en="Print"),
    "points": Label(nl="procentpunt", en="percentage points"),
    "reading": Label(nl="Hoe dit te lezen", en="How to read this"),
    "notFor": Label(nl="Waar deze pagina niet voor is", en="What this page is not for"),
    "loading": Label(nl="De gegevens worden uitgepakt ...", en="Unpacking the data ..."),
}

NOT_FOR: tuple[Label, ...] = (
    Label(
        nl="Zet hiermee geen wijkteams, aanbieders of gemeenten op een ranglijst.",
        en="Do not rank teams, providers or gemeenten by it.",
    ),
    Label(
        nl="Beoordeel hiermee geen beleid: veel gebruik is geen teken van slecht beleid en weinig gebruik niet van goed.",  # noqa: E501
        en="Do not judge policy by it: high use is no sign of bad policy, and low use none of good policy.",
    ),
    Label(
        nl="Volg hiermee geen ontwikkeling in de tijd: het is één jaar, en grenzen en telling veranderen.",
        en="Do not follow time by it: it is one year, and boundaries and counting change.",
    ),
    Label(
        nl="Zeg hiermee niets over personen of gezinnen.",
        en="Say nothing about individuals or families by it.",
    ),
    Label(
        nl="Bepaal hiermee niet hoeveel hulp er nodig is: verwacht gebruik is geen behoefte.",
        en="Do not decide by it how much care is needed: expected use is not need.",
    ),
)
"""What a reader must not do with the page."""
NO_SCRIPT = Label(
    nl="Deze kaart werkt alleen met JavaScript. Dezelfde cijfers staan in de tabellen bij de resultaten.",
    en="This map needs JavaScript. The same figures are in the tables beside the results.",
)
OLD_BROWSER = Label(
    nl="Deze browser is te oud om de gegevens uit te pakken. Een browser van 2023 of later kan het.",
    en="This browser is too old to unpack the data. A browser of 2023 or later can.",
)
