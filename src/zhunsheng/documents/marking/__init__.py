"""Showing the findings of an audit in the original document."""
