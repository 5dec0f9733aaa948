"""Readers and writers of office formats."""
