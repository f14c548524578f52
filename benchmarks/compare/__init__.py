"""Side by side: `python -m benchmarks.compare` runs this package and its peers on the same data and models."""
