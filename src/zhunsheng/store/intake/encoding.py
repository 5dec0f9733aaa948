"""One pass over a text file: its hash, its encoding, its lines."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 22
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """What one pass over a file tells.

    Attributes:
        sha256: of all bytes, in hexadecimal.
        encoding: Python's name of the encoding.
        skip: bytes of the mark at the beginning.
        is_exact: whether every byte can be decoded.
        lines: line feeds, plus one for a last line without.
        has_nul: whether there are NUL characters.
    """

    sha256: str
    encoding: str
    skip: int
    is_exact: bool
    lines: int
    has_nul: bool


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def look_at(path: Path) -> TextFile:
    """Read a file once.

    UTF-8 is tried first, then GB18030, the encodings that offices here use; a file that is neither is read as the
    one with fewer damaged characters, and the damaged cells are held back later.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    marked, skip = next(((name, len(mark)) for mark, name in _MARKS if head.startswith(mark)), ("", 0))
    decoder = codecs.getincrementaldecoder(marked or "utf-8")("strict")
    digest = hashlib.sha256()
    lines, last, nul, is_valid = 0, b"\n", False, True
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            lines += chunk.count(b"\n")
            nul = nul or b"\0" in chunk
            last = chunk[-1:]
            is_valid = is_valid and _decodes(decoder, chunk)
    is_valid = is_valid and _decodes(decoder, b"", final=True)
    lines += last != b"\n"
    if marked:
        return TextFile(digest.hexdigest(), marked, skip, is_valid, lines, nul)
    if is_valid:
        return TextFile(digest.hexdigest(), "utf-8", skip, True, lines, nul)
    damaged = {name: _damaged(path, name) for name in ("gb18030", "utf-8")}
    best = min(damaged, key=lambda name: damaged[name])
    return TextFile(digest.hexdigest(), best, skip, damaged[best] == 0, lines, nul)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _damaged(path: Path, encoding: str) -> int:
    """How many characters of a file cannot be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    found = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found += decoder.decode(chunk).count("\ufffd")
    return found + decoder.decode(b"", final=True).count("\ufffd")
