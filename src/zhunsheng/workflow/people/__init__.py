"""People: accounts, what they hold where, the organisations, a person's own settings and tokens."""
