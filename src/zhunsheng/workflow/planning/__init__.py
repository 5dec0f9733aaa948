"""Planning a year: its rows edited one by one or together, checked, sent on, approved, returned, adjusted."""
