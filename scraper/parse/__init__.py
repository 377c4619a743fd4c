"""Parses pages. Pure: bytes in, values out; no network, no clock, no database."""

from scraper.parse.page_reader import read_page

__all__ = ["read_page"]
