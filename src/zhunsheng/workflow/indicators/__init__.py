"""Indicators from records: values computed once and kept, the records behind each number, targets beside them."""
