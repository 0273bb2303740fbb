"""Gazetteer turns the news into honest, structured pages."""

__version__ = "0.1.0"
