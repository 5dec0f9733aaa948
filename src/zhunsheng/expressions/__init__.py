"""The small language of checks, filters and formulas: a documented subset of SQL, parsed, typed, rendered. Pure."""
