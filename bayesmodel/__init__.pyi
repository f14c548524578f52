from .areas import AreaTable as AreaTable
from .counts import Counts as Counts
from .counts import Status as Status
from .counts import interpret_counts as interpret_counts
from .counts import mask as mask
from .counts import publish as publish
from .errors import BayesModelError as BayesModelError
from .estimates.difference import difference as difference
from .estimates.estimate import Estimate as Estimate
from .estimates.expected import expected as expected
from .estimates.reliability import reliability as reliability
from .estimates.use import use as use
from .inference.fit import Fit as Fit
from .model.build import BuiltModel as BuiltModel
from .model.build import build_model as build_model
from .sources import example_polygons as example_polygons
from .sources import example_study as example_study
from .sources import example_truth as example_truth
from .sources import read_areas as read_areas
from .sources import read_table as read_table
from .sources import read_workbook as read_workbook
from .study import Label as Label
from .study import Study as Study
from .study import read_study as read_study
from .study import study_from as study_from

__version__: str
