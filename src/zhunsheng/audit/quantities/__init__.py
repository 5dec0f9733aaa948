"""Numerals in running text: value, unit, hedge, role."""
