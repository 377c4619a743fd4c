"""Stage 2: the page tree, the quick check of selectors before a search in it, and the features of single elements: hidden, link to a file,
broken entity."""
