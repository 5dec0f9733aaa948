"""Evaluating a year: values from records, scores, reasons, and the way of the evaluation up to its freezing."""
