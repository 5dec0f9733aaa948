"""Reading office files, web pages, PDF and text into documents for the audit."""
