"""Values, places, problems: what every other package is built from. Standard library only."""
