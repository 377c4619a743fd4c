"""Several machines: workers crawl and parse, and one process writes the archive. docs/scale.md describes it.

A worker crawls a source as `scrapy crawl` does, into a scratch archive of its own, and hands over each answer of a server before it sends
the next request. The writer runs the same crawl again over these answers, into archive.db.
"""
