"""Reports for readers who run no program: the map page, with the joint posterior inside it."""

from bayesmodel.report.map_page import MapPage, map_page

__all__ = ["MapPage", "map_page"]
