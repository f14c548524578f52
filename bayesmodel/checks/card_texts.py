"""Texts of the model card, in Dutch and English: the points of the Bayesian analysis reporting guidelines."""

from __future__ import annotations

from bayesmodel.study import Label

TITLE = Label(nl="Modelkaart: {study}", en="Model card: {study}")
PREAMBLE = Label(nl="Vooraf", en="Preamble")
MODEL = Label(nl="Stap 1. Het model", en="Step 1. The model")
COMPUTATION = Label(nl="Stap 2. De berekening", en="Step 2. The computation")
FITS = Label(nl="Stap 3a. Past het model bij de gegevens?", en="Step 3a. Does the model fit the data?")
POSTERIOR = Label(nl="Stap 3b. De uitkomst", en="Step 3b. The posterior")
DECISIONS = Label(nl="Stap 4. Oordelen", en="Step 4. Decisions")
SENSITIVITY = Label(nl="Stap 5. Gevoeligheid", en="Step 5. Sensitivity")
REPRODUCING = Label(nl="Stap 6. Overdoen", en="Step 6. Reproducing")
REMARKS = Label(nl="Aandachtspunten", en="Worth a look")
NO_REMARKS = Label(
    nl="Niets in de gegevens viel op bij het inlezen en na het schatten.",
    en="Nothing in the data stood out when they were read, nor after the fit.",
)

WHY_NAME = Label(nl="Waarom Bayesiaans", en="Why Bayesian")
WHY = Label(
    nl="Aantallen zijn verborgen of afgerond en kleine {areas} zeggen weinig. Een aantal dat niet precies bekend is "
    "zit met zijn onzekerheid in het model, en {areas} lenen kracht van {areas} die erop lijken of bij dezelfde "
    "groep horen.",
    en="Counts are hidden or rounded, and small {areas} hold little information. A count that is not known exactly "
    "enters the model with its uncertainty, and {areas} borrow strength from similar {areas} and from their group.",
)
GOAL_NAME = Label(nl="Doel", en="Goal")
GOAL = Label(
    nl="Het gebruik ({count}, van alle {population}, {year}) per {area} schatten, en vergelijken met wat op grond "
    "van kenmerken en omgeving te verwachten is.",
    en="To estimate use ({count}, of all {population}, {year}) per {area}, and to compare it with what one would "
    "expect from determinants and surroundings.",
)
NOT_NAME = Label(nl="Niet bedoeld als", en="Not meant as")
NOT = Label(
    nl="Voorspelling, maat voor de behoefte aan hulp, oordeel over beleid, of uitspraak over personen. Verbanden "
    "zijn geen oorzaken.",
    en="A forecast, a measure of need, a judgement on policy, or a statement about individuals. Associations are not "
    "causes.",
)

