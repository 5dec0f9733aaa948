"""Wiring: pure packages put together with what reads and writes files, for every kind of program."""
