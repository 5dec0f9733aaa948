"""Bodies, their tree and areas. Pure."""
