"""Parts and wholes."""
