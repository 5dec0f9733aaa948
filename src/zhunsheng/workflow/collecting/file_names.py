"""Names of uploaded files, made safe to show, to save and to download."""

import re
import unicodedata

LONGEST = 120
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_SPACES = re.compile(r"\s+")
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def safe_name(name: str, ending: str = "") -> str:
    """The last part of a name without anything a file system, a page or an eye could be tricked by.

    Characters that do not show, among them those that turn the direction of writing round, are taken out.

    Args:
        name: as the sender's browser gave it.
        ending: what the name must end with, such as ".pdf", because the content says so.

    >>> safe_name("../../佐证.pdf", ".pdf")
    '佐证.pdf'
    >>> safe_name("发票.exe", ".pdf")
    '发票.exe.pdf'
    """
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(char for char in last if unicodedata.category(char)[0] != "C" or char == "\t")
    tidy = _SPACES.sub(" ", _FORBIDDEN.sub("_", seen)).strip(" .")
    if not tidy or _DEVICE.match(tidy):
        tidy = f"文件{tidy}" if tidy else "文件"
    if ending and not tidy.lower().endswith(ending):
        tidy = f"{tidy}{ending}"
    if len(tidy) <= LONGEST:
        return tidy
    stem, dot, last_part = tidy.rpartition(".")
    kept = f"{dot}{last_part}" if dot and len(last_part) <= 8 else ""
    return (stem if kept else tidy)[: LONGEST - len(kept)] + kept
