"""Uploaded and generated files on disk, named by the hash of their content."""

import os
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from zhunsheng.store.database.evidence import StoredFile

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0", "application/x-ole-storage"),
)


class TooLarge(Exception):  # noqa: N818 - the file is too large, the program is fine
    """More bytes than may be uploaded."""


def media_type_of(beginning: bytes) -> str:
    """The kind of a file by how it begins; what the sender claims is not asked."""
    for signature, found in _SIGNATURES:
        if beginning.startswith(signature):
            return found
    try:
        beginning[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain"


def keep(chunks: Iterable[bytes], largest: int | None = None) -> StoredFile:
    """Keep content; the same content is kept once.

    Raises:
        TooLarge: it is larger than allowed; nothing is kept.
    """
    root: Path = settings.FILES_DIRECTORY
    root.mkdir(parents=True, exist_ok=True)
    limit = largest or settings.LARGEST_UPLOAD
    digest, size, beginning = sha256(), 0, b""
    descriptor, staged = tempfile.mkstemp(dir=root, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for chunk in chunks:
                beginning = beginning or chunk[:512]
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        name = digest.hexdigest()
        target = path_of(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        Path(staged).replace(target)
    finally:
        Path(staged).unlink(missing_ok=True)
    found, _ = StoredFile.objects.get_or_create(
        sha256=name,
        defaults={"size": size, "media_type": media_type_of(beginning), "created": timezone.now()},
    )
    return found


def path_of(digest: str) -> Path:
    """Where the content with a hash lies.

    Raises:
        ValueError: it is no hash.
    """
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise ValueError(digest)
    root: Path = settings.FILES_DIRECTORY
    return root / digest[:2] / digest[2:]


def content_of(file: StoredFile) -> bytes:
    """The bytes of a kept file."""
    return path_of(file.sha256).read_bytes()
