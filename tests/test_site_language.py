"""Sites that change their language are named in that night; sites in several languages never are. This project made the sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date, timedelta

import pytest

from tests.conftest import Place
from tests.server import Answer, article, listing, serving_pages

FIRST = date(2026, 10, 5)
SIZE = 24
TITLES = {
    "vi": "Sở họp bàn về công việc của quý lần thứ {}",
    "en": "The department reviews its work of quarter number {}",
    "zh": "农业厅召开第{}次季度工作会议并研究下一阶段的主要任务和措施",
}
TEXTS = {
    "en": (
        "The provincial department met the people's committees of all districts to review its plan of the quarter, and to agree on more.",
    )
    * 2,
    "zh": ("农业厅与各县人民委员会举行会议，总结本季度的工作计划，讨论存在的问题，并就下一阶段的主要任务和措施达成一致意见。",) * 3,
}
Pages = dict[str, Answer]


def _path(number: int, folder: str = "tin-tuc") -> str:
    return f"/{folder}/bai-viet-ve-cong-viec-cua-quy-{number}.html"


def _articles(numbers: Iterable[int], language: str, folder: str = "tin-tuc") -> Pages:
    made = {
        _path(number, folder): article(
            TITLES[language].format(number), *TEXTS.get(language, ()), day=f"{FIRST - timedelta(days=SIZE - number):%d/%m/%Y} 08:00"
        )
        for number in numbers
    }
    return {path: (200, {}, page.encode()) for path, page in made.items()}


def _list(numbers: Iterable[int], language: str, folder: str = "tin-tuc", foot: str = "") -> Answer:
    return 200, {}, listing(*((_path(number, folder), TITLES[language].format(number)) for number in numbers), foot=foot).encode()


def _site(language: str = "vi", newest: int = SIZE, folder: str = "tin-tuc") -> Pages:
    numbers = range(newest, 0, -1)
    return {"/": _list(numbers, language, folder)} | _articles(numbers, language, folder)


def _english_section(newest: int, first: str = "vi") -> Pages:
    """A site in Vietnamese with a section in English that has as many articles; `first`: the language of its home page."""
    numbers, english = range(newest, 0, -1), _articles(range(1, newest + 1), "en", "en/news")
    home, other = ("vi", "en") if first == "vi" else ("en", "vi")
    folders = {"vi": "tin-tuc", "en": "en/news"}
    foot = f"<nav><a href='/{folders[other]}/'>{other}</a></nav>"
    sections = {f"/{folders[one]}/": _list(numbers, one, folders[one]) for one in ("vi", "en")}
    return {"/": _list(numbers, home, folders[home], foot)} | sections | _articles(numbers, "vi") | english


def _in_both(newest: int) -> Pages:
    """A site whose home page names as many articles in English as in Vietnamese."""
    items = [
        (_path(n, folder), TITLES[one].format(n)) for n in range(newest, 0, -1) for one, folder in (("vi", "tin-tuc"), ("en", "en/news"))
    ]
    return (
        {"/": (200, {}, listing(*items).encode())}
        | _articles(range(1, newest + 1), "vi")
        | _articles(range(1, newest + 1), "en", "en/news")
    )


Make = Callable[[], Pages]
# What a site is in the first night, and in the second one.
CHANGED: dict[str, tuple[Make, Make]] = {
    "whole": (_site, lambda: _site("en", SIZE + 1, "en/news")),
    "chinese": (_site, lambda: _site("zh", SIZE + 1, "zh/news")),
    "in-place": (_site, lambda: _site("en", SIZE + 1)),
    "home-only": (lambda: _english_section(SIZE), lambda: _english_section(SIZE + 1) | {"/": (302, {"Location": "/en/news/"}, b"")}),
    "to-vietnamese": (lambda: _site("en"), lambda: _site("vi", SIZE + 1, "tin")),
}
UNCHANGED: dict[str, tuple[Make, Make]] = {
    "english-section": (_site, lambda: _english_section(SIZE + 1)),
    "more-english": (lambda: _english_section(SIZE), lambda: _english_section(SIZE + 1) | _articles([SIZE + 2], "en", "en/news")),
    "english-home": (lambda: _english_section(SIZE, "en"), lambda: _english_section(SIZE + 1, "en")),
    "both": (lambda: _in_both(SIZE), lambda: _in_both(SIZE + 1)),
    "always-english": (lambda: _site("en"), lambda: _site("en", SIZE + 1)),
    "half": (_site, lambda: _in_both(SIZE + 1)),
}  # fmt: skip


def _night(place: Place, urls: dict[str, str], night: int, expect: str = "") -> dict[str, tuple[str, str]]:
    path = place.folder / "ngu.toml"
    blocks = (f'[[source]]\nid = "{name}"\nname = "Sở {name}"\nunit = "nghe-an"\nsite = "{url}"\n{expect}\n' for name, url in urls.items())
    path.write_text("".join(blocks), encoding="utf-8")
    day = f"{FIRST + timedelta(days=night)}T02:00:00+07:00"
    place.scrapy("update", *urls, code=None, SOURCES_EXTRA=path, DOWNLOAD_DELAY=0, DOWNLOAD_DELAY_JITTER=0, RETRY_TIMES=0, NOW=day)
    return {name: (state, reason) for name, state, reason in place.rows("select source_id, state, reason from health_now")}


@pytest.mark.parametrize(
    "names",
    [["in-place", "home-only", "english-section"], pytest.param([*CHANGED, *UNCHANGED], marks=pytest.mark.gate)],
    ids=["some", "all"],
)
def test_a_change_of_the_language_is_named_in_its_night(place: Place, names: list[str]) -> None:
    sites = {name: (CHANGED | UNCHANGED)[name] for name in names}
    changed = set(names) & CHANGED.keys()
    with ExitStack() as stack:
        served = {name: stack.enter_context(serving_pages({})) for name in sites}
        urls = {name: site.url for name, site in served.items()}
        for name, site in served.items():
            site.pages = sites[name][0]()
        assert {state for state, _ in _night(place, urls, 0).values()} == {"ok"}
        for name, site in served.items():
            site.pages = sites[name][1]()
        for night in (1, 2):
            found = _night(place, urls, night)
            assert {name for name, verdict in found.items() if verdict == ("broken", "other-language")} == changed, found
            assert {found[name][0] for name in set(names) - changed} <= {"ok"}
        said = place.scrapy("health", code=1, REPORT_LANGUAGE="both").stdout
        assert "another language" in said and "đổi ngôn ngữ" in said and "{ other_language = 1 }" in said
        assert not any(reason == "other-language" for _, reason in _night(place, urls, 3, "expect = { other_language = 1 }").values())
        for name, site in served.items():
            site.pages = sites[name][0]()
        assert not any(reason == "other-language" for _, reason in _night(place, urls, 4).values())
