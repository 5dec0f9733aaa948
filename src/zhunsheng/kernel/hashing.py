"""Hashes that tie an output to what it came from."""

import hashlib


def sha256_of(content: bytes) -> str:
    """SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_parts(parts: dict[str, bytes]) -> str:
    """One hash over named parts, independent of their order in the mapping."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(f"{name}\0{len(parts[name])}\0".encode())
        digest.update(parts[name])
    return digest.hexdigest()
