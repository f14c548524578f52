"""Texts of the report of a group and of the sheet of an area, in Dutch and English; figures are put in by these."""

from __future__ import annotations

from bayesmodel.study import Label

TITLE = Label(nl="{count}, {year}: {name}", en="{count}, {year}: {name}")
SUMMARY = Label(nl="In het kort", en="In brief")
VERDICTS = Label(
    nl="Vergeleken met wat op grond van de kenmerken te verwachten is, is het gebruik in {higher} van de {all} {areas} "
    "duidelijk of waarschijnlijk hoger, in {lower} duidelijk of waarschijnlijk lager en in {same} ongeveer zoals "
    "verwacht. Over {inconclusive} is het niet te zeggen; dat is geen teken dat er niets aan de hand is.",
    en="Compared with what one would expect from the determinants, use is clearly or probably higher in {higher} of "
    "the {all} {areas}, clearly or probably lower in {lower}, and about as expected in {same}. On {inconclusive} "
    "nothing can be said; that does not mean that nothing is the matter.",
)
ONE = Label(
    nl="{begin} {name} is hier één {area}: er is binnen de {level} niets om mee te vergelijken.",
    en="{begin} {name} is one {area} here: there is nothing inside the {level} to compare with.",
)
HIDDEN = Label(
    nl="Van {hidden} van de {all} {areas} is het aantal niet gepubliceerd omdat het klein is. Zij zitten met hun "
    "onzekerheid in het model; hun aantal staat hier nergens als getal: {names}.",
    en="Of {hidden} of the {all} {areas} the count is not published because it is small. They are in the model with "
    "their uncertainty; their count is nowhere given as a number here: {names}.",
)
HIDDEN_ONE = Label(
    nl="Van {names} is het aantal niet gepubliceerd omdat het klein is. Het zit met zijn onzekerheid in het model en "
    "staat hier nergens als getal.",
    en="Of {names} the count is not published because it is small. It is in the model with its uncertainty, and is "
    "nowhere given as a number here.",
)
PREDICTED = Label(
    nl="Niet geleverd, dus voorspeld uit kenmerken en omgeving, met een navenant breed interval: {names}.",
    en="Not delivered, and so predicted from determinants and surroundings, with a wide interval accordingly: {names}.",
)
ALL_PREDICTED = Label(
    nl="Van {name} is niets geleverd: alle cijfers hieronder zijn voorspeld uit kenmerken en omgeving.",
    en="Of {name} nothing was delivered: all figures below are predicted from determinants and surroundings.",
)
SPECIAL = Label(
    nl="Waarschijnlijk bijzonder, met iets eigens zoals een instelling: {names}.",
    en="Probably special, with something of its own such as an institution: {names}.",
)
DOUBTFUL = Label(
    nl="Verborgen, maar volgens het model is zo'n klein aantal onwaarschijnlijk; reken niet op het oordeel: {names}.",
    en="Hidden, but by the model so small a count is unlikely; do not rely on the verdict: {names}.",
)

