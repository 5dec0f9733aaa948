"""Engines: the same requests answered by DuckDB in process or by Spark on a cluster, over the same files."""
