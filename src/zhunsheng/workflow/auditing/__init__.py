"""Auditing documents: uploading, the work itself, accepting what was found."""
