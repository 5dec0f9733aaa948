"""The database: what people decided. Django models only; changes go through `workflow`."""
