"""How large files may be, as people read it."""

from django.conf import settings


def megabytes(size: int) -> str:
    """A size in MB as people read it: whole numbers, below one MB one decimal.

    >>> megabytes(200_000_000), megabytes(250_400_000), megabytes(500_000)
    ('200', '251', '0.5')
    """
    if size < 1_000_000:
        return f"{max(-(-size // 100_000), 1) / 10}"
    return str(-(-size // 1_000_000))


def largest_upload() -> str:
    """The largest file that may be uploaded, in MB."""
    return megabytes(settings.LARGEST_UPLOAD)
