"""Review before the reviewer: target quality and reviewer's rules, with the points at risk. Pure."""
