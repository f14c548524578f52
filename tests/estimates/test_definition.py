"""What is shown in a notebook or a terminal begins with what it is, in the language of the study."""

from dataclasses import replace

import pytest

from bayesmodel import exceedance, funnel, peers, rank, variance, verdicts, waterfall, what_if
from bayesmodel.testing import invented_fit

SHOWN = {
    exceedance: (lambda fit: exceedance(fit, 0.12), "kans boven 0,12", "probability above 0.12"),
    funnel: (funnel, "grenzen bij een aandeel van", "limits at a share of"),
    peers: (lambda fit: peers(fit, "WK000100", 2), "WK000100 en wat er het meest op lijkt", "what is most like it"),
    rank: (rank, "rang naar onderliggend gebruik", "rank by underlying use"),
    variance: (lambda fit: variance(fit, people=1500), "en 1.500 mensen", "and 1,500 people"),
    verdicts: (verdicts, "marge 10%", "margin 10%"),
    waterfall: (lambda fit: waterfall(fit, ["WK000100"]), "opbouw van het gebruik", "what use is made of"),
    what_if: (lambda fit: what_if(fit, by={"poverty": 1.0}), "wat als", "what if"),
}


@pytest.mark.parametrize("made", SHOWN, ids=lambda made: made.__name__)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_says_what_it_is(made, language):
    fit = invented_fit()
    report = fit.study.report.model_copy(update={"language": language})
    study = fit.study.model_copy(update={"report": report})
    fit = replace(fit, counts=replace(fit.counts, areas=replace(fit.counts.areas, study=study)))
    make, dutch, english = SHOWN[made]
    shown = make(fit)
    for text in (repr(shown), shown._repr_html_()):
        assert {"nl": dutch, "en": english}[language] in text
        assert ("-interval (" in text) == (language == "nl" and made is not funnel)
