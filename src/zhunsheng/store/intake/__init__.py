"""Bringing records into the store: reading files, understanding headings, checking rows, holding back what is faulty."""
