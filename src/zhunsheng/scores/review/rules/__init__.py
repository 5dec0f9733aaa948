"""One module per rule; each has CODE and check()."""
