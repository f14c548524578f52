from .diagnostics import Diagnostics as Diagnostics
from .fit import Fit as Fit
from .sampling import fit_model as fit_model
from .storage import load_fit as load_fit
