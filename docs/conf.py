"""How the documentation is built: `make docs`."""

import os
import sys
from functools import partial
from pathlib import Path

from jupyter_cache.executors import utils

import bayesmodel

# Notebooks run in processes of their own, which take this over: plain English, and no colours or bars in their output.
os.environ["BAYESMODEL_LANGUAGE"] = "en"
os.environ["NO_COLOR"] = "1"
# ... and find the program `bayesmodel` of this very environment.
os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))

# A program's output comes in pieces of a hundred letters; they are put together before they are shown.
utils.executenb = partial(utils.executenb, coalesce_streams=True)

project = "bayesmodel"
author = "The bayesmodel maintainers"
version = release = bayesmodel.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.mathjax", "numpydoc"]
exclude_patterns = ["_build", "_templates", "**/.ipynb_checkpoints", "notebooks/results"]
templates_path = ["_templates"]
default_role = "literal"  # `name` in a docstring is code

autosummary_generate = True
autodoc_typehints = "none"  # the numpydoc cards give them, with dims and units
numpydoc_show_class_members = False

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "force"  # a stored page would hide what a change of the package did
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_render_markdown_format = "myst"  # tables too

html_theme = "pydata_sphinx_theme"
html_title = "bayesmodel"
html_static_path = ["_static"]
html_css_files = ["house.css"]
html_show_sourcelink = False
html_theme_options = {
    "header_links_before_dropdown": 5,
    "navbar_persistent": ["search-button"],
    "navbar_end": ["theme-switcher"],
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"index": []}
project_copyright = "the bayesmodel maintainers; licence EUPL-1.2"
