"""Decides what a page is before its fields are parsed: its platform, whether the site refused it, and its canonical URL."""
