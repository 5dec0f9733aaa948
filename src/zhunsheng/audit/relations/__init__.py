"""Relations between figures that several rules read: sums, rates, scored items, listed things."""
