"""Files of query results: CSV, JSON lines, Excel, Parquet and Atom, each with a manifest. The web pages and `scrapy export` use it."""
