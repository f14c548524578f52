from .diagnostics import Verdict as Verdict
from .fit import Fit as Fit
from .sampling import fit_model as fit_model
from .storage import load_fit as load_fit
