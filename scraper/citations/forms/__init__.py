"""The values that make up a citation, and their normal forms: the cited span, its number, the shape of a number, issuers, dates, and the keys by
which two spellings are recognised as one. Nothing here reads the text around a citation."""
