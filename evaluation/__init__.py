"""Measures what ships; nothing in the package imports it."""
