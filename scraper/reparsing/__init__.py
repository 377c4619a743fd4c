"""Parses kept captures again, and draws the conclusions that need all articles of a source after a run.

`conclusions` is what a crawl calls. The other modules are those of `scrapy reparse`: `selection` says which captures, `parsing` parses one,
`worker_processes` parses many side by side, `differences` compares with what is stored, `progress` remembers how far a killed one was, and
`job` joins them.
"""

from scraper.reparsing.conclusions import conclude, parse_unparsed, reparse_stored

__all__ = ["conclude", "parse_unparsed", "reparse_stored"]
