"""Scrapy settings. Every number has its reason beside it; those that ask os.environ are environment variables too."""

import os

BOT_NAME = "vietnam-government-news-archive"
SPIDER_MODULES: list[str] = []  # spiders are made from scraper/sources, one a source
SPIDER_LOADER_CLASS = "scraper.spiders.loader.SourceSpiderLoader"
COMMANDS_MODULE = "scraper.commands"

# --- where things lie; relative to the project -----------------------------------------------------
ARCHIVE = os.environ.get("ARCHIVE", "archive.db")
CAPTURES = os.environ.get("CAPTURES", "captures")
REPLAY = os.environ.get("REPLAY", "")  # WARC files or folders, parted by commas, to answer every request from
SOURCES_EXTRA = os.environ.get("SOURCES_EXTRA", "")  # TOML files of a user's own, parted by commas

# --- politeness --------------------------------------------------------------------------------------
# Who asks, and whom to write to: {contact} becomes CRAWLER_CONTACT, an address or a mailbox of the operator.
USER_AGENT = "vietnam-government-news-archive/0.1 (research archive; contact: {contact})"
CRAWLER_CONTACT = os.environ.get("CRAWLER_CONTACT", "")
ROBOTSTXT_OBEY = True
# NukeViet's flood control, the tightest limit known, allows 40 requests in 60 s and 150 in 300 s.
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.5  # 0.5 to 1.5 times the delay, so that we never beat in time with other robots
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 1  # a source is one site: what waits in line has not been sent when the site asks us to come later
DOWNLOAD_TIMEOUT = 60  # provincial servers are slow; a minute without an answer is none
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # the longest real page seen is 0.6 MB; beyond 10 MiB it is no page
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page whose end is missing is kept, read and marked; then it is requested again
COOKIES_ENABLED = False  # no platform needs them; some pin theme or language by cookie
METAREFRESH_ENABLED = False  # error pages and challenges reload themselves
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 408, 522, 524]  # 429 and 503 have a rule of their own below
RETRY_AFTER_DEFAULT = 60  # s; NukeViet's own value, where a 429 or 503 names none
RETRY_AFTER_MAX = 900  # s; a host that asks for more, by Retry-After or by Crawl-delay, gets no further request in this run
RETRY_AFTER_TIMES = 5  # waits for one page; also waits of a length that the host did not name, in one run
RETRY_AFTER_REFUSALS = 10  # in a row, of any pages: then the host is left alone, too

# --- Scrapy's own ------------------------------------------------------------------------------------
COMPRESSION_ENABLED = False  # the capture keeps the bytes as sent; fetch/capture.py undoes the encoding for the reader
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
TWISTED_DNS_RESOLVER = "scraper.fetch.resolver.PublicAddressResolver"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scraper.fetch.hosts.HostMiddleware": 50,  # in the place of Scrapy's, which lets subdomains through
    "scraper.fetch.retry_after.RetryAfterMiddleware": 560,  # nearer the server than Scrapy's retry (550)
    "scraper.fetch.conditional.ConditionalMiddleware": 570,
    "scraper.fetch.crawl_delay.CrawlDelayMiddleware": 940,
    "scraper.fetch.capture.CaptureMiddleware": 950,  # sees each response before anything else does
    "scraper.fetch.replay.ReplayMiddleware": 990,  # in the place of the server
}
EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scraper.fetch.progress.Progress": 10,
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # it would open a port that runs code
WARN_ON_GENERATOR_RETURN_VALUE = False  # it parses the source of a callback anew for every response
CONCURRENT_ITEMS = 8  # the default of 100 starts 100 tasks a response: measured 48 to 79 % slower
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # pages of a list in their order
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"
LOG_LEVEL = os.environ.get("LOG_LEVEL", "WARNING")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOGSTATS_INTERVAL = 0
MAX_LISTINGS = 5000  # pages of lists a run; more is a trap, and is reported as one
MAX_SITEMAPS = 1000  # a run; a portal of 20 years with one sitemap a month in each of 4 languages has 960
MAX_SITEMAP_NESTING = 3  # sitemaps.org allows an index to name sitemaps, not indexes; some sites nest one more
MAX_ARTICLE_PAGES = 20  # pages of one article
UNMODIFIED_DAYS = 30  # how long "not modified" (304) is believed for an article, counted from the last response with a body
UNMODIFIED_DAYS_LISTS = 7  # the same for lists, feeds and sitemaps: a wrong 304 there hides every new article
WARC_ROTATE_BYTES = 1024**3  # the size that most archives keep their files under