MAP = Label(nl="Op de kaart", en="On the map")
AREAS = Label(nl="De {areas}", en="The {areas}")
INTERVALS = Label(
    nl="Tussen haakjes het {interval}: daarin ligt de waarde met een kans van {prob}. Onderliggend gebruik is het "
    "gebruik zonder toeval; de kolom verwacht is: {expectation}. Het verschil is in procentpunt.",
    en="In brackets the {interval}: it holds the value with a probability of {prob}. Underlying use is use without "
    "chance; the column expected is: {expectation}. The difference is in percentage points.",
)
COMPARED = Label(nl="Vergeleken met andere", en="Compared with others")
COMPARED_WHY = Label(
    nl="De meest vergelijkbare zijn die waarvan de kenmerken het minst verschillen, gewogen naar hoeveel zij ertoe "
    "doen voor het gebruik.",
    en="The most similar are those whose determinants differ least, weighted by how much they matter for use.",
)
TOGETHER = Label(nl="De cijfers zijn die van de {areas} samen.", en="Figures are of the {areas} together.")
EVERYBODY = Label(
    nl="De cijfers zijn van iedereen die in de {level} is geteld, ook van wie in geen enkele {area} staat.",
    en="Figures are of everybody counted in the {level}, those who are in no {area} included.",
)
COUNTRY = Label(nl="alle {areas} van de studie", en="all {areas} of the study")
SIMILAR = Label(nl="{name} (vergelijkbaar)", en="{name} (similar)")
MADE_OF = Label(nl="Waaruit bestaat het gebruik?", en="What is use made of?")
MADE_OF_TOGETHER = Label(
    nl="De opbouw is die van het gebruik in de {areas} samen. Wie in geen enkele {area} staat, is hier niet meegeteld: "
    "dit gebruik kan anders zijn dan dat van de hele {level} hierboven.",
    en="It is use in the {areas} together that is split up. Those who are in no {area} are not counted here: this use "
    "may differ from that of the whole {level} above.",
)
EXTREMES = Label(nl="Hoogste en laagste", en="Highest and lowest")
EXTREMES_WHY = Label(
    nl="Geordend naar gebruik gedeeld door verwacht gebruik. De rang heeft een interval: wie hier bovenaan staat, "
    "hoeft dat niet te zijn. Dit is geen ranglijst om op af te rekenen.",
    en="Ordered by use over expected use. Rank has an interval: who stands on top here need not be. This is no league "
    "table to be judged by.",
)
TALK = Label(nl="Om te bespreken: vijf richtingen van verklaring", en="To discuss: five directions of explanation")
DIRECTIONS: tuple[tuple[Label, Label], ...] = (
    (
        Label(nl="Statistisch", en="Statistical"),
        Label(
            nl="Kan het toeval of registratie zijn? Ligt het verschil buiten het interval? Is alles geleverd, en "
            "staan er veel jongeren in geen enkele wijk?",
            en="Can it be chance or registration? Is the difference outside the interval? Was everything delivered, "
            "and are many people in no area?",
        ),
    ),
    (
        Label(nl="Cultureel", en="Cultural"),
        Label(
            nl="Leefstijl, opvattingen over hulp vragen, kerk en verenigingen, vertrouwen in instanties.",
            en="Way of life, views on asking for help, church and clubs, trust in institutions.",
        ),
    ),
    (
        Label(nl="Economisch", en="Economic"),
        Label(
            nl="Inkomen, werk, schulden en wonen, voor zover die niet al in de kenmerken zitten.",
            en="Income, work, debts and housing, as far as the determinants do not hold these.",
        ),
    ),
    (
        Label(nl="Beleid", en="Policy"),
        Label(
            nl="Verwijzing door huisarts en school, toegang en wijkteams, inkoop, wachttijden, preventie.",
            en="Referral by GP and school, access and teams, purchasing, waiting times, prevention.",
        ),
    ),
    (
        Label(nl="Institutioneel", en="Institutional"),
        Label(
            nl="Instellingen en scholen in de wijk, samenwerking in de regio, wie hulp aanbiedt.",
            en="Institutions and schools in the area, cooperation in the region, who offers help.",
        ),
    ),
)
EMPTY_LINE = Label(nl="Besproken: ", en="Discussed: ")
OWN = Label(nl="Toelichting van {name}", en="Explanation by {name}")
OWN_EMPTY = Label(
    nl="Nog geen toelichting; hier is er ruimte voor. Wie het rapport maakt kan tekst en contactpersoon opgeven in een "
    "bestand, onder [{code}]; die blijven bij een volgende keer staan (bayesmodel report --explanations).",
    en="No explanation yet; this is the place for it. Who makes the report can give a text and a contact in a file, "
    "under [{code}]; they are kept the next time (bayesmodel report --explanations).",
)
CONTACT = Label(nl="Contact: {contact}", en="Contact: {contact}")
READING = Label(nl="Hoe dit te lezen", en="How to read this")
METHOD = Label(nl="Methode", en="Method")
METHOD_TEXT = Label(
    nl="Bayesiaans hiërarchisch model van {all} {areas} met effecten van {levels}; verborgen aantallen als interval in "
    "het model. Berekend met {engine}. {converged} De modelkaart (bayesmodel card) geeft model, aannamen en controles.",
    en="Bayesian hierarchical model of {all} {areas} with effects of {levels}; hidden counts as intervals in the "
    "model. Computed by {engine}. {converged} The model card (bayesmodel card) gives model, assumptions and checks.",
)
CONVERGED = Label(nl="De berekening is geconvergeerd.", en="The computation converged.")
NOT_CONVERGED = Label(
    nl="De berekening is NIET geconvergeerd: vertrouw niet op deze uitkomsten.",
    en="The computation did NOT converge: nobody may rely on these results.",
)

