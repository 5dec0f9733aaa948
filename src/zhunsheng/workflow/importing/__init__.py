"""Records of a bureau as people work with them: files checked and imported, batches undone, records found and exported."""
