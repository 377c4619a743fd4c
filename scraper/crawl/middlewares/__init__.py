"""Scrapy downloader middlewares: what happens to each request before it is sent, and to each response before the spider sees it."""
