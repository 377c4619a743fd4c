"""Finds the page that `probe` and `fixture` examine: a URL, a saved file or a source."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from scraper.crawl.single_page import page_from_file, page_from_recording, page_from_web
from scraper.crawl.user_agent import user_agent
from scraper.model import Capture, Source, UserError
from scraper.paths import project_paths
from scraper.sources import find, load, made_up, recordings


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say where a saved page came from, and how to parse it."""
    parser.add_argument("--url", metavar="URL", help="the URL of a saved file")
    parser.add_argument("--captured", metavar="TIME", help="when it was saved (YYYY-MM-DD or ISO 8601); default: the time of the file")
    parser.add_argument("--generic", action="store_true", help="use only the general rules, as if no layout fitted")


def load_page(target: str, opts: argparse.Namespace, settings: BaseSettings) -> tuple[Capture, Source]:
    """Returns the page that a target names, and its source. If no source is known, one is made up for the page."""
    sources = load(project_paths(settings.get("SOURCES_EXTRA")))
    limit = settings.getint("DOWNLOAD_MAXSIZE")
    captured = _moment(opts.captured)
    if target.startswith(("http://", "https://")) or (target in sources and not Path(target).exists()):
        url = sources[target].site + "/" if target in sources else target
        source = sources.get(target) or _source_of(url, sources.values())
        paths = recordings(source, settings.get("REPLAY"))
        return (page_from_recording(paths, url, limit) if paths else page_from_web(url, source.hosts, user_agent(settings), limit)), source
    if not Path(target).is_file():
        if "/" in target or Path(target).suffix in (".html", ".htm"):
            raise UserError(f"{target}: is not a file; check the path, or give a URL that begins with https://")
        find(sources, target)  # raises an error with the most similar names
    capture = page_from_file(Path(target), opts.url, captured, limit)
    return capture, _source_of(capture.url, sources.values())


def _source_of(url: str, sources: Iterable[Source]) -> Source:
    """Returns the source that lists the host of a URL, else one made up for it."""
    unknown = made_up(url)
    return next((source for source in sources if unknown.name in source.hosts), unknown)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"--captured {text}: is not a time; write it like 2026-02-01 or 2026-02-01T08:00:00Z") from None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo else moment and moment.replace(tzinfo=UTC)
