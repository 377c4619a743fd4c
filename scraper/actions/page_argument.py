"""Finds the page that `probe` and `fixture` examine: a URL, a saved file or a source."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from scraper import clock
from scraper.crawl.single_page import page_from_file, page_from_recording, page_from_web
from scraper.model import Capture, Source, UserError
from scraper.paths import project_paths
from scraper.sources import find, home_page, in_force, is_inside, load, made_up, recordings
from scraper.two_languages import Message


def load_page(target: str, opts: argparse.Namespace, settings: BaseSettings) -> tuple[Capture, Source]:
    """Returns the page that a target names, and its source. If no source is known, one is made up for the page."""
    sources = load(project_paths(settings.get("SOURCES_EXTRA")), live=not settings.get("REPLAY"))
    limit = settings.getint("DOWNLOAD_MAXSIZE")
    captured = _moment(opts.captured)
    if target.startswith(("http://", "https://")) or (target in sources and not Path(target).exists()):
        url = home_page(sources[target]) if target in sources else target
        source = sources.get(target) or _source_of(url, sources.values(), clock.now())
        paths = recordings(source, settings.get("REPLAY"))
        return (page_from_recording(paths, url, limit) if paths else page_from_web(url, source, settings)), source
    if not Path(target).is_file():
        if "/" in target or Path(target).suffix in (".html", ".htm"):
            raise UserError(
                Message(
                    f"{target}: is not a file; check the path, or give a URL that begins with https://",
                    f"{target}: không phải tệp; hãy kiểm tra đường dẫn, hoặc ghi URL bắt đầu bằng https://",
                )
            )
        find(sources, target)  # raises an error with the most similar names
    capture = page_from_file(Path(target), opts.url, captured, limit)
    return capture, _source_of(capture.url, sources.values(), capture.captured_at)


def _source_of(url: str, sources: Iterable[Source], at: datetime) -> Source:
    """Returns the source to which a URL belongs, if there are several the one that was in force then, else one made up for the URL."""
    unknown = made_up(url)
    found = [source for source in sources if unknown.name in source.hosts and is_inside(source, url)]
    day = at.astimezone(clock.VIETNAM).date()
    return next((source for source in found if in_force(source, day)), found[-1] if found else unknown)


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(
            Message(
                f"--captured {text}: is not a time; write it like 2026-02-01 or 2026-02-01T08:00:00Z",
                f"--captured {text}: không phải là thời điểm; hãy viết như 2026-02-01 hoặc 2026-02-01T08:00:00Z",
            )
        ) from None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo else moment and moment.replace(tzinfo=UTC)
