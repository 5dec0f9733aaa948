"""The web application: pages, interface for programs, server."""
