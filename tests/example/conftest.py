"""Countries of the example, made once."""

import pytest
from hypothesis import strategies as st

from bayesmodel.example import ExampleTruth, example_study, example_truth
from bayesmodel.study import Study


@pytest.fixture(scope="session")
def national() -> ExampleTruth:
    """The country of the default size and seed."""
    return example_truth(example_study())


@pytest.fixture(scope="session")
def province() -> ExampleTruth:
    """A country of 300 wijken."""
    return example_truth(example_study(areas=300, gemeenten=40, regions=5))


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Draw studies of small countries of any shape."""
    regions = draw(st.integers(1, 4))
    gemeenten = draw(st.integers(regions, regions + 6))
    areas = draw(st.integers(max(gemeenten, 3), gemeenten + 40))
    return example_study(areas, gemeenten, regions, draw(st.integers(0, 2**31)))


@pytest.fixture(scope="session")
def small_studies() -> st.SearchStrategy[Study]:
    """The strategy that draws studies of small countries."""
    return studies()
