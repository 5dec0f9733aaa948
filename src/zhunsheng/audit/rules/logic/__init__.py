"""What cannot be, whatever the arithmetic says."""
