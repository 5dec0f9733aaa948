"""Exit codes and the exception for trouble in the surroundings."""

CLEAN, FINDINGS, WRONG_USE, SURROUNDINGS = 0, 1, 2, 3


class Surroundings(Exception):  # noqa: N818 - named by what it is
    """Something outside the program is in the way: a file that cannot be written, a missing font."""
