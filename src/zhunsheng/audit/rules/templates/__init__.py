"""Text and figures that belong to another document."""
