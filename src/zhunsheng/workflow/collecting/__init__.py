"""Collecting the actual values of a year: who owes which, what was reported, what proves it."""
