"""Scrapy settings. Every number has its reason beside it. Those of `_given` are environment variables, too."""

import os

from scrapy.settings import default_settings

from scraper import __version__
from scraper.garbage import search_seldom

from_environment: set[str] = set()  # names of the settings that are environment variables, too


def _given(name: str, default: str = "") -> str:
    """Returns an environment variable, and notes that it is a setting."""
    from_environment.add(name)
    return os.environ.get(name, default)


search_seldom()  # here, because this is the first module of the project that a command loads

BOT_NAME = "vietnam-government-news-archive"
SPIDER_MODULES: list[str] = []  # spiders are created from scraper/sources, one for each source
SPIDER_LOADER_CLASS = "scraper.crawl.spider_loader.SourceSpiderLoader"
COMMANDS_MODULE = "scraper.commands"

# --- paths; relative to the project -------------------------------------------------------------------
ARCHIVE = _given("ARCHIVE", "archive.db")
CAPTURES = _given("CAPTURES", "captures")
# The state of each host; empty: CAPTURES/.hosts. Archives of one machine that crawl the same hosts name the same folder.
HOSTS_FOLDER = _given("HOSTS_FOLDER")
REPLAY = _given("REPLAY")  # WARC files or folders, separated by commas, that answer every request instead of the network
SOURCES_EXTRA = _given("SOURCES_EXTRA")  # the user's own TOML files, separated by commas

REPORT_LANGUAGE = _given("REPORT_LANGUAGE")  # en, vi or both; empty: that of the locale, and both if there is none

NOW = _given("NOW")  # moves the clock, in tests and rehearsals only: 2026-12-01T02:00:00+07:00

# --- politeness --------------------------------------------------------------------------------------
# Who sends the requests, and whom to write to. CRAWLER_CONTACT (a URL or e-mail address of the operator) replaces {contact}.
USER_AGENT = f"vietnam-government-news-archive/{__version__} (research archive; contact: {{contact}})"
CRAWLER_CONTACT = _given("CRAWLER_CONTACT")
ROBOTSTXT_OBEY = True
# NukeViet's flood control, the tightest limit known, allows 40 requests in 60 s and 150 in 300 s.
DOWNLOAD_DELAY = 2.0  # s from the end of a response to the next request, if neither the source nor robots.txt requires more
DOWNLOAD_DELAY_JITTER = 0.1  # up to this share is added to a delay or a pause, so that we do not stay in step with other robots
# The queue of each host (crawl/politeness) keeps the delay and sends one request at a time, in all crawlers and processes together.
DOWNLOAD_HANDLERS = {
    "http": "scraper.crawl.politeness.download_handler.PoliteDownloadHandler",
    "https": "scraper.crawl.politeness.download_handler.PoliteDownloadHandler",
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_SLOTS = {"hosts": {"concurrency": 16, "delay": 0, "jitter": 0}}  # so that Scrapy's own delay does not add to that of the queue
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 1  # a source is one site; requests still in the queue are not sent once the site asks us to come later
DOWNLOAD_TIMEOUT = 60.0  # s; provincial servers are slow, but after a minute no answer comes any more
DOWNLOAD_VERIFY_CERTIFICATES = True  # a source whose server has a bad certificate or old TLS gets a dated exception, its key `tls`
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # the longest real page seen has 0.6 MB; more than 10 MiB is not a page
DOWNLOAD_WARNSIZE = 0
FILE_MAXSIZE = 50 * 1024 * 1024  # of a file of an article: scans of long decisions have 20 to 40 MB
# Of one source on one day: so many files need 17 minutes of a polite crawl, and a year of them 70 GB at most.
FILES_PER_DAY = 500
FILE_BYTES_PER_DAY = 200 * 1024 * 1024
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page without its end is kept, parsed and flagged; then it is requested again
COOKIES_ENABLED = False  # Scrapy's own; crawl/middlewares/cookies.py sends them if a form or a source needs them
URLLENGTH_LIMIT = 0  # Scrapy would drop a request without a word; urls.py says which URLs are too long, and that is a failure
METAREFRESH_ENABLED = False  # error pages and challenges reload themselves
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 408, 522, 524]  # 429 and 503 have their own rule below
RETRY_AFTER_DEFAULT = 30.0  # s; the first pause after a 429, 503 or time-out that states none; each in a row is twice as long: 30, 60, 120
RETRY_AFTER_MAX = 900.0  # s; if a host asks for more, by Retry-After or Crawl-delay, it gets no further request in this run
RETRY_AFTER_TIMES = 5  # stated pauses for one page; also pauses of no stated length in one run after which the page was refused again
RETRY_AFTER_REFUSALS = 3  # refusals in a row, for any pages; one more, and the host gets no further request, either
WINDOW_WAIT_MAX = 900.0  # s; the longest wait for the daily window of a source to open

