"""The built-in example country: invented, seeded, with a known truth. Nothing of it is copied from a real place."""

from bayesmodel.sources.example.areas import example_areas, published_areas
from bayesmodel.sources.example.polygons import example_polygons
from bayesmodel.sources.example.small_world import small_world
from bayesmodel.sources.example.study import example_study
from bayesmodel.sources.example.truth import ExampleTruth, draw_counts, draw_effects, example_truth

__all__ = [
    "ExampleTruth",
    "draw_counts",
    "draw_effects",
    "example_areas",
    "example_polygons",
    "example_study",
    "example_truth",
    "published_areas",
    "small_world",
]
