"""The words of an explanation in Dutch and English, with places for the numbers; both languages name the same ones."""

from __future__ import annotations

from bayesmodel.counts import Status
from bayesmodel.study import Label

NOBODY = Label(nl="{name} telt geen {people}.", en="{name} has no {people}.")
KNOWN = Label(
    nl="{name} telt{where} {count} {counted} op {all} {people} ({share})",
    en="{name} has{where} {count} {counted} among {all} {people} ({share})",
)
ESTIMATED = Label(
    nl="{name} telt{where} naar schatting {low} tot {high} {counted} op {all} {people} ({interval}-interval; {why})",
    en="{name} has{where} an estimated {low} to {high} {counted} among {all} {people} ({interval} interval; {why})",
)
WHY = {
    Status.SUPPRESSED: Label(
        nl="het aantal is verborgen en ligt tussen {least} en {most}",
        en="the count is hidden and lies between {least} and {most}",
    ),
    Status.ROUNDED: Label(
        nl="het aantal is afgerond en ligt tussen {least} en {most}",
        en="the count is rounded and lies between {least} and {most}",
    ),
    Status.MISSING: Label(nl="er is geen aantal gepubliceerd", en="no count was published"),
}
PARTLY = Label(
    nl="samen {areas} gebieden, waarvan {hidden} met een verborgen aantal",
    en="{areas} areas together, {hidden} of them with a hidden count",
)
EXPECTED = Label(
    nl="{expectation}: {mean} ({interval}-interval {low} tot {high})",
    en="{expectation}: {mean} ({interval} interval {low} to {high})",
)
FOUND = Label(
    nl="gecorrigeerd voor toeval is het gebruik {verdict}: {ratio} keer het verwachte ({low} tot {high}); de kans dat "
    "het {beyond} is {chance}",
    en="without chance use is {verdict}: {ratio} times what was expected ({low} to {high}); the probability of "
    "{beyond} is {chance}",
)
BEYOND = {
    "higher": Label(nl="meer dan {margin} hoger is,", en="more than {margin} higher"),
    "lower": Label(nl="meer dan {margin} lager is,", en="more than {margin} lower"),
    "within": Label(nl="hoogstens {margin} verschilt,", en="at most {margin} difference"),
}
UNSURE = Label(
    nl="of het gebruik, gecorrigeerd voor toeval, hoger of lager is, is niet te zeggen: {ratio} keer het verwachte "
    "({low} tot {high}); de kans dat het meer dan {margin} hoger is, is {up} en de kans dat het meer dan {margin} "
    "lager is, is {down}",
    en="whether use without chance is higher or lower is not to say: {ratio} times what was expected ({low} to "
    "{high}); the probability of more than {margin} higher is {up}, and that of more than {margin} lower {down}",
)
WHERE = Label(nl=" {where}", en=", {where},")
WHOLE = Label(
    nl="in totaal zijn het er {total}, van wie {share} in geen enkele {area} staat ({elsewhere} van alle totalen)",
    en="{total} in total, of whom {share} are in no {area} ({elsewhere} of all totals)",
)
TO = Label(nl="{low} tot {high}", en="{low} to {high}")
WITHHELD = Label(
    nl="of het gebruik, gecorrigeerd voor toeval, hoger of lager is, is niet te zeggen: {where} is het {ratio} keer "
    "het verwachte ({low} tot {high}), maar wie in geen enkele {area} staat kan dat oordeel doen omslaan",
    en="whether use without chance is higher or lower is not to say: {where} it is {ratio} times what was expected "
    "({low} to {high}), but those in no {area} could turn that verdict",
)
ITSELF = Label(
    nl="dit zijn alle gebieden van de studie samen, en die zijn alleen met zichzelf te vergelijken",
    en="these are all areas of the study together, which have only themselves to be compared with",
)
NEARLY_SURE = Label(nl="meer dan 99%", en="over 99%")
HARDLY = Label(nl="minder dan 1%", en="under 1%")
DOUBTFUL = Label(
    nl="Let op: het aantal is verborgen, maar zo klein kan het volgens het model niet zijn; het teken betekent hier "
    "misschien onbekend, en op dit oordeel valt niet te bouwen.",
    en="Beware: the count is hidden, but by the model it cannot be that small; the symbol may mean not known here, and "
    "this verdict cannot be relied on.",
)
