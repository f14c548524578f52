"""The unplaced share: a proper distribution, learned from others only, and what a total tells of those placed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import expit, logit

from bayesmodel.data import Status
from bayesmodel.data.codes import COLUMNS
from bayesmodel.data.totals import GroupTotal, interpret_totals, totals_in_model
from bayesmodel.model.unplaced_share import UnplacedShare, aside_chances, placed_before, unplaced_share
from bayesmodel.testing import invented_fit


def counts_with(totals, unplaced="estimated", areas=48, use=True, **publication):
    """Counts of the invented world with totals of gemeenten by code: a number, or (number, aside...)."""
    counts = invented_fit("poisson", areas=areas).counts
    study = counts.study.model_copy(
        update={
            "totals": counts.study.totals.model_copy(update={"unplaced": unplaced, "use": use}),
            "publication": counts.study.publication.model_copy(update=publication),
        }
    )
    rows = [["gemeente", code, code, str(total), np.nan, 0.0, 0.0, 0.0] for code, total in totals.items()]
    table = replace(counts.areas, study=study, totals=pd.DataFrame(rows, columns=COLUMNS))
    return replace(counts, areas=table, totals=interpret_totals(table, counts.lower, counts.upper))


def gemeenten(counts):
    """Least and most that each gemeente counts in its wijken, by code."""
    codes = counts.areas.levels["gemeente"].to_numpy()
    frame = pd.DataFrame({"lower": counts.lower, "upper": counts.upper}).groupby(codes).sum()
    return frame.astype(int)


def simulated(mean=-2.0, sd=0.6, seed=1, areas=720):
    """Totals of a world in which the logit of the unplaced share is normal."""
    counts = invented_fit("poisson", areas=areas).counts
    rng, sums = np.random.default_rng(seed), gemeenten(counts)
    placed = rng.integers(sums["lower"], np.minimum(sums["upper"], sums["lower"] + 9) + 1)
    share = expit(rng.normal(mean, sd, len(sums)))
    return dict(zip(sums.index, placed + rng.negative_binomial(placed + 1, 1 - share), strict=True)), areas


def share_of(total, share, rate=0.1):
    """A group of one share with a total of bounds."""
    group = GroupTotal("GM0001", np.arange(3), total)
    return UnplacedShare("gemeente", (group,), (np.array([logit(share)]),), (np.zeros(1),), (0.0, 0.0), rate)


def test_totals_over_all_they_can_be_add_up_to_one():
    sums = [np.exp(share_of((total, total), 0.2).log_evidence(0, np.array([40]))) for total in range(40, 400)]
    assert np.sum(sums) == pytest.approx(1, abs=1e-9)


def test_it_is_the_negative_binomial_that_binomial_placing_gives():
    placed, total, share = np.arange(30, 101), 100, 0.3
    joint = stats.binom.pmf(placed, total, 1 - share)  # of each total, all totals as likely beforehand
    found = np.exp(share_of((total, total), share).log_evidence(0, placed))
    assert found / found.sum() == pytest.approx(joint / joint.sum(), rel=1e-9)


def test_with_nobody_unplaced_only_the_total_itself_is_possible():
    found = share_of((10, 12), 0.0).log_evidence(0, np.arange(8, 15))
    assert np.exp(found).tolist() == [0, 0, 1, 1, 1, 0, 0]


def test_more_than_the_total_cannot_be_placed():
    assert share_of((10, 10), 0.2).log_evidence(0, np.array([11]))[0] == -np.inf


def test_a_wider_total_is_never_less_probable():
    placed = np.arange(50, 101)
    narrow, wide = (share_of(total, 0.2).log_evidence(0, placed) for total in ((98, 102), (95, 105)))
    assert (wide >= narrow - 1e-12).all()


def test_mean_and_sd_are_found_again():
    totals, areas = simulated()
    found = unplaced_share(counts_with(totals, areas=areas))
    assert found.typical[0] == pytest.approx(-2.0, abs=0.2)
    assert found.typical[1] == pytest.approx(0.6, abs=0.15)


def test_a_group_is_judged_by_the_others():
    """The own total does not move what is known of its share beforehand."""
    totals, areas = simulated()
    code = "GM0001"  # all of its wijken have a count, so that its total does tell of shares
    both = [unplaced_share(counts_with(totals | {code: int(times * totals[code])}, areas=areas)) for times in (1, 1.3)]
    assert both[0].typical != both[1].typical
    index = [group.group for group in both[0].groups].index(code)
    nodes = [found.nodes[index] for found in both]
    at = np.linspace(max(each[0] for each in nodes), min(each[-1] for each in nodes), 20)
    first, second = (
        np.interp(at, each, found.log_weights[index] - np.log(each[1] - each[0]))
        for each, found in zip(nodes, both, strict=True)
    )
    assert at[-1] > at[0]
    assert first == pytest.approx(second, abs=0.02)


def test_one_total_alone_leaves_its_share_to_the_prior():
    (only,) = [g for g in unplaced_share(counts_with({"GM0002": 260})).groups if g.total is not None]
    found = unplaced_share(counts_with({"GM0002": 260}))
    placed, chances = placed_before(counts_with({}), replace(only, total=None), found.rate)
    sums = placed + np.arange(len(chances))
    index = [g.group for g in found.groups].index("GM0002")
    evidence = found.log_evidence(index, sums)
    assert np.ptp(evidence[np.isfinite(evidence)]) < 3  # a total that nothing is compared with tells little of sums


def test_a_known_share_is_that_everywhere():
    found = unplaced_share(counts_with({"GM0002": 300}, unplaced=0.2))
    assert all(expit(at).tolist() == [pytest.approx(0.2)] for at in found.nodes)


@pytest.mark.parametrize("setting", [{"use": False}, {}])
def test_no_totals_no_model(setting):
    totals = {"GM0002": 300} if setting else {}
    assert unplaced_share(counts_with(totals, **setting)) is None


def test_the_level_in_the_model_has_totals_of_most_areas_and_of_several_such_the_most_groups():
    counts = counts_with(dict.fromkeys((f"GM{number:04d}" for number in range(1, 17)), 500))
    regions = counts.areas.levels["regio"]
    of_region = counts.totals.iloc[:1].assign(level="regio")

    def chosen(totals, codes):
        rows = [of_region.assign(group=code, code=code, lower=9000.0, upper=9000.0) for code in codes]
        return totals_in_model(replace(counts, totals=pd.concat([totals, *rows], ignore_index=True)))[0]

    assert chosen(counts.totals, sorted(set(regions))) == "gemeente"
    assert chosen(counts.totals.iloc[:1], sorted(set(regions))) == "regio"
    assert chosen(counts.totals.iloc[:1], [regions.iloc[0]]) == "regio"
    assert chosen(counts.totals, [regions.iloc[0]]) == "gemeente"


def test_a_total_below_its_areas_is_not_used():
    counts = counts_with({"GM0002": 1, "GM0005": 500})
    _level, groups = totals_in_model(counts)
    assert [group.group for group in groups if group.total is not None] == ["GM0005"]


def test_a_total_below_its_areas_with_those_left_out_is_not_used():
    counts = counts_with({"GM0002": 500, "GM0005": 500})
    left_out = counts.totals["aside_lower"].where(counts.totals["group"] == "GM0002", 500.0)
    _level, groups = totals_in_model(replace(counts, totals=counts.totals.assign(aside_lower=left_out)))
    assert [group.group for group in groups if group.total is not None] == ["GM0002"]


def test_draws_add_up_to_the_total_and_without_one_follow_the_others():
    totals, areas = simulated()
    rng = np.random.default_rng(1)
    found = unplaced_share(
        counts_with({code: total for code, total in totals.items() if code != "GM0003"}, areas=areas)
    )
    known = [group.group for group in found.groups].index("GM0002")
    placed = np.full(500, totals["GM0002"] - 7)
    unplaced, share = found.draw(known, placed, rng)
    assert (unplaced + placed == totals["GM0002"]).all()
    assert ((share > 0) & (share < 1)).all()
    index = [group.group for group in found.groups].index("GM0003")
    unplaced, share = found.draw(index, np.full(20_000, 100), rng)
    assert logit(share).mean() == pytest.approx(found.typical[0], abs=0.1)
    assert (unplaced / (unplaced + 100)).mean() == pytest.approx(share.mean(), abs=0.02)


def test_what_is_placed_before_the_model_is_a_distribution():
    counts = counts_with({"GM0001": 150})
    group = totals_in_model(counts)[1][0]
    lowest, chances = placed_before(counts, group, 0.115)
    rows = group.rows
    assert lowest == counts.lower[rows].sum()
    assert chances.sum() == pytest.approx(1)
    assert len(chances) == 1 + (np.minimum(counts.upper[rows], 150) - counts.lower[rows]).sum()
    assert Status.SUPPRESSED in counts.status[rows]


def test_areas_left_out_count_within_their_bounds():
    lowest, chances = aside_chances(GroupTotal("GM0001", np.arange(1), None, (3, 9, 50.0)), 0.1)
    k = np.arange(3, 10)
    assert lowest == 3
    assert chances == pytest.approx(stats.poisson.pmf(k, 5) / stats.poisson.pmf(k, 5).sum())
