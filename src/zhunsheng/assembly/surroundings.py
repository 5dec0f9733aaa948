"""The exception for trouble in the surroundings."""


class Surroundings(Exception):  # noqa: N818 - named by what it is
    """Something outside the program is in the way: a file that cannot be written, a missing font."""
