"""Making a year public: what may be seen, what stands in the way, the copy that is shown."""
