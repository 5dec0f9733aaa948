"""Whole numbers that forms and addresses send: anybody can write anything there."""


def number_sent(text: str | None, digits: int = 9) -> int | None:
    """A whole number of at most so many digits; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= digits else None


def revision_sent(text: str | None) -> int:
    """The revision of what a person has seen; -1, which nothing has, for anything else."""
    found = number_sent(text)
    return -1 if found is None else found


def year_sent(text: str | None) -> int | None:
    """A year of four digits; None for anything else."""
    return number_sent(text) if text and len(text) == 4 else None
