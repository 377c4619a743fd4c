"""The pages and files that visitors get. Nothing is imported here: a worker process imports modules of this package, and needs neither
Datasette nor the pages, which take 60 MB of memory and most of a second.
"""
