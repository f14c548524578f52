from .fit import Fit as Fit
from .sampling import fit_model as fit_model
from .store import load_fit as load_fit
from .verdict import Verdict as Verdict
