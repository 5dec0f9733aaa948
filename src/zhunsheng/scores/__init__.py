"""Scoring, aggregation, trace, comparison, review before the reviewer. Pure."""
