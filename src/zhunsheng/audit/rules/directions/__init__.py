"""Direction words, zero bases, ranges of values."""
