"""Sites of real programs, recorded on 127.0.0.1 with our own articles (tests/recorded/README.md), crawled from their home pages only."""

from __future__ import annotations

import json
import unicodedata

import pytest

from tests.conftest import PROJECT, Place

FIRST_POST = "your first post!"  # Backdrop makes it when it is installed
RECORDED = PROJECT / "tests/recorded"


def _titles() -> list[str]:
    """Returns the titles of the articles that the sites have, the oldest first."""
    rows = [json.loads(line) for line in (PROJECT / "samples/truth.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = {row["title"]: row["published"] for row in rows if not row["external_link"] and len(row["body_paragraphs"]) >= 2}
    return sorted(chosen, key=lambda title: str(chosen[title]))


def _plain(title: object) -> str:
    """Returns a title as it can be compared: WordPress replaces hyphens and quotes."""
    return unicodedata.normalize("NFC", str(title)).casefold().replace("–", "-").replace("’", "'")


@pytest.mark.parametrize(
    ("site", "port", "articles"),
    [
        pytest.param("wordpress", 9111, 24, marks=pytest.mark.gate),
        ("wordpress-plain", 9112, 24),
        ("webforms", 9113, 48),
        pytest.param("backdrop", 9116, 49, marks=pytest.mark.gate),
    ],
)
def test_a_site_of_a_real_program(place: Place, site: str, port: int, articles: int) -> None:
    source = place.source("mau", f"http://127.0.0.1:{port}")
    output = place.scrapy("crawl", "mau", REPLAY=RECORDED / f"{site}.warc.gz", SOURCES_EXTRA=source).stdout
    wanted = {_plain(title) for title in _titles()[:articles]} | {FIRST_POST}
    stored = [_plain(title) for (title,) in place.rows("select title from articles")]
    assert len(stored) == len(set(stored)) == articles and set(stored) <= wanted, output
    outcomes = dict(place.rows("select coalesce(outcome, 'other'), count(*) from captures group by 1"))
    others = {"article", "listing", "feed", "sitemap"}
    assert sum(number for outcome, number in outcomes.items() if outcome not in others) <= 5
