"""What leaves for readers who run no program: the map page, and the report of a gemeente."""
