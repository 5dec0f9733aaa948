"""Signing in, people and what they hold."""
