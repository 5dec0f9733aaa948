"""Whether anybody has touched a line of a table of fields: by a hash of its texts as they were shown.

A line nobody touched is not written, so that it neither overtakes nor is overtaken.
"""

from collections.abc import Iterable
from hashlib import sha256


def as_shown(text: str, *, one_line: bool) -> str:
    """A text as it comes back from its field: a field of one line has lost the line breaks, no field keeps their kind.

    Spaces around it make no difference.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text.replace("\n", "") if one_line else text).strip()


def mark_of(texts: Iterable[tuple[str, bool]]) -> str:
    """The hash of texts, each with whether its field has one line."""
    folded = (as_shown(text, one_line=one_line) for text, one_line in texts)
    return sha256("\x00".join(folded).encode()).hexdigest()[:16]
