"""Many fits: kept as they finish, not made twice, and one that fails or dies leaves the others alone."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from bayesmodel.batch.collection import FitCollection, load_many
from bayesmodel.batch.fit_store import FitStore
from bayesmodel.batch.runner import Pool, Task, fit_many, work_through
from bayesmodel.batch.variation import Variation
from bayesmodel.data import interpret_counts
from bayesmodel.errors import BayesModelError, OutputError, StudyError, UnknownNameError
from bayesmodel.example import example_areas
from bayesmodel.inference.sampling import fit_model
from bayesmodel.model.build import build_model
from tests.batch import deeds


def made_here(variations, folder, summary=None):
    """What `fit_many` does, in a thread of this process: quick, for what does not need others."""
    shelf, outcomes = FitStore(folder), []
    shelf.open()
    with ThreadPoolExecutor(1) as executor:
        tasks = deque(Task(variation, shelf, summary) for variation in variations)
        work_through(Pool(executor, 1, 1), tasks, outcomes.append)
    return FitCollection(folder, tuple(outcomes))


@pytest.fixture(scope="module")
def study(small_study):
    return small_study(tune=50, draws=50)


@pytest.fixture(scope="module")
def variations(study):
    """Two that go well, one that fails, one that kills its process, and one more that goes well."""
    return [
        Variation("seed 1", study, {"inference.seed": 1}),
        Variation("fails", study, mask=deeds.fail),
        Variation("dies", study, mask=deeds.die),
        Variation("poisson", study, {"model.family": "poisson"}),
        Variation("ten hidden", study, mask=partial(deeds.hide_first, number=10)),
    ]


@pytest.fixture(scope="module")
def progress_calls():
    return []


@pytest.fixture(scope="module")
def collection(variations, tmp_path_factory, progress_calls):
    """All of them, on two processes."""
    folder = tmp_path_factory.mktemp("many")
    return fit_many(variations, folder, workers=2, progress=lambda *call: progress_calls.append(call))


def test_each_variation_has_its_outcome_in_order(collection, variations):
    assert collection.names == tuple(variation.name for variation in variations)
    assert collection.frame["state"].tolist() == ["NOT converged", "failed", "failed", *["NOT converged"] * 2]


def test_errors_are_kept(collection):
    errors = collection.frame["error"]
    assert "no mask for 100 wijken" in errors["fails"]
    assert "ended without a word" in errors["dies"]
    assert [outcome.name for outcome in collection.failed] == ["fails", "dies"]
    with pytest.raises(BayesModelError, match="no mask for 100 wijken"):
        collection.fit("fails")


def test_progress_counts_every_variation_once(collection, progress_calls, variations):
    assert [done for done, _, _ in progress_calls] == [1, 2, 3, 4, 5]
    assert {outcome.name for _, _, outcome in progress_calls} == {variation.name for variation in variations}


def test_a_fit_of_many_is_the_fit_made_alone(collection, study):
    alone = study.model_copy(update={"inference": study.inference.model_copy(update={"seed": 1})})
    fit = fit_model(build_model(interpret_counts(example_areas(alone))))
    found = collection.fit("seed 1")
    for name in ("data_sha256", "seed"):
        assert found.provenance[name] == fit.provenance[name]
    # on one thread there and on all cores here: the same seed gives the same draws
    assert found.posterior.equals(fit.posterior)
    assert collection.fit("poisson").family.name == "poisson"
    assert (collection.fit("ten hidden").counts.status[:10] == "missing").all()


def test_the_list_is_on_disk(collection):
    again = load_many(collection.folder)
    assert again == collection
    assert not list(collection.folder.glob(".draft*"))
    assert repr(again).endswith("3 NOT converged, 2 failed")


def test_nothing_is_made_twice(collection, variations):
    again = made_here([variations[0], variations[4]], collection.folder)
    assert [outcome.kept for outcome in again] == [True, True]
    assert [outcome.key for outcome in again] == [collection.outcomes[0].key, collection.outcomes[4].key]


def test_another_seed_is_another_fit(collection, study):
    other = made_here([Variation("seed 1", study, {"inference.seed": 2})], collection.folder)
    assert not other.outcomes[0].kept
    assert other.outcomes[0].key != collection.outcomes[0].key


def test_only_summaries_are_kept(study, tmp_path):
    counts = interpret_counts(example_areas(study))
    both = [Variation(f"seed {seed}", counts, {"inference.seed": seed}) for seed in (1, 2)]
    collection = made_here(both, tmp_path, deeds.one_row)
    assert collection.summaries["wijken"].tolist() == [100, 100]
    assert collection.summaries.index.get_level_values("variation").tolist() == ["seed 1", "seed 2"]
    assert not list(tmp_path.rglob("*.nc"))
    with pytest.raises(BayesModelError, match="Only a summary was kept"):
        collection.fit("seed 1")
    # what is kept depends on the function: whole fits are not taken for summaries
    assert not made_here(both[:1], tmp_path).outcomes[0].kept


def test_impossible_variations_are_named_before_anything_is_made(study, tmp_path):
    counts = interpret_counts(example_areas(study))
    wrong = [
        Variation("same", study),
        Variation("same", study, {"model.famili": "poisson"}),
        Variation("late", counts, {"publication.rounded_to": 5}),
        Variation("odd", study, {"model.family": "gamma"}),
        Variation("nameless", study, mask=lambda counts: counts),
    ]
    with pytest.raises(StudyError) as caught:
        fit_many(wrong, tmp_path / "many")
    for words in (
        "5 faults",
        "Did you mean model.family",
        "the counts are read already",
        "'gamma'",
        "top of a module",
    ):
        assert words in str(caught.value)
    assert not (tmp_path / "many").exists()


def test_a_folder_with_something_else_is_left_alone(study, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds something else"):
        fit_many([Variation("one", study)], tmp_path)


def test_an_unknown_variation_is_refused(collection):
    with pytest.raises(UnknownNameError, match="Did you mean seed 1"):
        collection.fit("sed 1")


def test_fits_of_laplace_are_reopened_with_their_certificate_and_not_made_again(study, tmp_path):
    variations = [Variation("laplace", study, {"inference.engine": "laplace", "inference.draws": 100})]
    first = made_here(variations, tmp_path / "fits").outcomes[0]
    FitStore(tmp_path / "fits").write([first])
    assert first.diagnostics.certificate is not None
    assert load_many(tmp_path / "fits").outcomes == (first,)
    again = made_here(variations, tmp_path / "fits").outcomes[0]
    assert again.kept
    assert again.diagnostics == first.diagnostics
