"""What the package is measured on: evidence for its claims, each from one command."""
