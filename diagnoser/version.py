"""The version of the program; the knowledge has one of its own."""

__version__ = "0.1.0"
