"""The site of a ministry in four eras, as one recording: pages made by this project from the markup that is described of mic.gov.vn.

The articles are those of the sample. The templates in `tests/eras` name their models; no page of the real site was seen.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.conftest import PROJECT
from tests.warc_records import response_record

_TEMPLATES = Environment(
    loader=FileSystemLoader(PROJECT / "tests/eras"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
NAME = "Bộ Thông tin và Truyền thông (trang mẫu)"
_SAMPLE: dict[str, Any] = runpy.run_path(str(PROJECT / "samples/build.py"))  # a program, and not a module of the project


@dataclass(frozen=True)
class Era:
    """How the site was in one period. `path`: the URL of an article, with `id`, `slug` and `Slug`. `seen`: when its pages were captured."""

    source: str
    template: str
    layout: str
    site: str
    path: str
    seen: str
    by_day: bool = False  # its pages show no time of the day


CLASSIC = Era(
    "mic-2005", "classic-asp.html", "classic-asp/news", "http://mic.gov.vn", "/details_news.asp?news_id={id}", "2012-09-01T03:00:00Z"
)
SHAREPOINT_2013 = Era(
    "mic-2013",
    "sharepoint-2013.html",
    "sharepoint/mic-2013",
    "http://mic.gov.vn",
    "/Pages/TinTuc/{id}/{Slug}.html",
    "2019-05-02T03:00:00Z",
    True,
)
SHAREPOINT_2020 = Era(
    "mic-2020", "sharepoint-2020.html", "sharepoint/mic-2020", "https://www.mic.gov.vn", "/mic_2020/Pages/TinTuc/{id}/{Slug}.html",
    "2023-07-10T03:00:00Z",
)  # fmt: skip
VCCORP = Era("mic-2024", "vccorp.html", "vccorp-ims/detail", "https://mic.gov.vn", "/{slug}-197{id}.htm", "2024-10-05T03:00:00Z")
ERAS = (CLASSIC, SHAREPOINT_2013, SHAREPOINT_2020, VCCORP)


def articles(first: int, last: int) -> list[dict[str, Any]]:
    """Returns the articles of the sample's ministry that were published in these years, newest first."""
    return [one for one in _SAMPLE["SITES"][0].articles() if first <= one["at"].year <= last]


def url_of(era: Era, article: dict[str, Any]) -> str:
    """Returns the URL of an article in an era."""
    name = _SAMPLE["slug"](article["title"])
    return era.site + era.path.format(id=article["id"], slug=name, Slug=name.capitalize())


def page(era: Era, article: dict[str, Any] | None = None, listed: Sequence[dict[str, Any]] = ()) -> bytes:
    """Returns the page of an article, or the home page, which lists `listed`."""
    items = [one | {"path": url_of(era, one).removeprefix(era.site), "key": f"197{one['id']}"} for one in listed]
    return _TEMPLATES.get_template(era.template).render(article=article, items=items, name=NAME, today=f"Ngày {era.seen[:10]}").encode()


def records(era: Era, shown: Sequence[dict[str, Any]], web_archive: str = "") -> Iterator[bytes]:
    """Yields the records of the home page and of the articles `shown`. `web_archive`: the site of the one that made them, if one did."""
    wrapped = f"{web_archive}/web/{re.sub(r'[^0-9]', '', era.seen)}id_/" if web_archive else ""
    yield response_record(f"{wrapped}{era.site}/", page(era, listed=shown), era.seen)
    for article in shown:
        yield response_record(wrapped + url_of(era, article), page(era, article), era.seen)