HEADS = {
    "people": Label(nl="{population}", en="{population}"),
    "count": Label(nl="gepubliceerd aantal", en="published count"),
    "use": Label(nl="onderliggend gebruik", en="underlying use"),
    "expected": Label(nl="verwacht", en="expected"),
    "difference": Label(nl="verschil", en="difference"),
    "verdict": Label(nl="oordeel", en="verdict"),
    "part": Label(nl="deel", en="part"),
    "points": Label(nl="procentpunt", en="percentage points"),
    "ratio": Label(nl="gebruik gedeeld door verwacht", en="use over expected"),
    "rank": Label(nl="rang", en="rank"),
}
BOUNDS = Label(nl="verborgen ({low} tot en met {high})", en="hidden ({low} to {high})")
MISSING = Label(nl="niet geleverd (voorspeld)", en="not delivered (predicted)")
NOBODY = Label(nl="geen inwoners", en="no inhabitants")
"""What stands in a table where there is no published count."""

SHEET_TITLE = Label(nl="{name} ({code}), {group}: {count}, {year}", en="{name} ({code}), {group}: {count}, {year}")
SHEET_COUNT = Label(nl="Gepubliceerd aantal", en="Published count")
SHEET_PLACE = Label(nl="Plaats in {level} {name}", en="Place in {level} {name}")
SHEET_RANK = Label(
    nl="{rank} van {number}, geordend naar gebruik gedeeld door verwacht gebruik, de hoogste eerst",
    en="{rank} of {number}, ordered by use over expected use, the highest first",
)
SHEET_NO_PLACE = Label(nl="niet te zeggen", en="cannot be said")
SHEET_FIGURES = Label(nl="De {area} naast andere", en="The {area} beside others")
SHEET_SIMILAR = Label(nl="vergelijkbaar: {name}", en="similar: {name}")
SHEET_TALK = Label(nl="Om te bespreken: kan het ...", en="To discuss: can it be ...")
SHEET_DIRECTION = Label(nl="richting", en="direction")
SHEET_QUESTIONS = Label(nl="vragen", en="questions")
SHEET_NOTES = Label(nl="wat is besproken", en="what was discussed")
SHEET_READING: tuple[Label, ...] = (
    Label(
        nl="{count} van alle {population} in {year}, grenzen van {vintage}. Geen voorspelling. Weggelaten uit de "
        "studie: {left_out} {areas}.",
        en="{count} of all {population} in {year}, boundaries of {vintage}. No forecast. Left out of the study: "
        "{left_out} {areas}.",
    ),
    Label(
        nl="Veel gebruik of een groot verschil is geen teken van goed of slecht beleid: het kan komen door veel "
        "problemen of door een goed bereik, weinig gebruik door hulp elders of doordat wie hulp nodig heeft die niet "
        "krijgt. Een groot verschil wijst op kenmerken die niet in het model zitten en is een reden om verder te "
        "kijken.",
        en="High use or a large difference is no sign of good or bad policy: it can come from many problems or from "
        "good reach, low use from help found elsewhere or from need that is not reached. A large difference points to "
        "traits that are not in the model and is a reason to look further.",
    ),
    Label(
        nl="Verwacht betekent hier {expectation}; dat is geen behoefte aan hulp. Verbanden tussen {areas} zeggen niets "
        "over personen. Tussen haakjes het {interval}: daarin ligt de waarde met een kans van {prob}; verschillen "
        "zijn in procentpunt. Een verborgen aantal is klein en niet gepubliceerd; het zit met zijn onzekerheid in het "
        "model.",
        en="Expected means {expectation} here; that is not need. Relations between {areas} say nothing about "
        "individuals. In brackets the {interval}: it holds the value with a probability of {prob}; differences are in "
        "percentage points. A hidden count is small and not published; it is in the model with its uncertainty.",
    ),
)
"""What readers are always told, in few words."""
