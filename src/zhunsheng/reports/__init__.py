"""Reports and forms as trees of sections, tables and number references. Pure."""