# --- scrapy backfill ---------------------------------------------------------------------------------
# Requests per minute to a web archive; 0: the limits of scraper/webarchives/archives.toml. Set them only for a server of your own.
BACKFILL_QUERIES_PER_MINUTE = 0.0
BACKFILL_PAGES_PER_MINUTE = 0.0
BACKFILL_VERSIONS = 1000  # of one page in one run; a page that has more is a counter or a clock, and the rest is counted

# --- scrapy update ----------------------------------------------------------------------------------
UPDATE_AFTER_HOURS = 20.0  # a source is due so long after its last good run began: daily, and 4 hours for a cron job that begins early
UPDATE_RETRY_HOURS = 1.0  # after a run that failed; doubled after each further one, up to UPDATE_AFTER_HOURS
UPDATE_AT_ONCE = 100  # crawls side by side; nearly all of a crawl is waiting for its host, and each takes about 1 MB of memory

# --- several machines (docs/scale.md) ---------------------------------------------------------------
CLUSTER_STORE = _given("CLUSTER_STORE")  # a folder that all machines have, or s3://BUCKET/PREFIX; empty: CAPTURES/.cluster
# A worker looks twice in this time whether its hosts are still its own. Another one takes over after this and DOWNLOAD_TIMEOUT.
CLUSTER_LEASE = 30.0  # s
CLUSTER_PATIENCE = 600.0  # s; how long a shared store or a scheduler may be unreachable before the work is given up
# Each attempt at a unit ends when several workers died on it. After the last one, their pages are stored, and the source is named.
CLUSTER_ATTEMPTS = 5

# --- health -----------------------------------------------------------------------------------------
HEALTH_LIMITS = _given("HEALTH_LIMITS")  # a TOML file that replaces some limits of scraper/health/limits.toml
# Who gets a message when the state of a source changes; docs/health.md describes them. Several recipients are separated by commas.
HEALTH_MAIL_TO = _given("HEALTH_MAIL_TO")
HEALTH_MAIL_FROM = _given("HEALTH_MAIL_FROM")  # empty: the first of HEALTH_MAIL_TO
HEALTH_SMTP_HOST = _given("HEALTH_SMTP_HOST")
HEALTH_SMTP_PORT = _given("HEALTH_SMTP_PORT", "25")
HEALTH_SMTP_SECURITY = _given("HEALTH_SMTP_SECURITY", "none")  # none, starttls or tls
HEALTH_SMTP_USER = _given("HEALTH_SMTP_USER")
HEALTH_SMTP_PASSWORD = _given("HEALTH_SMTP_PASSWORD")
HEALTH_SLACK_TOKEN = _given("HEALTH_SLACK_TOKEN")
HEALTH_SLACK_TO = _given("HEALTH_SLACK_TO")
HEALTH_SLACK_API = _given("HEALTH_SLACK_API")  # empty: that of slack.com
HEALTH_TELEGRAM_TOKEN = _given("HEALTH_TELEGRAM_TOKEN")
HEALTH_TELEGRAM_TO = _given("HEALTH_TELEGRAM_TO")
HEALTH_TELEGRAM_API = _given("HEALTH_TELEGRAM_API")  # empty: that of telegram.org
HEALTH_WEBHOOK = _given("HEALTH_WEBHOOK")  # a URL that gets the message as JSON by POST

