"""Crawling a recording instead of a site: the setting REPLAY, or the key `replay` of a source."""
