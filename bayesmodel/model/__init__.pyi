from .build import BuiltModel as BuiltModel
from .build import build_model as build_model
