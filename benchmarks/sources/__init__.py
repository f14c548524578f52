"""A local server that speaks both protocols of CBS, invented tables of CBS's shape, and faults of the protocol."""
