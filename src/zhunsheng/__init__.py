"""准绳: budget performance of public bodies, with every number traceable to a record."""

__version__ = "0.1.0"
