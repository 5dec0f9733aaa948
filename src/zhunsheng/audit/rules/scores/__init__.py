"""Scores and points."""
