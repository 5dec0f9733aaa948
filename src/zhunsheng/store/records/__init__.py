"""The record store (记录库): append-only versions in immutable Parquet files, listed in a transactional manifest.

Described in `docs/record-store.md`. Readers start at `record_store`, `reading`; writers at `writing`.
"""
