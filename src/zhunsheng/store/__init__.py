"""Files of definitions and cases: reading and writing, no meaning."""
