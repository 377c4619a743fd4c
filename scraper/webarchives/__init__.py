"""Web archives of others: the questions that they answer, their answers, and what a replayed page must be to count as a capture. Pure.

`archives.toml` names the known archives with their limits. A dialect is how an archive lists its captures: that of the Internet Archive
(CDX as an array of arrays, with resume keys), that of pywb (CDXJ), and that of Common Crawl (one index for each crawl, answers in pages).
"""
