"""Fixtures that several rooms use."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from bayesmodel.messages import choose_language

# Tests read messages in English, whatever the language of the machine.
os.environ["BAYESMODEL_LANGUAGE"] = "en"

# The same examples on every machine, and no deadline: a machine shared with others is slow now and then.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("house")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _language_of_the_environment():
    """A language that a test chose is forgotten after it."""
    yield
    choose_language(None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input data beside the project; it is not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("the real input data are not beside this checkout (../shared/data)")
    return SHARED
