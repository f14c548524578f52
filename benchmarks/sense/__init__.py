"""Input that parses and makes no sense, made on purpose: one file per kind, each with near misses that must pass."""
