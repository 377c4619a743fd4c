"""Parses kept captures again, and draws the conclusions that need all articles of a source after a run.

`conclusions` is what a crawl calls. The other modules are those of `scrapy reparse`: `selection` says which captures, `parsing` parses
one, `worker_processes` has many parsed side by side by processes that run `worker`, `storing` stores a result, `differences` compares
with what is stored, `progress` remembers how far a killed one was, and `job` joins them.
"""
