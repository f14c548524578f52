"""The built-in example country: invented, seeded, with a known truth. Nothing of it is copied from a real place."""

from bayesmodel.example.polygons import example_polygons
from bayesmodel.example.published import example_areas, example_study, published_areas, small_world
from bayesmodel.example.truth import ExampleTruth, draw_counts, draw_effects, example_truth

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
