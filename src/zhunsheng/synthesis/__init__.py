"""The generated city: a synthetic year of records, calibrated to printed figures and marked as synthetic everywhere."""
