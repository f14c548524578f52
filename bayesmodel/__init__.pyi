from .areas import AreaTable as AreaTable
from .counts import Counts as Counts
from .counts import Status as Status
from .counts import interpret_counts as interpret_counts
from .counts import mask as mask
from .counts import publish as publish
from .errors import BayesModelError as BayesModelError
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
