"""Reads and writes WARC files, and serves recordings from them. This package does not know the archive."""
