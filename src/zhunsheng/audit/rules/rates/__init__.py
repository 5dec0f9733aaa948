"""Rates, shares, growth and formulas."""
