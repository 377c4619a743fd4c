"""The archive of Vietnamese government news."""

__version__ = "0.2.0"
