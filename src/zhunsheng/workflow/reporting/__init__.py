"""The report: its free text, its versions, the work of writing it."""
