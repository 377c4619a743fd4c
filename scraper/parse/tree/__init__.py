"""Stage 2: the page tree, the quick check of selectors before a search in it, and what is said about single elements: hidden, link to a file,
broken entity."""
