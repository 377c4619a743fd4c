"""Finds what a page leads to: links to articles and lists, later pages of a list, feeds and sitemaps."""