DATA_NAME = Label(nl="Gegevens", en="Data")
DATA = Label(
    nl="{areas} {kind}{groups}, grenzen van {vintage}, {people} {population}. Aantallen: {shown} getoond, {hidden} "
    "verborgen, {missing} niet geleverd, {empty} zonder inwoners.",
    en="{areas} {kind}{groups}, boundaries of {vintage}, {people} {population}. Counts: {shown} shown, {hidden} "
    "hidden, {missing} not delivered, {empty} without inhabitants.",
)
RULE_NAME = Label(nl="Publicatieregel", en="Publication rule")
HIDDEN = Label(
    nl="Een verborgen aantal is {low} tot en met {high}.", en="A hidden count is {low} up to and including {high}."
)
NOTHING_HIDDEN = Label(nl="Er is niets verborgen.", en="Nothing is hidden.")
ROUNDED = Label(nl="Getoonde aantallen zijn afgerond op {to}.", en="Counts that are shown are rounded to {to}.")
ROUNDED_AT_RANDOM = Label(
    nl="Getoonde aantallen zijn willekeurig naar boven of beneden afgerond op een veelvoud van {to}; een aantal dat "
    "dichterbij ligt is daarin waarschijnlijker.",
    en="Counts that are shown are rounded at random, up or down to a multiple of {to}; counts nearer to it are more "
    "probable.",
)
RAISED = Label(
    nl="Een getoonde {limit} staat voor {low} tot en met {limit}.",
    en="A {limit} that is shown stands for {low} up to and including {limit}.",
)
NOT_FILLED_IN = Label(
    nl="In het model is zo'n aantal een interval; niets is ingevuld.",
    en="In the model such a count is an interval; nothing was filled in.",
)
LEFT_OUT_NAME = Label(nl="Weggelaten", en="Left out")
LEFT_OUT_BY = Label(nl="{column} is hoogstens {limit}", en="{column} is at most {limit}")
NONE_LEFT_OUT = Label(nl="Geen.", en="None.")
DETERMINANTS_NAME = Label(nl="Kenmerken", en="Determinants")
NO_DETERMINANTS = Label(nl="Geen.", en="None.")
ALL_KNOWN = Label(
    nl="{number}, genoemd in de tabel van stap 3b. Alle waarden zijn bekend.",
    en="{number}, listed in the table of step 3b. All values are known.",
)
DETERMINANTS = Label(
    nl="{number}, genoemd in de tabel van stap 3b. Niet bekend: {gaps} waarden; die zijn niet ingevuld maar met hun "
    "onzekerheid uitgeïntegreerd.",
    en="{number}, listed in the table of step 3b. Missing: {gaps} values; these were not filled in but integrated out "
    "with their uncertainty.",
)
CURVED = Label(
    nl="Van {number} is ook het kwadraat in het model: {named}.",
    en="Of {number} the square is in the model too: {named}.",
)
GAPS = Label(nl="De meeste bij: {named}.", en="Most of them in: {named}.")
LIKELIHOOD_NAME = Label(nl="Kansverdeling", en="Likelihood")
LIKELIHOOD = Label(
    nl="{family}, met linkfunctie {link}: kenmerken, een effect per groep van {levels}, en wat een {area} verder van "
    "andere onderscheidt. De formules staan hieronder.",
    en="{family} with link {link}: determinants, an effect of each group of {levels}, and what sets a {area} apart "
    "beyond these. The formulas are below.",
)
OVERDISPERSION = Label(
    nl=" De variantie van aantallen is op {factor} keer die van toeval alleen gesteld, zoals wanneer mensen die "
    "gebruik maken in groepjes voorkomen (gezinnen).",
    en=" The variance of counts is set to {factor} times that of chance alone, as where people in care come in "
    "clusters (families).",
)
SQUARE = Label(nl="{name}, het kwadraat", en="{name}, its square")
ESTIMATED_OVERDISPERSION = Label(
    nl=" Aantallen kunnen meer variëren dan toeval alleen meebrengt, zoals wanneer mensen die gebruik maken in "
    "groepjes voorkomen (gezinnen): naar schatting is hun variantie {factor} keer zo groot.",
    en=" Counts may vary more than chance alone makes them, as they do where people in care come in clusters "
    "(families): by estimate their variance is {factor} times as large.",
)
PRIORS_NAME = Label(nl="Priors in woorden", en="Priors in words")
PRIORS = Label(
    nl="Voor de gegevens spreken ligt het gebruik van een doorsnee {area} met 95% kans {interval}; hoe ver groepen en "
    "{areas} uiteenlopen ({effects}) is eerder weinig dan veel, met de kans op veel zoals hieronder.",
    en="Before seeing the data, the use of a typical {area} lies {interval} with a probability of 95%; groups and "
    "{areas} ({effects}) are more likely to differ little than much, with the probabilities below.",
)
BETWEEN = Label(nl="tussen {low} en {high}", en="between {low} and {high}")
OR_MORE = Label(nl="{share} of meer", en="{share} or more")
COEFFICIENT_RATE = Label(
    nl="Een standaardafwijking meer van een kenmerk maakt het gebruik hoogstens {factor} keer zo groot of klein (95%).",
    en="One standard deviation more of a determinant multiplies or divides use by {factor} at most (95%).",
)
COEFFICIENT_ODDS = Label(
    nl="Een standaardafwijking meer van een kenmerk maakt de kansverhouding (odds) van gebruik hoogstens {factor} "
    "keer zo groot of klein (95%).",
    en="One standard deviation more of a determinant multiplies or divides the odds of use by {factor} at most (95%).",
)
COEFFICIENT_POINTS = Label(
    nl="Een standaardafwijking meer van een kenmerk verandert het gebruik met hoogstens {points} procentpunt (95%).",
    en="One standard deviation more of a determinant changes use by {points} percentage points at most (95%).",
)
COEFFICIENT_SQUARES = Label(nl="Voor elk kwadraat geldt hetzelfde.", en="The same holds for each square.")
HORSESHOE = Label(
    nl="De meeste kenmerken doen er weinig toe, enkele mogelijk veel (regularised horseshoe).",
    en="Most determinants matter little, a few may matter a lot (regularised horseshoe).",
)
PRIOR_CHECK_NAME = Label(nl="Controle van de priors", en="Prior predictive check")
PRIOR_CHECK = Label(
    nl="Niet op deze kaart: `draw_prior` trekt landen uit de priors, `plots.prior_posterior` toont wat de gegevens "
    "leerden.",
    en="Not on this card: `draw_prior` draws countries from the priors, `plots.prior_posterior` shows what was learned "
    "from the data.",
)

