"""Sources as data: one `[[source]]` block for each web site in the TOML files of this folder, and the loader that checks them."""

from scraper.sources.loader import SourceError, find, load, made_up, recordings

__all__ = ["SourceError", "find", "load", "made_up", "recordings"]
