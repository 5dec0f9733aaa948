"""Stated numbers against listed items, numbering, references."""