SOFTWARE_NAME = Label(nl="Programma's", en="Software")
SOFTWARE = Label(nl="{engine}. Python {python}; {versions}.", en="{engine}. Python {python}; {versions}.")
CONVERGENCE_NAME = Label(nl="Convergentie", en="Convergence")
CONVERGED = Label(nl="Geconvergeerd. {figures}.", en="Converged. {figures}.")
NOT_CONVERGED = Label(
    nl="NIET geconvergeerd: vertrouw niet op deze uitkomsten. {problems}. {figures}.",
    en="NOT converged: do not rely on these results. {problems}. {figures}.",
)
DRAWS_NAME = Label(nl="Trekkingen", en="Draws")
DRAWS = Label(
    nl="{draws}, in ketens of delen: {chains}; effectief ten minste {least} ({worst}).",
    en="{draws}, in chains or parts: {chains}; at least {least} effective ({worst}).",
)

USE_NAME = Label(nl="Alles samen", en="All together")
USE = Label(
    nl="{mean} {count} ({lower} tot {upper}, {interval}), {share}; verborgen aantallen inbegrepen.",
    en="{mean} {count} ({lower} to {upper}, {interval}), {share}; hidden counts included.",
)
PARAMETERS_NAME = Label(nl="Parameters", en="Parameters")
PARAMETERS = Label(
    nl="In de tabel, op de schaal van het model ({link}), met {interval}; een kenmerk per standaardafwijking.",
    en="In the table, on the scale of the model ({link}), with {interval}; a determinant per standard deviation.",
)
PARAMETER = Label(nl="parameter", en="parameter")
COLUMNS = {
    "mean": Label(nl="gemiddelde", en="mean"),
    "lower": Label(nl="van", en="from"),
    "upper": Label(nl="tot", en="to"),
    "ess_bulk": Label(nl="effectieve trekkingen", en="effective draws"),
}
BAYES_NAME = Label(nl="Bayesfactoren", en="Bayes factors")
BAYES = Label(
    nl="Niet gebruikt, evenmin als a-posteriorikansen van modellen.",
    en="Not used, nor posterior probabilities of models.",
)

