"""The general rules: they extract an article from a page that no layout matches, and decide if a page of unknown layout is an article.

`generic_reader` calls the other modules in their order: blocks of text, title, lists, dates, body, classification, author.
"""
