"""Text that may stand in an XML part of an office file."""

import re

# XML 1.0 knows no way to write these, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with every character an office file cannot hold replaced by U+FFFD, so that the loss shows."""
    return _FORBIDDEN.sub("\ufffd", text)
