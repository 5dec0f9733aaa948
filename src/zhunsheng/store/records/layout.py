"""Where everything of a store lies, and how a file gets there so that it survives a crash."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Layout:
    """The directory of a store.

    Data files are named relative to it, with forward slashes, in the manifest and in every message.
    """

    root: Path

    @property
    def manifest(self) -> Path:
        """The manifest, when it is a file."""
        return self.root / "manifest.sqlite"

    @property
    def lock(self) -> Path:
        """The file whose lock makes its holder the only writer."""
        return self.root / "writer.lock"

    @property
    def readers(self) -> Path:
        """The file that long readers lock together, so that no retired file is deleted under them."""
        return self.root / "readers.lock"

    @property
    def staging(self) -> Path:
        """Half-written files; whatever lies here while nobody writes is rubbish."""
        return self.root / "staging"

    @property
    def spill(self) -> Path:
        """Where engines put what does not fit into memory."""
        return self.staging / "spill"

    def file(self, name: str) -> Path:
        """The path of a data file by its name in the manifest."""
        return self.root / name

    def make(self) -> None:
        """Create the directories of an empty store."""
        for each in ("batches", "keys", "closings", "states", "staging/spill"):
            (self.root / each).mkdir(parents=True, exist_ok=True)


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sync_file(path: Path) -> None:
    """Return only when the bytes of a file are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directories(directories: Iterable[Path]) -> None:
    """Return only when the entries of these directories are on the disk."""
    for each in sorted(set(directories)):
        sync_file(each)


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file under another name, then rename it: it is there whole or not at all."""
    temporary = path.with_name(f"{path.name}.part")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    sync_file(path.parent)