WHY_DECIDE_NAME = Label(nl="Waarom een oordeel", en="Why a decision")
WHY_DECIDE = Label(
    nl="Om geen {area} te noemen om een verschil dat toeval kan zijn. Zonder genoeg zekerheid is het oordeel: niet "
    "te zeggen. Er is geen verliesfunctie; de lijsten begrenzen het aandeel fouten.",
    en="So that no {area} is named for a difference that may be chance. Without enough certainty the verdict is: "
    "inconclusive. No loss function is stated; the lists bound the share of false verdicts.",
)
MARGIN_NAME = Label(nl="Grens die telt (ROPE)", en="Margin that counts (ROPE)")
MARGIN = Label(
    nl="{margin} van wat verwacht is, zoals de studie zegt; kleinere verschillen gelden als ongeveer zoals verwacht.",
    en="{margin} of expected use, as set in the study; smaller differences count as about as expected.",
)
LISTS_NAME = Label(nl="Zekerheid", en="Certainty")
LISTS = Label(
    nl="Duidelijk: kans van ten minste {clear}, en hoogstens {false} verwachte fouten in de lijst. Waarschijnlijk, "
    "en ongeveer zoals verwacht: ten minste {probable}.",
    en="Clearly: a probability of at least {clear}, and at most {false} of the list expected to be false. Probably, "
    "and about as expected: at least {probable}.",
)
VERDICTS_NAME = Label(nl="Oordelen", en="Verdicts")
VERDICTS = Label(
    nl="In de tabel, aantallen per verwachting. Schattingen met hun interval staan in de tabellen van uitkomsten, "
    "ook waar het oordeel niet te zeggen is.",
    en="In the table, numbers by expectation. Estimates with their intervals are in the tables of results, also "
    "where the verdict is inconclusive.",
)
VERDICT = Label(nl="oordeel", en="verdict")
FALSE = Label(nl="{name}: verwachte fouten", en="{name}: expected to be false")

NOT_RUN = {
    "QuickCheck": Label(
        nl="Niet gedaan: één voor één weglaten en voorspellen, en landen trekken uit het model (`bayesmodel check`).",
        en="Not done: leaving out one at a time and predicting it, and drawing countries from the model (`bayesmodel "
        "check`).",
    ),
    "HideAndSeek": Label(
        nl="Niet gedaan: bekende aantallen verbergen en terugzoeken (`bayesmodel check --full`).",
        en="Not done: hiding known counts and recovering them (`bayesmodel check --full`).",
    ),
    "CrossValidation": Label(
        nl="Niet gedaan: hele gemeenten of regio's weglaten en voorspellen (`cross_validate`).",
        en="Not done: leaving out whole gemeenten or regions and predicting them (`cross_validate`).",
    ),
    "Sensitivity": Label(
        nl="Niet gedaan: prior en likelihood zwaarder en lichter wegen (`sensitivity`).",
        en="Not done: giving prior and likelihood more and less weight (`sensitivity`).",
    ),
    "Multiverse": Label(
        nl="Niet gedaan: nagaan of oordelen standhouden in andere verdedigbare modellen (`multiverse`).",
        en="Not done: checking whether verdicts hold in other defensible models (`multiverse`).",
    ),
}

MADE_NAME = Label(nl="Gemaakt", en="Made")
MADE = Label(
    nl="{made}; startgetal {seed}; vingerafdruk van wat het model zag {hash}.",
    en="{made}; seed {seed}; fingerprint of the model's input {hash}.",
)
PROVENANCE = {"made": "made", "seed": "seed", "hash": "data_sha256"}
REDO_NAME = Label(nl="Overdoen", en="Reproducing")
REDO = Label(
    nl="De studie, met elke keuze, zit in het bestand van de schatting (`load_fit(...).study`). Dezelfde studie met "
    "hetzelfde startgetal en dezelfde versies geeft dezelfde trekkingen.",
    en="The study, with every choice, is in the file of the fit (`load_fit(...).study`). The same study with the "
    "same seed and versions gives the same draws.",
)
SOURCE_NAME = Label(nl="Richtlijn", en="Guidelines")
SOURCE = Label(
    nl="Kruschke (2021), Bayesian Analysis Reporting Guidelines, Nature Human Behaviour 5, 1282-1291.",
    en="Kruschke (2021), Bayesian Analysis Reporting Guidelines, Nature Human Behaviour 5, 1282-1291.",
)
