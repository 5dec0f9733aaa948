"""The audit rules, one module each, by subject."""
