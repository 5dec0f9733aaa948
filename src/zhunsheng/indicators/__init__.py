"""Indicator definitions and targets. Pure."""
