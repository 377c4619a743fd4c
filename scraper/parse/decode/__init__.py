"""Stage 1: turns the bytes of a page into text: encodings, and fonts of the time before Unicode."""
