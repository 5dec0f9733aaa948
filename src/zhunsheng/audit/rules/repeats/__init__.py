"""The same fact stated twice."""
