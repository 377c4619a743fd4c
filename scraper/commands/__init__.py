"""The commands, one module each: the options and what `--help` prints. Scrapy imports all of them for each command, so they import nothing
that takes long; `scraper/actions` does the work.
"""