# --- Scrapy's own ------------------------------------------------------------------------------------
COMPRESSION_ENABLED = False  # the capture keeps the bytes as sent; crawl/middlewares/capture.py decodes them for the reader
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "vi,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
TWISTED_DNS_RESOLVER = "scraper.crawl.private_addresses.PublicAddressResolver"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scraper.crawl.middlewares.hosts.HostMiddleware": 50,  # replaces Scrapy's own, which allows subdomains
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scraper.crawl.middlewares.robots.RobotsMiddleware": 100,  # replaces Scrapy's own, which crawls on if robots.txt does not come
    "scraper.crawl.middlewares.refusals.RefusalMiddleware": 560,  # closer to the server than Scrapy's retry (550)
    "scraper.crawl.middlewares.conditional.ConditionalMiddleware": 570,
    "scraper.crawl.middlewares.cookies.CookieJarMiddleware": 700,
    "scraper.crawl.middlewares.capture.CaptureMiddleware": 950,  # sees each response before all other middlewares
    "scraper.crawl.replay.middleware.ReplayMiddleware": 990,  # answers instead of the server
    "scraper.crawl.backfill.middleware.WebArchiveMiddleware": 991,  # the same, if a web archive is queried
}
# Two of Scrapy's would open a port over which code can be run. They are not named at all: to switch one off, Scrapy loads it, which takes
# 0.1 s for the remote control.
_PORTS = ("scrapy.extensions.telnet.TelnetConsole", "scrapy.extensions.remote_control.RemoteControl")
EXTENSIONS_BASE = {name: order for name, order in default_settings.EXTENSIONS_BASE.items() if name not in _PORTS}
EXTENSIONS = {"scraper.crawl.progress_bar.ProgressBar": 10}
WARN_ON_GENERATOR_RETURN_VALUE = False  # it would parse the source code of a callback again for every response
CONCURRENT_ITEMS = 8  # the default of 100 starts 100 tasks per response, measured as 48 to 79 % slower
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # list pages are requested in their order
SCHEDULER_DISK_QUEUE = "scrapy.squeues.PickleFifoDiskQueue"
LOG_LEVEL = _given("LOG_LEVEL", "WARNING")
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LOGSTATS_INTERVAL = 0
MAX_LISTINGS = 5000  # list pages per run; more means a trap, and is reported as one
MAX_SITEMAPS = 1000  # per run; a portal of 20 years with one sitemap per month in each of 4 languages has 960
MAX_SITEMAP_NESTING = 3  # sitemaps.org allows an index to name only sitemaps, not indexes; some sites nest one level more
MAX_ARTICLE_PAGES = 20  # pages per article
UNMODIFIED_DAYS = 30  # how long "not modified" (304) is believed for an article, counted from the last response that had a body
UNMODIFIED_DAYS_LISTS = 7  # the same for lists, feeds and sitemaps: a wrong 304 there hides every new article
# Known articles that a run requests again, to find edited and vanished ones. 300 are 10 minutes at 2 s each. In 300 runs a year they
# suffice for 20,000 old articles twice a year (149 in each run) and 1,000 of the last 60 days every week (143).
RECHECKS_PER_RUN = 300
WARC_ROTATE_BYTES = 1024**3  # most archives keep their files below this size

# --- scrapy captures import ----------------------------------------------------------------------------
IMPORT_PROCESSES = int(_given("IMPORT_PROCESSES", "0"))  # that read files, then parse pages; 0: one for each core
IMPORT_PART_BYTES = 64 * 1024**2  # of a large WARC file, that a process reads at a time; it is read again if it was interrupted
IMPORT_SMALL_BYTES = 32 * 1024**2  # fewer are read in one process: a new one needs a second to begin, in which 100 MB can be read
IMPORT_FEW_PAGES = 300  # fewer are parsed and stored in one process: 300 take about 5 s

# --- a recording that is crawled (REPLAY) ---------------------------------------------------------------
REPLAY_PROCESSES = int(_given("REPLAY_PROCESSES", "0"))  # one crawls, the others parse ahead; 0: one a core, at most 4
