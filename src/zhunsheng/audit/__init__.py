"""The audit: any report by anyone, every number checked. Pure: documents arrive as text with structure."""
