"""Facts: what each figure speaks of, when, and with which scope."""
