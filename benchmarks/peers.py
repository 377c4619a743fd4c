"""Runs another extractor in its own environment: `peers/bin/python benchmarks/peers.py NAME`, started by benchmarks.pages --peers.

It reads lines of JSON (html, url) and answers each with a line of JSON (title, day, body, cpu). It imports nothing from this project.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
import time
from datetime import datetime, timedelta, timezone
from importlib import import_module
from typing import Any

VIETNAM = timezone(timedelta(hours=7))


def _moment(value: Any) -> str:
    """Returns a date in Vietnamese time, with its minute. A midnight counts as a day only, since it mostly means that no time is known."""
    if isinstance(value, datetime):
        value = (value.astimezone(VIETNAM) if value.tzinfo is not None else value).isoformat()
    return str(value or "")[:16].replace(" ", "T").removesuffix("T00:00")


def extract(name: str, html: str, url: str) -> dict[str, Any]:
    """Returns title, day and body as the extractor `name` finds them."""
    if name == "trafilatura":
        found = import_module("trafilatura").bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        values = found.as_dict() if found is not None else {}
        return {"title": values.get("title") or "", "day": values.get("date") or "", "body": values.get("text") or ""}
    if name == "htmldate":
        return {"day": _moment(import_module("htmldate").find_date(html, url=url, original_date=True, outputformat="%Y-%m-%dT%H:%M"))}
    if name == "newspaper4k":
        article = import_module("newspaper").Article(url, language="vi", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return {"title": article.title or "", "day": _moment(article.publish_date), "body": article.text or ""}
    article = import_module("newsplease").NewsPlease.from_html(html, url=url)
    return {"title": article.title or "", "day": _moment(article.date_publish), "body": article.maintext or ""}


def _offline(*_: object, **__: object) -> Any:
    raise OSError("nothing is fetched: the page is all that an extractor may read")


def main() -> None:
    """Answers each line of standard input."""
    logging.disable(logging.CRITICAL)
    socket.getaddrinfo = _offline
    answers, sys.stdout = sys.stdout, sys.stderr  # some extractors print to standard output
    for line in sys.stdin:
        request = json.loads(line)
        began = time.process_time()
        try:
            answer = extract(sys.argv[1], request["html"], request["url"])
        except Exception:  # noqa: BLE001 - whatever an extractor raises, it read nothing
            answer = {}
        print(json.dumps(answer | {"cpu": time.process_time() - began}), file=answers, flush=True)


if __name__ == "__main__":
    main()
