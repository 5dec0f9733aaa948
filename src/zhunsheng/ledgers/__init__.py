"""Ledger definitions, field types, validators, record checks. Pure."""
