"""From a report of last year to a draft of the year's case: what was read, each with its place."""
